/**
 * What the main thread and the workers say to each other: plain data, in columns where there are many.
 */
import type { Tallied } from './tally.js'
import type { Name, RelativePath } from './path.js'
import type { Problem } from './problem.js'
import type { ResidualAttribute } from './report.js'

/** Asks for one directory to be listed on the sides that have it, and compared. */
export interface CompareRequest {
  readonly path: RelativePath
  readonly inSource: boolean
  readonly inReplica: boolean
}

/** Sides that a compared name has, as bits of {@link ComparedDirectory.sides}. */
export const SideBit = { source: 1, replica: 2 } as const

/** A row of {@link ApplyBatch.sides} that is linked to what the replica has: that entry follows, too. */
export const linkedBit = 4

/** What came of it. One row for each name that somebody has to look at. */
export interface ComparedDirectory {
  /** Names joined by `/`. */
  readonly names: string
  /** Verdicts as {@link packVerdict} makes them. */
  readonly verdicts: Uint32Array<ArrayBuffer>
  readonly sides: Uint8Array<ArrayBuffer>
  /** Entries in row order, the source's before the replica's. */
  readonly cells: BigInt64Array<ArrayBuffer>
  /** Names that both sides have, found equal, and not among the rows. */
  readonly unchanged: number
  /** A bit set of `NodeMark`. */
  readonly marks: number
  readonly problems: readonly Problem[]
  readonly residuals: readonly Tallied[]
  /** What was listed and not looked at so far: in a long directory that is shared by all who have nothing to do. */
  readonly more: readonly NameSlice[]
}

/** Some of the names of a directory, to be looked at by whoever is free. */
export interface NameSlice extends CompareRequest {
  /** Joined by `/`. */
  readonly names: string
  /** Which sides have each name, as {@link SideBit} says. */
  readonly sides: Uint8Array<ArrayBuffer>
}

const askBit = 1 << 30
const noAction = 15
const reasonShift = 4

/** An action (its index, or -1), reasons, and whether somebody must still judge the content, in one number. */
export function packVerdict(action: number, reasonBits: number, ask: boolean): number {
  return (action < 0 ? noAction : action) | (reasonBits << reasonShift) | (ask ? askBit : 0)
}

export function verdictAction(verdict: number): number {
  const action = verdict & noAction
  return action === noAction ? -1 : action
}

export function verdictReasons(verdict: number): number {
  return (verdict & ~askBit) >> reasonShift
}

export function verdictAsks(verdict: number): boolean {
  return (verdict & askBit) !== 0
}

/** Asks which directories of the source are to be listed again: somebody may have changed them since they were. */
export interface SecondLook {
  readonly parents: readonly RelativePath[]
  /** How many of the names each parent has. */
  readonly counts: readonly number[]
  /** Joined by `/`; the root, as its own parent, has none. */
  readonly names: string
  /** By name the times of change, of content and of anything, as they were before the directory was listed. */
  readonly times: BigInt64Array<ArrayBuffer>
  /** When the walk began, by the system's clock. */
  readonly walkedFromNs: bigint
}

/** How a worker compares; plain data. */
export interface CompareSettings {
  /** `metadata`: size and time. `content`: bytes or digests. `ask`: the caller judges files of equal size, `ask-all` any. */
  readonly content: 'metadata' | 'content' | 'ask' | 'ask-all'
  /** Hash by which contents are compared; undefined: by their bytes. */
  readonly hash: string | undefined
  /** Whether unchanged names are wanted as rows too. */
  readonly wantAll: boolean
  readonly deleteExcluded: boolean
  readonly oneFileSystem: boolean
  /** Files to be copied are left for the copy to tell of: their extended attributes are read then anyway. */
  readonly copiesTell: boolean
}

/** What a worker must know of the two roots; plain data. */
export interface RootFacts {
  readonly sourceDevice: bigint
  readonly replicaDevice: bigint
  /** `device:inode` of the replica's root, or of its parent while it does not exist. */
  readonly replicaIdentity: string
  readonly sourceIdentity: string
  /** `device:inode` of files the caller writes, to be left out of the source. */
  readonly ownFiles: readonly string[]
  /** The staging directories of runs in this process that have not ended. */
  readonly livingStagings: readonly Name[]
  /** Where other file systems are mounted below the replica's root. */
  readonly replicaMounts: readonly RelativePath[]
}

/** A staging directory in the replica's root: whoever may rename there can put another one at its name. */
export interface Staging {
  readonly name: Name
  readonly device: bigint
  readonly inode: bigint
}

/** Where changes are made. */
export interface ApplyPlace<Spec> {
  readonly replica: Spec
  /** Undefined when nothing needs one. */
  readonly staging: Staging | undefined
}

/** Changes for a worker to make, grouped by directory, in order. */
export interface ApplyBatch {
  readonly directories: readonly RelativePath[]
  /** How many of the rows each directory has. */
  readonly counts: readonly number[]
  /** Device and inode of each directory's source, where it has one: another one by the same path is not read. */
  readonly sources: BigUint64Array<ArrayBuffer>
  /** Names of all rows, joined by `/`. */
  readonly names: string
  /** Indexes into `actions`. */
  readonly actions: Uint8Array<ArrayBuffer>
  /** 1 for a new directory of which everything that goes into it is in this batch. */
  readonly whole: Uint8Array<ArrayBuffer>
  readonly sides: Uint8Array<ArrayBuffer>
  /** Entries in row order, the source's before the replica's. */
  readonly cells: BigInt64Array<ArrayBuffer>
  /** What is new is only staged, for a later batch to publish. */
  readonly stageOnly: boolean
  /** Where an earlier batch staged what is to be published, by row index. */
  readonly staged: readonly StagedAt[]
  readonly links: readonly LinkedTo[]
  /** How many names this run may add to what a row stands for, by row index. */
  readonly moreNames: readonly (readonly [index: number, names: number])[]
}

/** Where in the replica something is staged, by row index. */
export type StagedAt = readonly [index: number, path: RelativePath]

/**
 * What a row becomes a name of, by row index. `made` is the index of the row in this batch that makes it first, or -1.
 */
export type LinkedTo = readonly [index: number, path: RelativePath, made: number]

/**
 * What became of a row; the order is the code used in columns. `again` asks for another try; `skipped` depends on
 * a row that failed; `notReached` was not tried, because the run stops.
 */
export const rowStates = ['done', 'failed', 'again', 'skipped', 'notReached'] as const

export type RowState = (typeof rowStates)[number]

export interface AppliedBatch {
  /** Indexes into {@link rowStates}. */
  readonly states: Uint8Array<ArrayBuffer>
  /** Bytes of content written, by row. */
  readonly bytes: Float64Array<ArrayBuffer>
  /** By row, when a hash was asked for. */
  readonly digests: readonly (string | undefined)[]
  /** By row index. */
  readonly problems: readonly (readonly [index: number, problem: Problem])[]
  readonly staged: readonly StagedAt[]
  /** What could not be held of a row, though the plan said it could or did not know. */
  readonly residuals: readonly (readonly [index: number, attribute: ResidualAttribute])[]
}

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
