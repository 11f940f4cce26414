import type { Action } from './change.js'
import type { ExitCode } from './exit-code.js'
import type { Problem } from './problem.js'
import type { RelativePath } from './path.js'

/** How entries of a tree are named to the system; see ARCHITECTURE.md, "Directories are held". */
export type HeldWay = 'libc' | 'proc' | 'paths'

/** Something the source has and the replica could not be given, or that could not be read at all. */
export interface Residual {
  readonly attribute: ResidualAttribute
  /** How many entries; `undefined` where that cannot be known. */
  readonly count: number | undefined
  readonly reason: string
  /** One of the entries. */
  readonly example: RelativePath | undefined
}

export type ResidualAttribute =
  | 'owner'
  | 'group'
  | 'mode'
  | 'symbolic links'
  | 'letter case of names'
  | 'special files'
  | 'hard links'
  | 'holes'
  | 'nanoseconds'
  | 'times out of range'
  | 'setuid and setgid'
  | 'foreign directories'
  | 'extended attributes'
  | 'mounted file systems'
  | 'races'

/** How many changes were planned and what became of them. */
export interface OutcomeCounts {
  readonly planned: number
  readonly done: number
  readonly failed: number
  readonly skipped: number
  readonly withheld: number
}

/** The result of a run, whether it succeeded or not. Plain data. */
export interface Report {
  readonly source: string
  readonly replica: string
  readonly exitCode: ExitCode
  /** True when the replica equals the source in everything that was asked for, and nothing could not be held. */
  readonly exact: boolean
  readonly dryRun: boolean
  /** Entries found equal on both sides, directories included. */
  readonly unchanged: number
  readonly changes: Readonly<Record<Action, OutcomeCounts>>
  /** Bytes of content written to the replica. */
  readonly bytes: number
  readonly problems: readonly Problem[]
  /** Problems beyond the first {@link maxProblems}, counted only. */
  readonly moreProblems: number
  readonly residuals: readonly Residual[]
  readonly held: { readonly source: HeldWay; readonly replica: HeldWay }
  readonly startedAt: string
  readonly durationMs: number
}

/** The report keeps this many problems one by one; the `problem` event is sent for each. */
export const maxProblems = 1000
