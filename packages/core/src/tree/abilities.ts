/** What a file system can hold, whoever asks. */
import { farthestNs } from '../model/entry-cells.js'

export interface Abilities {
  readonly owners: boolean
  readonly modes: boolean
  readonly symbolicLinks: boolean
  readonly hardLinks: boolean
  /** How many names a file may have. */
  readonly maxLinks: number
  readonly specialFiles: boolean
  readonly userXattrs: boolean
  readonly trustedXattrs: boolean
  readonly securityXattrs: boolean
  readonly acls: boolean
  /** Whether what was never written takes no storage. */
  readonly holes: boolean
  /** Times are kept in steps of as many nanoseconds, between the earliest and the latest. */
  readonly timeStepNs: bigint
  /** The step of times before 1970, where one program in user space is coarser. */
  readonly earlyStepNs: bigint
  readonly earliestNs: bigint
  readonly latestNs: bigint
  /** Whether names that differ only in the case of letters are one name, or only in their Unicode form. */
  readonly foldsCase: boolean
  readonly foldsForms: boolean
  /** Whether a directory that is moved keeps what it holds, as one program in user space does not. */
  readonly movesFullDirectories: boolean
  /** Whether the time of an open file stays when it is closed. */
  readonly keepsTimesOfOpenFiles: boolean
}

const second = 1_000_000_000n
const farthest = farthestNs - (farthestNs % second)

/** What a file system of Linux's own holds. Times: as far as a plan can say them, to the year 76793. */
export const fullAbilities: Abilities = {
  owners: true,
  modes: true,
  symbolicLinks: true,
  hardLinks: true,
  maxLinks: Number.POSITIVE_INFINITY,
  specialFiles: true,
  userXattrs: true,
  trustedXattrs: true,
  securityXattrs: true,
  acls: true,
  holes: true,
  timeStepNs: 1n,
  earlyStepNs: 1n,
  earliestNs: -farthest,
  latestNs: farthest,
  foldsCase: false,
  foldsForms: false,
  movesFullDirectories: true,
  keepsTimesOfOpenFiles: true,
}

/** FAT: neither owners nor modes, two seconds at a time, from 1980 to 2107. */
const fat: Abilities = {
  ...fullAbilities,
  owners: false,
  modes: false,
  symbolicLinks: false,
  hardLinks: false,
  maxLinks: 1,
  specialFiles: false,
  userXattrs: false,
  trustedXattrs: false,
  securityXattrs: false,
  acls: false,
  holes: false,
  timeStepNs: 2n * second,
  earliestNs: 315_619_200n * second,
  latestNs: 4_354_819_198n * second,
  foldsCase: true,
}

/** By the number that Linux knows a kind of file system by; see statfs(2). */
const byKind: ReadonlyMap<number, Abilities> = new Map([
  // ext2, ext3 and ext4
  [0xef53, { ...fullAbilities, maxLinks: 65_000 }],
  // btrfs
  [0x9123683e, { ...fullAbilities, maxLinks: 65_535 }],
  // FAT and exFAT
  [0x4d44, fat],
  [0x2011bab0, { ...fat, timeStepNs: 10_000_000n }],
])

/** tmpfs, XFS, overlay, ZFS, F2FS: they hold all of it, but for what they are told not to. */
const full: ReadonlySet<number> = new Set([0x01021994, 0x58465342, 0x794c7630, 0x2fc12fc1, 0xf2f52010])

/** Whether what is known of a kind of file system can be relied on. */
export function isKnownKind(type: number): boolean {
  return byKind.has(type >>> 0) || full.has(type >>> 0)
}

/** What a kind of file system holds where it cannot be asked. */
export function abilitiesByKind(type: number): Abilities {
  return byKind.get(type >>> 0) ?? fullAbilities
}
