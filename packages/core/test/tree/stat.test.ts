import { type BigIntStats, constants, lstatSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Kind } from '../../src/model/entry.js'
import { entryOfStats } from '../../src/tree/stat.js'

function stats(fields: Partial<Record<keyof BigIntStats, bigint>>): BigIntStats {
  return { ...lstatSync('/', { bigint: true }), ...fields } as BigIntStats
}

describe('what the system says', () => {
  it.each<[format: number, kind: Kind]>([
    [constants.S_IFREG, 'file'],
    [constants.S_IFDIR, 'directory'],
    [constants.S_IFLNK, 'symlink'],
    [constants.S_IFIFO, 'fifo'],
    [constants.S_IFSOCK, 'socket'],
    [constants.S_IFCHR, 'characterDevice'],
    [constants.S_IFBLK, 'blockDevice'],
    // What nobody knows is never opened.
    [0, 'characterDevice'],
    [0o030000, 'characterDevice'],
  ])('%o is %s', (format, kind) => {
    expect(entryOfStats(stats({ mode: BigInt(format | 0o7654) }))).toMatchObject({ kind, mode: 0o7654 })
  })

  it('is kept in full', () => {
    const big = 2n ** 64n - 1n
    const entry = entryOfStats(
      stats({
        size: 2n ** 53n - 1n,
        blocks: 2n ** 40n,
        uid: 4_294_967_294n,
        gid: 4_294_967_295n,
        mtimeNs: -1n,
        ctimeNs: 2n ** 62n + 1n,
        dev: big,
        ino: big - 1n,
        nlink: 65_000n,
      }),
    )
    expect(entry).toMatchObject({
      size: Number.MAX_SAFE_INTEGER,
      allocated: 2 ** 49,
      uid: 4_294_967_294,
      gid: 4_294_967_295,
      mtimeNs: -1n,
      ctimeNs: 2n ** 62n + 1n,
      device: big,
      inode: big - 1n,
      links: 65_000,
    })
  })
})
