/** What the system says of watching: file systems that tell of no change made elsewhere, and its limits. */
import { readFileSync, statfsSync, statSync } from 'node:fs'

/** By the numbers that `statfs` tells. Others may change what they hold, and this machine is not told. */
const unwatchable: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9p'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x786f4256, 'a shared folder of VirtualBox'],
  [0x564c, 'NCP'],
  [0x47504653, 'GPFS'],
])

/** What the file system of a directory is called, where it does not tell of all changes; undefined where it does. */
export function unwatchableType(path: string | Buffer): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    // Some are told as negative numbers of 32 bits.
    return unwatchable.get(statfsSync(path).type >>> 0)
  } catch {
    return undefined
  }
}

/** How many events wait for who watches, before more of them are lost without a word. */
export function longestQueue(): number {
  return limit('max_queued_events') ?? 16_384
}

function limit(name: string): number | undefined {
  try {
    const value = Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'latin1'))
    return Number.isSafeInteger(value) && value > 0 ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Tells one state of the folder at a path from another, in which it is worth trying again: which it is, and when it last
 * changed; undefined when it is not there.
 */
export function rootSignature(path: string): { readonly folder: string; readonly state: string } | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (stats === undefined) return undefined
    const folder = `${stats.dev}:${stats.ino}`
    return { folder, state: `${folder}:${stats.mtimeNs}:${stats.ctimeNs}` }
  } catch {
    return undefined
  }
}
