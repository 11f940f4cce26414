import { type BigIntStats, constants } from 'node:fs'
import { type Entry, isDevice, type Kind } from '../model/entry.js'

const kinds: ReadonlyMap<number, Kind> = new Map([
  [constants.S_IFREG, 'file'],
  [constants.S_IFDIR, 'directory'],
  [constants.S_IFLNK, 'symlink'],
  [constants.S_IFIFO, 'fifo'],
  [constants.S_IFSOCK, 'socket'],
  [constants.S_IFCHR, 'characterDevice'],
  [constants.S_IFBLK, 'blockDevice'],
])

/** Windows has no permission bits that mean anything: what Node makes up for them is left out. */
const modeMask = process.platform === 'win32' ? 0 : 0o7777

/** What systems count allocated blocks in, whatever the file system's own are like. */
export const blockUnit = 512

/** The format bits of a mode that stand for a kind. */
export function formatOfKind(kind: Kind): number {
  for (const [format, known] of kinds) if (known === kind) return format
  throw new RangeError(`no format bits stand for a ${kind}`)
}

/** The kind that the format bits of a mode stand for. */
export function kindOfFormat(format: number): Kind {
  return kinds.get(format) ?? 'characterDevice'
}

/** What the system says of an entry, as an {@link Entry}. Bigint throughout: inodes pass 2^53. */
export function entryOfStats(stats: BigIntStats): Entry {
  const mode = Number(stats.mode)
  const kind = kindOfFormat(mode & constants.S_IFMT)
  return {
    kind,
    size: Number(stats.size),
    allocated: Number(stats.blocks) * blockUnit,
    mode: mode & modeMask,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    device: stats.dev,
    inode: stats.ino,
    links: Number(stats.nlink),
    deviceNumber: isDevice(kind) ? Number(stats.rdev) : 0,
  }
}

export function entryOrNothing(stats: BigIntStats | undefined): Entry | undefined {
  return stats === undefined ? undefined : entryOfStats(stats)
}
