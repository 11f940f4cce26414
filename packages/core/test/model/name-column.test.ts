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

function signs(values: readonly number[]): number[] {
  return values.map(Math.sign)
}

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

  it('compares them as the strings they are, with and without a slash at the end', () => {
    fc.assert(
      fc.property(fc.array(anyName, { minLength: 1, maxLength: 8 }), fc.nat(300), (some, before) => {
        const column = new NameColumn()
        // Some names are joined by then, and some are not.
        for (let row = 0; row < before; row++) column.push('n' as Name)
        for (const name of some) column.push(name)
        for (const [a, nameA] of some.entries()) {
          for (const [b, nameB] of some.entries()) {
            const expected = [
              [nameA, nameB],
              [`${nameA}/`, nameB],
              [nameA, `${nameB}/`],
              [`${nameA}/`, `${nameB}/`],
            ].map(([left = '', right = '']) => (left < right ? -1 : left > right ? 1 : 0))
            const [rowA, rowB] = [before + a, before + b]
            const found = [
              column.compare(rowA, false, rowB, false),
              column.compare(rowA, true, rowB, false),
              column.compare(rowA, false, rowB, true),
              column.compare(rowA, true, rowB, true),
            ]
            expect(signs(found)).toEqual(expected)
          }
        }
      }),
    )
  })

  it('orders by code units', () => {
    const ordered = ['A', 'Z', 'a', 'a!', 'aa', 'é', '\ud83d\ude00', '\udc80', '\uff00'] as Name[]
    const column = new NameColumn()
    for (const name of ordered.toReversed()) column.push(name)
    const rows = ordered.map((_, row) => row).sort((a, b) => column.compare(a, false, b, false))
    expect(rows.map(row => column.at(row))).toEqual(ordered)
  })

  it('compares those added after others were compared', () => {
    const column = new NameColumn()
    column.push('b' as Name)
    column.push('c' as Name)
    expect(column.compare(0, false, 1, false)).toBeLessThan(0)
    column.push('a' as Name)
    expect(column.compare(2, false, 0, false)).toBeLessThan(0)
    expect([0, 1, 2].map(row => column.at(row))).toEqual(['b', 'c', 'a'])
  })

  it('keeps the empty name of the root, wherever it is', () => {
    for (const at of [0, 100, 255, 256, 299]) {
      const names = Array.from({ length: 300 }, (_, row) => (row === at ? '' : `n${row}`) as Name)
      expect(namesIn(names)).toEqual(names)
    }
  })
})
