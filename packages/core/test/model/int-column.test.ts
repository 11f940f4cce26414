import { describe, expect, it } from 'vitest'
import { IntColumn } from '../../src/model/int-column.js'

/** Two blocks and some, whatever a block is. */
const many = Array.from({ length: 10_000 }, (_, index) => (index * 7919) | 0)

function columnOf(values: readonly number[]): IntColumn {
  const column = new IntColumn()
  for (const value of values) column.push(value)
  return column
}

describe('a column of integers', () => {
  it('keeps them in order, however many there are', () => {
    const column = columnOf(many)
    expect(column).toHaveLength(many.length)
    expect(many.map((_, index) => column.at(index))).toEqual(many)
    expect(column.toArray()).toEqual(Int32Array.from(many))
  })

  it.each([0, -1, 2 ** 31 - 1, -(2 ** 31)])('keeps %i', value => {
    const column = columnOf([1, 2, 3])
    expect(column.push(value)).toBe(3)
    expect(column.at(3)).toBe(value)
    column.set(1, value)
    expect([...column.toArray()]).toEqual([1, value, 3, value])
  })

  it('has one replaced, and no other', () => {
    const column = columnOf(many)
    column.set(9000, -5)
    expect(column.toArray()).toEqual(Int32Array.from(many.with(9000, -5)))
  })

  it.each([-1, 3, 5000])('has nothing at %i beyond those it holds', index => {
    const column = columnOf([1, 2, 3])
    expect(column.at(index)).toBeUndefined()
    expect(() => column.set(index, 7)).toThrow(RangeError)
    expect([...column.toArray()]).toEqual([1, 2, 3])
  })

  it('of nothing is an empty array', () => {
    expect(columnOf([]).toArray()).toHaveLength(0)
  })
})
