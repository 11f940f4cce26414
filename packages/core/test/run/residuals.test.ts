import { expect, it } from 'vitest'
import type { HeldWay, ResidualAttribute } from '../../src/model/report.js'
import { residualsOf } from '../../src/run/residuals.js'

const attributes: readonly ResidualAttribute[] = [
  'owner',
  'group',
  'mode',
  'symbolic links',
  'special files',
  'times out of range',
  'hard links',
  'nanoseconds',
  'setuid and setgid',
  'foreign directories',
]

it.each<[way: HeldWay, never: readonly ResidualAttribute[]]>([
  ['proc', ['extended attributes']],
  ['paths', ['races', 'extended attributes']],
])('by %s some things are never held', (way, never) => {
  expect(residualsOf([], way, true)).toEqual(
    never.map(attribute => ({
      attribute,
      count: undefined,
      example: undefined,
      reason: expect.stringMatching(/^[a-z]/) as string,
    })),
  )
})

it('what was counted is told with its number, an example, and a reason of its own', () => {
  const tallied = attributes.map((attribute, index) => ({
    attribute,
    count: index + 1,
    example: `e${index}`,
  }))
  const told = residualsOf(tallied, 'proc', true)
  expect(told.slice(0, attributes.length)).toEqual(
    tallied.map(each => ({ ...each, reason: expect.stringMatching(/^[a-zA-Z][^.]+$/) as string })),
  )
  expect(new Set(told.map(({ reason }) => reason)).size).toBe(attributes.length + 1)
})
