import type { Change } from './change.js'
import type { Plan } from './plan.js'
import type { Problem } from './problem.js'

/** What became of one change. */
export interface Outcome {
  readonly change: Change
  readonly status: OutcomeStatus
  /** Why it failed. */
  readonly problem: Problem | undefined
  /** Bytes of content written. */
  readonly bytes: number
  /** Of the bytes copied, in hexadecimal, when a hasher was asked for. */
  readonly digest: string | undefined
}

/** The order is the code used in columns. */
const outcomeStatuses = ['done', 'failed', 'skipped', 'withheld'] as const

export type OutcomeStatus = (typeof outcomeStatuses)[number]

/** How far a run is. The totals of a phase are fixed when it begins, and no figure ever goes back. */
export interface Progress {
  readonly phase: 'scan' | 'copy' | 'delete' | 'finish'
  /** Entries compared, in `scan`; changes settled, in the others. */
  readonly entries: number
  /** Changes of the whole plan; 0 while scanning. */
  readonly totalEntries: number
  readonly bytes: number
  readonly totalBytes: number
}

/**
 * What a caller may listen to. Each is called in the caller's thread, in order, and may return a promise, which
 * is waited for; once the run is stopped, for no longer than a second. One that throws or rejects stops the run
 * cleanly, and the run rejects with that error.
 */
export interface SyncEvents {
  /** The whole plan, before anything is changed. */
  readonly plan?: (plan: Plan) => void | Promise<void>
  /** One change is about to be done; returning `false` vetoes it (and what lies below a vetoed directory). */
  readonly change?: (change: Change) => boolean | void | Promise<boolean | void>
  /** One change was settled. */
  readonly outcome?: (outcome: Outcome) => void | Promise<void>
  /** Ten times a second at most, and at the end of each phase. */
  readonly progress?: (progress: Progress) => void
  /** Something went wrong at one place. */
  readonly problem?: (problem: Problem) => void
}
