/** How a worker copies, and what it is told when everything in a directory is done. */
import type { RelativePath } from './path.js'
import type { Problem } from './problem.js'

/**
 * Whose attributes a directory gets: those of its source, when it was `made` by this run or was there; or its own,
 * which what was done in it has moved. The order is the code used in columns.
 */
export const finishRoles = ['made', 'source', 'own'] as const

export type FinishRole = (typeof finishRoles)[number]

/** Directories to be given their attributes, when everything in them is done. */
export interface FinishBatch {
  readonly directories: readonly RelativePath[]
  /** Indexes into {@link finishRoles}. */
  readonly roles: Uint8Array<ArrayBuffer>
  /** Whose attributes each gets; the replica's own where only the time is to be put back. */
  readonly cells: BigInt64Array<ArrayBuffer>
}

/** How a worker copies; plain data. */
export interface ApplySettings {
  /** Hash of each file copied; undefined: none. */
  readonly hash: string | undefined
  readonly verify: boolean
  /** Holes of the source stay holes, and blocks may be shared with it. */
  readonly sparse: boolean
  /** How what is staged is brought to the storage before it gets its name; undefined: the system does when it likes. */
  readonly flush?: FlushWay | undefined
}

/** All that was written to a file system at once, or each file and directory by itself. */
export type FlushWay = 'whole' | 'each'

/** Asks for what was written to the replica to be brought to its storage. */
export interface FlushBatch {
  /** Whose names are flushed, in the way `each`; in the way `whole`, where other file systems are mounted. */
  readonly directories: readonly RelativePath[]
}

export interface Flushed {
  readonly problem: Problem | undefined
}
