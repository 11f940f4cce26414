import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberOf, numberOfNamed, RowIndex } from '../../src/plan/row-index.js'

describe('an index of rows', () => {
  it('finds all that was added with a number, the last first, whatever else it finds', () => {
    const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 })
    fc.assert(
      fc.property(numbers, added => {
        const index = new RowIndex(added.length)
        for (const [row, number] of added.entries()) index.add(number, row)
        for (const wanted of new Set(added)) {
          const found = [...index.find(wanted)]
          const mine = [...added.keys()].filter(row => added[row] === wanted)
          expect(found.filter(row => added[row] === wanted)).toEqual(mine.reverse())
        }
      }),
    )
  })

  it('knows whether anything was added', () => {
    const index = new RowIndex(1)
    expect([index.isEmpty, [...index.find(1)]]).toEqual([true, []])
    index.add(1, 7)
    expect([index.isEmpty, [...index.find(1)]]).toEqual([false, [7]])
  })
})

describe('the number of a size and a time', () => {
  it('is a small integer, and the same for the same', () => {
    const sizes = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const times = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
    fc.assert(
      fc.property(sizes, times, (size, time) => {
        const number = numberOf(size, time)
        expect(number | 0).toBe(number)
        expect(numberOf(size, time)).toBe(number)
      }),
    )
  })

  it('is another one for another name', () => {
    const numbers = ['a', 'b', 'ab', 'ba', ''].map(name => numberOfNamed(name, 1, 2n))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.every(number => (number | 0) === number)).toBe(true)
    expect(numberOfNamed('ab', 1, 2n)).toBe(numbers[2])
  })

  it('is another one for times of one second, and for sizes above 4 GiB', () => {
    const times = [0n, 1n, 1000n, 1_000_000n, 1_600_000_000_123_456_789n, 1_600_000_000_123_456_790n]
    expect(new Set(times.map(time => numberOf(1, time))).size).toBe(times.length)
    expect(numberOf(5, 0n)).not.toBe(numberOf(2 ** 32 + 5, 0n))
  })
})
