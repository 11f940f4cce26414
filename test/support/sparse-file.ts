/** Files with holes: what they hold is told by where, and nothing else is written. */
import { Buffer } from 'node:buffer'
import { closeSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { expect } from 'vitest'

/** Where data lies: so many bytes from a position on. */
export type Stretch = readonly [position: number, length: number]

/** File systems count blocks of theirs for their own use, and allocate ahead. */
const storageSlack = 1 << 17

/** No power of two, so that no two blocks of it are alike. */
const pattern = Buffer.from(Array.from({ length: 65_521 }, (_, at) => 1 + ((at * 7 + (at >> 8)) % 255)))

/** Never zero, and different from place to place. */
function dataAt([position, length]: Stretch): Buffer {
  return Buffer.alloc(length, pattern.subarray(position % 251))
}

export function writeSparse(path: string, size: number, data: readonly Stretch[]): void {
  const fd = openSync(path, 'w')
  try {
    ftruncateSync(fd, size)
    for (const stretch of data) writeSync(fd, dataAt(stretch), 0, stretch[1], stretch[0])
  } finally {
    closeSync(fd)
  }
}

export function storageOf(path: string): number {
  return statSync(path).blocks * 512
}

/** The file has the size, the data where it belongs, and no storage for anything else: so the rest is zeros. */
export function expectSparse(path: string, size: number, data: readonly Stretch[]): void {
  expect(statSync(path).size).toBe(size)
  const fd = openSync(path, 'r')
  try {
    for (const stretch of data) {
      const found = Buffer.alloc(stretch[1])
      expect(readSync(fd, found, 0, found.length, stretch[0])).toBe(found.length)
      expect(found.equals(dataAt(stretch)), `data at ${stretch[0]}`).toBe(true)
    }
  } finally {
    closeSync(fd)
  }
  const held = data.reduce((sum, [, length]) => sum + length, 0)
  expect(storageOf(path)).toBeLessThanOrEqual(held + storageSlack)
}
