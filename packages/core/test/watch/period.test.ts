import { expect, it } from 'vitest'
import { periodOption } from '../../src/watch/period.js'

it.each([
  [0, 0, 0],
  [1.5, 0, 1.5],
  ['50ms', 0, 50],
  ['1s', 1000, 1000],
  ['1.5m', 0, 90_000],
  ['2h', 0, 7_200_000],
  ['24d', 0, 24 * 86_400_000],
])('%j, of at least %d, is %d ms', (given, least, ms) => {
  expect(periodOption('reconcile', given, least)).toBe(ms)
})

it.each([
  '',
  '10',
  'm',
  '1w',
  '1 s',
  '-1s',
  '999ms',
  '25d',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  true,
  null,
])('%j is refused', given => {
  expect(() => periodOption('reconcile', given, 1000)).toThrow(
    /^option "reconcile": expected milliseconds, or text such as "10m".* at least 1000 ms .*; found /,
  )
})
