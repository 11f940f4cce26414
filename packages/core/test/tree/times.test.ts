import { closeSync, futimesSync, lstatSync, lutimesSync, openSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSameTime, timeArgument } from '../../src/tree/times.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'

const second = 1_000_000_000n
const year = 31_556_952n * second
/** Many file systems hold nothing older. */
const oldest = -(2n ** 31n) * second
const temporary = useTemporaryDirectory()

/** Sets a time as `set` does and returns what the file system holds then. */
function roundTrip(set: (path: string, argument: number | string) => void): (time: bigint) => bigint {
  const path = join(temporary.path, 'file')
  closeSync(openSync(path, 'w'))
  return time => {
    set(path, timeArgument(time))
    return lstatSync(path, { bigint: true }).mtimeNs
  }
}

/** The microsecond a time lies in, in nanoseconds. */
function floor(time: bigint): bigint {
  return time - (((time % 1000n) + 1000n) % 1000n)
}

const times: readonly bigint[] = [
  0n,
  1n,
  999n,
  1000n,
  999_999_000n,
  999_999_999n,
  second,
  1_600_000_000n * second + 999_999_999n,
  1_700_000_000n * second + 1000n,
  1_234_567_890_123_456_789n,
  2n ** 31n * second - 1n,
  2n ** 31n * second,
  2n ** 32n * second - 1n,
  -1n,
  -1000n,
  -1001n,
  -999_999_999n,
  -second,
  -second - 1n,
  -1_234_567_890_123_456_789n,
  -(2n ** 31n) * second,
]

describe('a time that is set is held to the microsecond', () => {
  it.each<[how: string, set: (path: string, argument: number | string) => void]>([
    ['by path', (path, argument) => utimesSync(path, argument, argument)],
    ['on a link', (path, argument) => lutimesSync(path, argument, argument)],
    [
      'by descriptor',
      (path, argument) => {
        const fd = openSync(path, 'r')
        futimesSync(fd, argument, argument)
        closeSync(fd)
      },
    ],
  ])('%s', (_, set) => {
    const there = roundTrip(set)
    expect(times.map(time => floor(there(time)))).toEqual(times.map(floor))
  })

  it('on a link of its own', () => {
    const path = join(temporary.path, 'link')
    symlinkSync('nowhere', path)
    lutimesSync(path, 0, timeArgument(1_234_567_890_123_456_789n))
    expect(floor(lstatSync(path, { bigint: true }).mtimeNs)).toBe(1_234_567_890_123_456_000n)
  })

  it('whatever it is, from 1901 to 2106', () => {
    const there = roundTrip((path, argument) => utimesSync(path, argument, argument))
    fc.assert(
      fc.property(fc.bigInt({ min: oldest, max: 2n ** 32n * second - 1n }), time => {
        expect(floor(there(time))).toBe(floor(time))
      }),
      { numRuns: 2000 },
    )
  })

  it('and is the same to us afterwards, at any time a file system can hold', () => {
    const there = roundTrip((path, argument) => utimesSync(path, argument, argument))
    // What the file system itself cuts off is none of ours.
    const last = there(1500n * year) > 1400n * year ? 1500n * year : 400n * year
    fc.assert(
      fc.property(fc.bigInt({ min: oldest, max: last }), time => {
        const held = there(time)
        expect([time, held, isSameTime(time, held), isSameTime(held, time)]).toEqual([time, held, true, true])
      }),
      { numRuns: 2000 },
    )
  })
})

describe('two times are the same', () => {
  it.each<[a: bigint, b: bigint, same: boolean]>([
    [0n, 0n, true],
    [0n, 999n, true],
    [0n, 1000n, false],
    [999n, 1000n, false],
    [1000n, 1999n, true],
    [-1n, 0n, false],
    [-1n, -1000n, true],
    [-1000n, -1001n, false],
    [1_600_000_000_123_456_789n, 1_600_000_000_123_456_000n, true],
    [1_600_000_000_123_456_789n, 1_600_000_000_123_457_000n, false],
    [1_600_000_000n * second, 1_600_000_001n * second, false],
    // From 2106 on a double has no room for microseconds.
    [2n ** 32n * second, 2n ** 32n * second + 1999n, true],
    [2n ** 32n * second, 2n ** 32n * second + second, false],
    [400n * year, 400n * year + 1_000_000n, false],
    [1000n * year, 1000n * year + 1_000_000n, false],
  ])('%s and %s: %s', (a, b, same) => {
    expect([isSameTime(a, b), isSameTime(b, a)]).toEqual([same, same])
  })
})
