/** What executing a plan is told: the executor's hands, the staging directory, and the caller's functions. */
import type { Execution } from './apply/execution.js'
import { deadStagings, makeStaging, removeStaging } from './apply/staging.js'
import { FileDigests } from './file-digests.js'
import type { ApplyTask, FinishTask, Place } from './jobs.js'
import { unheldXattrsBit } from './model/change.js'
import type { AppliedBatch, Staging } from './model/jobs.js'
import { pathOfRow } from './model/pairs.js'
import type { Plan } from './model/plan.js'
import { problem } from './model/problem.js'
import { meaningOf } from './model/errno.js'
import type { Session } from './session.js'
import { openTree } from './tree/open-tree.js'
import type { Tree, TreeSpec } from './tree/tree.js'

/** Whether a run has anything to write: changes, or what a dead run left and nobody else removes. */
export function hasWork({ roots, can }: Session, plan: Plan): boolean {
  if (plan.totals.changes > plan.totals.withheld) return true
  if (roots.replica === undefined) return false
  return deadStagings(openTree(roots.replica.spec), can.rights.uid).length > 0
}

export function executionOf(session: Session, plan: Plan, replica: TreeSpec): Execution {
  const { settings, executor, hooks, recorder, progress, signal } = session
  const tree = openTree(replica)
  const staging = needsStaging(plan) ? makeStaging(tree, session.can.rights) : undefined
  const place: Place = { replica, staging }
  const digests =
    typeof settings.hasher === 'object' ? new FileDigests(replica, settings.hasher, session) : undefined
  return {
    plan,
    width: executor.width,
    apply: async batch => (await executor.run('apply', { batch, place } satisfies ApplyTask)) as AppliedBatch,
    finish: async batch =>
      (await executor.run('finish', { batch, place } satisfies FinishTask)) as AppliedBatch,
    beforeFinish: () => {
      if (staging !== undefined) clearStaging(tree, staging, session.problem)
      // What dead runs left is extraneous, and gone by now, unless deletions are off or filters protect it.
      for (const dead of deadStagings(tree, session.can.rights.uid)) clearStaging(tree, dead, session.problem)
    },
    mayChange: hooks.mayChange,
    onOutcome: hooks.outcome,
    onSettled: (row, status, bytes) => recorder.settled(row, status, bytes),
    onProblem: session.problem,
    onResidual: (row, attribute) => {
      const isCounted =
        attribute === 'extended attributes' && (plan.pairs.reasonBits(row) & unheldXattrsBit) !== 0
      if (!isCounted) recorder.residual(attribute, pathOfRow(plan.pairs, row))
    },
    digestOf: digests === undefined ? undefined : async change => await digests.of(change.path),
    progress,
    signal,
  }
}

/** Everything that is created is staged, or may be. */
function needsStaging({ pairs, order }: Plan): boolean {
  return [order.copy, order.remove].some(rows => rows.some(row => pairs.action(row) !== 'delete'))
}

function clearStaging(tree: Tree, staging: Staging, onProblem: Execution['onProblem']): void {
  try {
    removeStaging(tree, staging)
  } catch (error) {
    onProblem(
      problem(
        'replica-failed',
        'replica',
        staging.name,
        `cannot remove the staging directory "${staging.name}": ${meaningOf(error)}`,
      ),
    )
  }
}
