/** How many names a file system allows one file. */
import { statfsSync } from 'node:fs'

/** By the number that Linux knows a kind of file system by. The others allow so many that no tree has them. */
const limits: ReadonlyMap<number, number> = new Map([
  // ext2, ext3 and ext4
  [0xef53, 65_000],
  // btrfs
  [0x9123683e, 65_535],
])

/** The limit where a path lies. One that is not known shows when a link is refused. */
export function maxLinksAt(path: string): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY
  return limits.get(statfsSync(path).type >>> 0) ?? Number.POSITIVE_INFINITY
}
