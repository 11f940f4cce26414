import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, isDevice, kinds } from '../../src/model/entry.js'
import {
  cellsPerEntry,
  EntryCells,
  EntryReader,
  farthestNs,
  writeEntry,
} from '../../src/model/entry-cells.js'
import { entry } from '../support/pairs.js'

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
/** As far as 40 bits of seconds reach. */
const i70 = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
const u32 = fc.nat(2 ** 32 - 1)

/** A device has a number and no size, all else a size and no number. */
const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    size: fc.maxSafeNat(),
    allocated: fc.maxSafeNat(),
    mode: fc.nat(0o7777),
    uid: u32,
    gid: u32,
    mtimeNs: fc.oneof(i64, i70),
    ctimeNs: i64,
    device: u64,
    inode: u64,
    links: u32,
    deviceNumber: u32,
  })
  .map(found => (isDevice(found.kind) ? { ...found, size: 0 } : { ...found, deviceNumber: 0 }))

const extremes: readonly Entry[] = [
  entry(),
  entry({ kind: 'blockDevice', mode: 0o7777, deviceNumber: 2 ** 32 - 1 }),
  entry({ kind: 'fifo', mode: 0o7777, size: Number.MAX_SAFE_INTEGER }),
  entry({ uid: 2 ** 32 - 1, gid: 2 ** 32 - 1, links: 2 ** 32 - 1 }),
  entry({ uid: 2 ** 31, gid: 2 ** 31 - 1, mode: 0 }),
  entry({ mtimeNs: -(2n ** 63n), ctimeNs: 2n ** 63n - 1n }),
  entry({ mtimeNs: -1n, ctimeNs: 0n }),
  entry({ mtimeNs: 2n ** 63n, mode: 0o7777 }),
  entry({ mtimeNs: -(2n ** 63n) - 1n, mode: 0o7777 }),
  entry({ mtimeNs: farthestNs }),
  entry({ mtimeNs: -farthestNs }),
  entry({ mtimeNs: 2n ** 70n + 255n, kind: 'blockDevice', mode: 0o7777 }),
  entry({ device: 2n ** 64n - 1n, inode: 2n ** 63n }),
]

describe('an entry in cells', () => {
  it.each(extremes)('is read as it was written: %o', written => {
    const cells = new EntryCells()
    expect(cells.read(cells.add(written))).toEqual(written)
    const column = new BigInt64Array(cellsPerEntry * 3)
    writeEntry(column, cellsPerEntry, written)
    expect(new EntryReader(column).read(cellsPerEntry)).toEqual(written)
  })

  it.each([2n ** 71n, 10n ** 24n, (2n ** 63n - 1n) * 1_000_000_000n])(
    'has the furthest time there is room for, if its own is beyond: %d',
    mtimeNs => {
      const cells = new EntryCells()
      expect(cells.read(cells.add(entry({ mtimeNs })))).toEqual(entry({ mtimeNs: farthestNs }))
      expect(cells.read(cells.add(entry({ mtimeNs: -mtimeNs })))).toEqual(entry({ mtimeNs: -farthestNs }))
    },
  )

  it('Z04: whatever it is, inode numbers above 2^53 too, with its kind, size and storage for themselves', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 10 }), written => {
        const cells = new EntryCells()
        const places = written.map(each => cells.add(each))
        expect(places.map(at => cells.read(at))).toEqual(written)
        expect(places.map(at => [cells.kindAt(at), cells.sizeAt(at), cells.allocatedAt(at)])).toEqual(
          written.map(({ kind, size, allocated }) => [kind, size, allocated]),
        )
        const reader = new EntryReader(cells.toCells())
        expect(places.map(at => reader.read(at))).toEqual(written)
      }),
    )
  })
})

describe('columns', () => {
  const many = Array.from({ length: 1000 }, (_, index) => entry({ size: index, inode: BigInt(index) }))

  it('grow, and keep what they hold', () => {
    const cells = new EntryCells()
    const places = many.map(each => cells.add(each))
    expect(places.map(at => cells.read(at))).toEqual(many)
    expect(cells.toCells()).toHaveLength(many.length * cellsPerEntry)
  })

  it('take in other columns, as many as there are', () => {
    const other = new EntryCells()
    for (const each of many) other.add(each)
    const cells = new EntryCells()
    const first = cells.add(entry({ size: 7 }))
    const at = cells.addAll(other.toCells())
    const empty = cells.addAll(new BigInt64Array(0))
    const last = cells.add(entry({ size: 8 }))
    expect([first, empty]).toEqual([0, (many.length + 1) * cellsPerEntry])
    expect(many.map((_, index) => cells.read(at + index * cellsPerEntry))).toEqual(many)
    expect([cells.sizeAt(first), cells.sizeAt(last)]).toEqual([7, 8])
  })

  it('take in columns longer than a block, wherever they begin', () => {
    for (const before of [0, 1, 63, 64, 65, 1000]) {
      const cells = new EntryCells()
      const all = many.slice(0, before)
      for (const each of all) cells.add(each)
      for (const count of [1, 900, 5000, 0, 24]) {
        const other = Array.from({ length: count }, (_, index) => entry({ size: before + count + index }))
        const column = new BigInt64Array(count * cellsPerEntry)
        for (const [index, each] of other.entries()) writeEntry(column, index * cellsPerEntry, each)
        expect(cells.addAll(column)).toBe(all.length * cellsPerEntry)
        all.push(...other)
      }
      expect(all.map((_, index) => cells.read(index * cellsPerEntry))).toEqual(all)
      const reader = new EntryReader(cells.toCells())
      expect(all.map((_, index) => reader.read(index * cellsPerEntry))).toEqual(all)
      expect(() => cells.read(100_000 * cellsPerEntry)).toThrow(RangeError)
    }
  })

  it('handed on are a copy', () => {
    const cells = new EntryCells()
    const at = cells.add(entry({ size: 1 }))
    const copy = cells.toCells()
    copy.fill(0n)
    expect(cells.sizeAt(at)).toBe(1)
    expect(copy.buffer.byteLength).toBe(cellsPerEntry * 8)
  })

  it('copy one entry to a place of another column', () => {
    const cells = new EntryCells()
    cells.add(entry({ size: 1 }))
    const at = cells.add(entry({ size: 2 }))
    const target = new BigInt64Array(cellsPerEntry * 2)
    cells.copyTo(at, new Uint32Array(target.buffer), cellsPerEntry)
    expect(new EntryReader(target).read(cellsPerEntry)).toEqual(entry({ size: 2 }))
  })

  it.each([-1, 1, cellsPerEntry, 1000])('have no entry at %i beyond the one they hold', at => {
    const column = new BigInt64Array(cellsPerEntry)
    writeEntry(column, 0, entry())
    expect(() => new EntryReader(column).read(at)).toThrow(RangeError)
  })
})
