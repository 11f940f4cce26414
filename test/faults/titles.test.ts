/** What counts as a test of a case, and what does not. */
import { describe, expect, it } from 'vitest'
import { idsIn, titlesIn } from './titles.js'

function found(text: string): readonly string[] {
  return titlesIn('some.test.ts', text).map(({ title }) => title)
}

const seeded = 'it(`Q01: seed ${seed}`, () => {})'

describe('a title that names a case', () => {
  it.each([
    ["it('Q01: a', () => {})", 'Q01: a'],
    ["test('Q01: a', () => {})", 'Q01: a'],
    ["it.each(rows)('Q01: %s of $name', () => {})", 'Q01: … of …'],
    ["it.skipIf(!canMount).each(rows)('Q01: a', () => {})", 'Q01: a'],
    ["it.runIf(isRoot)('Q01: a', () => {})", 'Q01: a'],
    ["it('a (Q01)', () => {})", 'a (Q01)'],
    [seeded, 'Q01: seed …'],
    ["describe('d', () => { it('Q01: a', () => {}) })", 'Q01: a'],
  ])('counts: %s', (text, title) => {
    expect(found(text)).toEqual([title])
  })

  it('counts for a group when a test is in it, before those within', () => {
    expect(found("describeEachWay('Q02: d', w => { it('a', () => {}); it('Q01: b', () => {}) })")).toEqual([
      'Q02: d',
      'Q01: b',
    ])
  })

  it.each([
    "it.skip('Q01: a', () => {})",
    "it.todo('Q01: a')",
    "it('Q01: a')",
    "it.fails('Q01: a', () => {})",
    "it.skipIf(true)('Q01: a', () => {})",
    "it.runIf(false)('Q01: a', () => {})",
    "it.skip.each(rows)('Q01: a', () => {})",
    "describe.skip('d', () => { it('Q01: a', () => {}) })",
    "describe('Q01: d', () => { it.skip('a', () => {}) })",
    "describe('Q01: d', () => {})",
    "// it('Q01: a', () => {})",
    'const it = "it(\'Q01: a\', () => {})"',
    "it.each([['Q01: a']])('%s', () => {})",
    'it(name, () => {}) // Q01',
    "note('Q01: a', () => {})",
  ])('does not count: %s', text => {
    expect(found(text)).toEqual([])
  })

  it('names as many as it will', () => {
    expect(idsIn('Q01, Q02: a (Q03), not Q4, XQ05 or 0Q06')).toEqual(['Q01', 'Q02', 'Q03'])
  })
})
