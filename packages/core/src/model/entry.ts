import type { Name, RelativePath } from './path.js'

/** What an entry is. The order is the code used in columns ({@link kindCode}). */
export const kinds = [
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'characterDevice',
  'blockDevice',
] as const

export type Kind = (typeof kinds)[number]

/** Which of the two roots. */
export type Side = 'source' | 'replica'

/** One thing seen in a tree. Times are nanoseconds since 1970, as read; they may be negative. */
export interface Entry {
  readonly kind: Kind
  /** Bytes of a file's content or of a link's target; what the file system says for other kinds. */
  readonly size: number
  /** Bytes of storage it takes: fewer than its size where it has holes. Never compared. */
  readonly allocated: number
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  /** Device and inode numbers: together they identify the entry while it exists. */
  readonly device: bigint
  readonly inode: bigint
  /** How many names the inode has. */
  readonly links: number
  /** Which device a device file stands for, as the system numbers them; 0 for all else. */
  readonly deviceNumber: number
}

/** An entry with its place, as filters and comparers see it. */
export interface NamedEntry extends Entry {
  readonly path: RelativePath
  readonly name: Name
}

/** What tells an entry from all others. */
export type Identity = Pick<Entry, 'device' | 'inode'>

/** Whether two entries are one and the same inode. */
export function isSameInode(a: Identity, b: Identity): boolean {
  return a.inode === b.inode && a.device === b.device
}

/** Files that stand for a device. */
export function isDevice(kind: Kind): boolean {
  return kind === 'characterDevice' || kind === 'blockDevice'
}

/** FIFOs, sockets and devices: never opened. */
export function isSpecial(kind: Kind): boolean {
  return kind !== 'file' && kind !== 'directory' && kind !== 'symlink'
}
