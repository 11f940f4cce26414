import type { Change } from './model/change.js'
import type { Outcome, Progress } from './model/events.js'
import type { Plan } from './model/plan.js'
import type { Problem } from './model/problem.js'
import type { SyncOptions } from './options.js'

/**
 * What is mirrored into several replicas at once. The source is listed and read once for all of them, as long as
 * none is further behind than 64 MiB of it; each has its own guards, plan, lock, staging directory, report and workers.
 *
 * `concurrency` is for each replica: `'auto'` shares the processors out, and with `1` all is done in the caller's thread,
 * where replicas wait for each other. `callerHelps` has no effect. `filter` is asked once for an entry of the source, a
 * comparer for each pair.
 */
export interface ManySyncOptions extends Omit<SyncOptions, 'replica' | 'on'> {
  /**
   * The folders that each become an exact copy. None may be, hold or lie in another one, or the source: then nothing is
   * done at all (26). Excludes `replica`.
   */
  readonly replicas: readonly string[]
  /** Functions that are told what happens, and to which replica. */
  readonly on?: ReplicaEvents
}

/** As `SyncEvents`, with the replica as it was given. Events of one replica are in order, and those of several take turns. */
export interface ReplicaEvents {
  readonly plan?: (plan: Plan, replica: string) => void | Promise<void>
  readonly change?: (change: Change, replica: string) => boolean | void | Promise<boolean | void>
  readonly outcome?: (outcome: Outcome, replica: string) => void | Promise<void>
  readonly progress?: (progress: Progress, replica: string) => void
  readonly problem?: (problem: Problem, replica: string) => void
}
