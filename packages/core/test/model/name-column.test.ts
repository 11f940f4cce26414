import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NameColumn } from '../../src/model/name-column.js'
import type { Name } from '../../src/model/path.js'

/** Short and long, and what else a name may be made of: bytes that are no UTF-8, line ends, the first and last of characters. */
const anyName = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        '.',
        ' ',
        '\n',
        '\\',
        '\u0001',
        'é',
        '語',
        '\u{1f600}',
        '\udc80',
        '\udcff',
        '\uffff',
      ),
      fc.string({ minLength: 1, maxLength: 30 }).map(text => text.replaceAll('/', '_')),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(parts => parts.join('') as Name)

function namesIn(names: readonly Name[]): Name[] {
  const column = new NameColumn()
  for (const name of names) column.push(name)
  return names.map((_, row) => column.at(row))
}

describe('a column of names', () => {
  it('keeps them as they are, however many there are', () => {
    fc.assert(
      fc.property(fc.array(anyName, { minLength: 1, maxLength: 20 }), fc.nat(1100), (some, count) => {
        const names = Array.from({ length: count }, (_, row) => some[row % some.length] ?? ('' as Name))
        expect(namesIn(names)).toEqual(names)
      }),
    )
  })

  it.each([255, 256, 257, 511, 512, 513])('keeps %i of them', count => {
    const names = Array.from({ length: count }, (_, row) => `name ${row}` as Name)
    expect(namesIn(names)).toEqual(names)
  })

  it('keeps the empty name of the root, wherever it is', () => {
    for (const at of [0, 100, 255, 256, 299]) {
      const names = Array.from({ length: 300 }, (_, row) => (row === at ? '' : `n${row}`) as Name)
      expect(namesIn(names)).toEqual(names)
    }
  })
})
