import type { Change } from '../model/change.js'
import type { Outcome, OutcomeStatus } from '../model/events.js'
import type { FinishBatch, FlushBatch, Flushed, FlushWay } from '../model/finish-jobs.js'
import type { AppliedBatch, ApplyBatch } from '../model/jobs.js'
import type { RelativePath } from '../model/path.js'
import type { Plan } from '../model/plan.js'
import type { Problem } from '../model/problem.js'
import type { ResidualAttribute } from '../model/report.js'
import type { ProgressMeter } from '../run/progress.js'

/** What executing a plan needs: the plan, hands to do it with, and who is told. */
export interface Execution {
  readonly plan: Plan
  readonly width: number
  readonly apply: (batch: ApplyBatch) => Promise<AppliedBatch>
  readonly finish: (batch: FinishBatch) => Promise<AppliedBatch>
  /** How what is written is brought to the storage; undefined: the system does when it likes. */
  readonly flush:
    | {
        readonly way: FlushWay
        /** Where other file systems are mounted in the replica. */
        readonly mounts: readonly RelativePath[]
        readonly run: (batch: FlushBatch) => Promise<Flushed>
      }
    | undefined
  /** Called when nothing is staged any more, before directories get their times. */
  readonly beforeFinish: () => void
  /** Asked before each change; false vetoes it. */
  readonly mayChange: ((change: Change) => boolean | void | Promise<boolean | void>) | undefined
  readonly onOutcome: ((outcome: Outcome) => void | Promise<void>) | undefined
  readonly onSettled: (row: number, status: OutcomeStatus, bytes: number) => void
  readonly onProblem: (problem: Problem) => void
  /** Told of what a row could not be given, though the plan said it could or did not know. */
  readonly onResidual: (row: number, attribute: ResidualAttribute) => void
  /** Computes digests that only the caller's thread can. */
  readonly digestOf: ((change: Change) => Promise<string | undefined>) | undefined
  readonly progress: ProgressMeter
  readonly signal: AbortSignal
}
