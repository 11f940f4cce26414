import type { SyncError } from './model/errors.js'

/** What a run is told that is one of several, for the replicas of one source. */
export interface Together {
  /** What all of them read of the source; undefined where one is alone after all. */
  readonly memory: SharedArrayBuffer | undefined
  /** When the first of them began to list the source, in milliseconds. */
  readonly since: number
  /** Why none of them may begin. */
  readonly refusal: SyncError | undefined
}
