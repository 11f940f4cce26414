import type { ReplicaResult } from './errors.js'
import type { ExitCode } from './exit-code.js'

/** The result of a run for several replicas: that of each, and both figures that stand for all. */
export interface ManyReport {
  /** The most severe of all. */
  readonly exitCode: ExitCode
  /** Whether every replica is exact. */
  readonly exact: boolean
  /** In the order in which they were given. */
  readonly replicas: readonly ReplicaResult[]
}
