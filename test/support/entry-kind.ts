import type { BigIntStats, Stats } from 'node:fs'

export type EntryKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character device'
  | 'block device'

export function kindOf(stats: Stats | BigIntStats): EntryKind {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'symlink'
  if (stats.isFIFO()) return 'fifo'
  if (stats.isSocket()) return 'socket'
  return stats.isCharacterDevice() ? 'character device' : 'block device'
}

/** Major and minor number as `ls` shows them. */
export function deviceOf(stats: BigIntStats): string {
  const { rdev } = stats
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)
  return `${major}:${minor}`
}

export function octal(mode: number | bigint): string {
  return (Number(mode) & 0o7777).toString(8).padStart(4, '0')
}

/** Whether this process is root: only then are owners given and unreadable entries read. */
export const isRoot: boolean = process.getuid?.() === 0
