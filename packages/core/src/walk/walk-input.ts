import type { Action } from '../model/change.js'
import type { Entry, NamedEntry } from '../model/entry.js'
import type { ComparedDirectory, CompareRequest, ListedNames, NameSlice } from '../model/jobs.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import type { RelativePath } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import type { ResidualAttribute } from '../model/report.js'
import type { Tally } from '../model/tally.js'
import type { WatchedWalk } from '../model/watched-walk.js'
import type { IgnoreTexts } from './ignore-texts.js'
import type { IncludeGlobs } from './include.js'
import type { ListedPaths } from './listed-paths.js'

/** What a walk is told. */
export interface WalkInput {
  readonly source: Entry
  /** Undefined while the replica does not exist. */
  readonly replica: Entry | undefined
  /** What is to be done to the root itself. */
  readonly rootVerdict: {
    readonly action: Action | undefined
    readonly reasonBits: number
    readonly residuals: readonly ResidualAttribute[]
  }
  readonly include: IncludeGlobs
  /** What the caller lists; undefined: everything. */
  readonly listed?: ListedPaths | undefined
  /** Who watches the source, and says what of it was touched; never together with `listed`. */
  readonly watching?: WatchedWalk | undefined
  /** Directories whose comparison may be under way at once. */
  readonly concurrency: number
  readonly compare: (request: CompareRequest) => Promise<ComparedDirectory>
  /** Compares what {@link ComparedDirectory.more} left to be compared. */
  readonly compareNames: (slice: NameSlice) => Promise<ComparedDirectory>
  /** The caller's own filter, asked once a path. */
  readonly filter: ((entry: NamedEntry) => boolean) | undefined
  readonly deleteExcluded: boolean
  /** Whether directories are looked for that were only renamed. */
  readonly renames: boolean
  /** Whether those that are renamed where they are, by their times, are taken to be what they seem. */
  readonly trustsRenamed: boolean
  /** What the replica keeps of times. */
  readonly timeStepNs: bigint
  /** Where other file systems are mounted in the replica: such a directory cannot be renamed. */
  readonly replicaMounts: readonly RelativePath[]
  /** Judges the content of two files where the workers cannot: true when equal. */
  readonly isSameContent:
    | ((source: Entry, replica: Entry, path: RelativePath) => Promise<boolean>)
    | undefined
  readonly signal: AbortSignal
  readonly onProblem: (problem: Problem) => void
  /** Told of each directory compared: how many entries it had. */
  readonly onCompared: (entries: number) => void
}

/** What a walk found. */
export interface Walked {
  /** Directories that were renamed where they are, by the row of the new name. */
  readonly renamed: ReadonlyMap<number, DirectoryNode>
  /** What ignore files say. */
  readonly ignores: IgnoreTexts
  /** The names that were looked at in a directory; undefined: all of them. */
  readonly listed?: { of(directory: RelativePath): ListedNames | undefined } | undefined
  readonly pairs: PairTable
  readonly root: DirectoryNode
  /** Names both sides have, found equal, and without a row. */
  readonly unchanged: number
  /** Some source directory or entry could not be read: nothing is proven absent. */
  readonly hasHoles: boolean
  /** A directory of one tree turned out to be the root of the other. */
  readonly meetsOtherRoot: RelativePath | undefined
  readonly problems: readonly Problem[]
  readonly residuals: Tally
}
