import { expect, it } from 'vitest'
import { show } from '../../src/model/show.js'

const circular: unknown[] = []
circular.push(circular)

it.each<[unknown, string]>([
  ['text', '"text"'],
  [undefined, 'undefined'],
  [12n, '12n'],
  [() => 1, 'a function'],
  [{ a: [1] }, '{"a":[1]}'],
  [Symbol('s'), 'Symbol(s)'],
])('%o is shown', (value, text) => {
  expect(show(value)).toBe(text)
})

it('what has no JSON is shown by its kind', () => {
  expect(show(circular)).toBe('[object Array]')
})

it('O04: ten megabytes are cut short', () => {
  expect(show('x'.repeat(10_000_000))).toBe(`"${'x'.repeat(199)}… (10000002 characters)`)
})
