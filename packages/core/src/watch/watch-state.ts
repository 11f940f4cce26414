/** How far a watch can be relied on at this moment. */
import type { Report } from '../model/report.js'

/**
 * `live`: each directory is watched. `degraded`: not all are, and all is compared every few seconds. `rescanning`: all is
 * being compared, as at the start, after a burst of events, and every so often. `waiting`: a root cannot be mirrored, such as a
 * source that is gone; nothing is mirrored until it can.
 */
export type Coverage = 'live' | 'degraded' | 'rescanning' | 'waiting'

export interface WatchState {
  readonly coverage: Coverage
  /** Why it is `degraded` or `waiting`, and what would help; one sentence. */
  readonly reason: string | undefined
  /** How many directories are watched. */
  readonly directories: number
  /** For how long the oldest change that is not mirrored yet has been waiting, in milliseconds; 0 when there is none. */
  readonly lagMs: number
  /** When the last run began that compared all and left nothing undone; ISO 8601. */
  readonly lastProof: string | undefined
}

/** The report of one run of a watch. */
export interface WatchReport extends Report {
  /** Whether the run compared all there is, or what had been touched: the report speaks of no more than that. */
  readonly scope: 'all' | 'touched'
}
