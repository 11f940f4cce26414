/**
 * What the main thread and the workers say to each other: plain data, in columns where there are many.
 */
import type { Identity, Side } from './entry.js'
import type { Tallied } from './tally.js'
import type { Name, RelativePath } from './path.js'
import type { Problem } from './problem.js'
import type { ResidualAttribute } from './report.js'

/** Asks for one directory to be listed on the sides that have it, and compared. */
export interface CompareRequest {
  readonly path: RelativePath
  readonly inSource: boolean
  readonly inReplica: boolean
  /** Where the replica has what is to be at the path; undefined: there. */
  readonly replicaPath?: RelativePath | undefined
  /** The two directories are held for one, though their paths differ; undefined where nothing is doubted of that. */
  readonly doubt?: Doubt | undefined
  /** The ignore files of the directories above, from the root down. */
  readonly ignore?: readonly IgnoreText[] | undefined
  /** Where in the memory of contents the directory lies, if it does. */
  readonly contentsAt?: number | undefined
  /** What of it belongs to the mirror; undefined: all of it. */
  readonly listed?: ListedNames | undefined
}

/**
 * Of which files the content decides, though size and time are equal: those of times that were set by hand, or, where
 * another directory may be the one that was moved, or names in it were touched, all.
 */
export type Doubt = 'times' | 'all'

/** Names joined by `/`, and which of them are listed themselves: the others lead on. */
export interface ListedNames {
  readonly names: string
  readonly ends: Uint8Array<ArrayBuffer>
}

/** What an ignore file says. */
export interface IgnoreText {
  readonly directory: RelativePath
  /** In Latin-1: git compares bytes. */
  readonly text: string
}

/** Sides that a compared name has, as bits of {@link ComparedDirectory.sides}. */
export const SideBit = { source: 1, replica: 2 } as const

/** A row of {@link ApplyBatch.sides} that is linked to what the replica has: that entry follows, too. */
export const linkedBit = 4

/** A row of {@link ApplyBatch.sides} that gets a file that the replica has elsewhere: it is given its attributes there. */
export const movedBit = 8

/** What is remembered of the contents of a directory from now on; nothing where nothing is remembered at all. */
export interface ComparedContents {
  /** What of the memory holds, by index. */
  readonly kept?: Uint32Array<ArrayBuffer> | undefined
  /** Joined by `/`. */
  readonly freshNames?: string | undefined
  readonly freshCells?: BigInt64Array<ArrayBuffer> | undefined
}

/** What came of it. One row for each name that somebody has to look at. */
export interface ComparedDirectory extends ComparedContents {
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
  /** What its own ignore file says, where it has one. */
  readonly ignore: string | undefined
  /** Of {@link CompareRequest.listed} what the source does not have. */
  readonly missing?: readonly Name[] | undefined
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

/** Asks what files of one side hold. */
export interface DigestRequest {
  readonly side: Side
  readonly paths: readonly RelativePath[]
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
  /** Whose dead runs this one goes on with: what they staged is no concern of the plan. */
  readonly goesOnWith?: number | undefined
  /** Where other file systems are mounted below the replica's root. */
  readonly replicaMounts: readonly RelativePath[]
}

/** A staging directory in the replica's root: whoever may rename there can put another one at its name. */
export interface Staging {
  readonly name: Name
  readonly device: bigint
  readonly inode: bigint
}

/** A big file that a dead run left in its staging directory, and what it was to become. */
export interface Unfinished extends Identity {
  readonly staging: Staging
  readonly thread: Name
  readonly name: Name
  /** What it takes of the storage. */
  readonly held: number
  /** Of the source, like the identity. */
  readonly path: RelativePath
  readonly size: number
  readonly mtimeNs: bigint
}

/** Where changes are made. */
export interface ApplyPlace<Spec> {
  readonly replica: Spec
  /** Undefined when nothing needs one. */
  readonly staging: Staging | undefined
  /** What dead runs left there to go on with; undefined where that is not wanted. */
  readonly unfinished?: readonly Unfinished[] | undefined
  /** The folder that this run keeps what is overwritten or deleted in; undefined: that is not kept. */
  readonly backup?: Spec | undefined
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
