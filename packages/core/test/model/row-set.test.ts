import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowSet } from '../../src/model/row-set.js'

describe('a set of rows', () => {
  it('has those that were added, and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.array(fc.nat(99)), (some, more) => {
        const rows = new RowSet(100, some)
        for (const row of more) rows.add(row)
        const all = new Set([...some, ...more])
        const numbers = Array.from({ length: 100 }, (_, row) => row)
        expect(numbers.filter(row => rows.has(row))).toEqual(numbers.filter(row => all.has(row)))
      }),
    )
  })

  it.each([0, 1, 8, 9])('for %i rows has none beyond', length => {
    expect([-1, length, 1000].map(row => new RowSet(length).has(row))).toEqual([false, false, false])
  })
})
