/** What executing a plan is told: the executor's hands, the staging directory, and the caller's functions. */
import type { Execution } from './apply/execution.js'
import { deadStagings, makeStaging, randomName, removeStaging } from './apply/staging.js'
import type * as Unfinished from './apply/unfinished.js'
import { FileDigests } from './file-digests.js'
import type { ApplyTask, FinishTask, FlushTask, Place } from './jobs.js'
import { unheldXattrsBit } from './model/change.js'
import type { Flushed } from './model/finish-jobs.js'
import type { AppliedBatch, Staging } from './model/jobs.js'
import { NodeMark } from './model/node-mark.js'
import { pathOfRow } from './model/pairs.js'
import type { Plan } from './model/plan.js'
import { problem } from './model/problem.js'
import { errnoOf, isStorageFailure, meaningOf } from './model/errno.js'
import type { Name } from './model/path.js'
import type { Session } from './session.js'
import { openTree } from './tree/open-tree.js'
import type { Tree, TreeSpec } from './tree/tree.js'

/** Whether a run has anything to write: changes, or what a dead run left and nobody else removes. */
export function hasWork({ roots, can, problem: tell }: Session, plan: Plan): boolean {
  if (plan.totals.changes > plan.totals.withheld) return true
  const { replica } = roots
  if (replica === undefined || !mayHaveDeadStagings(plan)) return false
  let hasDead = false
  // It could be listed a moment ago; that it cannot any more is no defect of ours.
  attempt(undefined, tell, () => {
    hasDead = deadStagings(openTree(replica.spec), can.rights.uid).length > 0
  })
  return hasDead
}

/** The root may hold very many names: they are not listed again where the walk saw none of a staging directory. */
function mayHaveDeadStagings({ pairs }: Plan): boolean {
  return ((pairs.nodeOf(0)?.marks ?? 0) & NodeMark.stagings) !== 0
}

/**
 * Has what an earlier run may have left to the system reach the storage: this one is to promise for it. Where each file
 * would have to be opened for that, it does not.
 */
export async function flushOnly(session: Session): Promise<void> {
  const { executor, flush, roots, problem: tell } = session
  if (flush !== 'whole' || roots.replica === undefined) return
  const place: Place = { replica: roots.replica.spec, staging: undefined }
  const task: FlushTask = { batch: { directories: session.replicaMounts }, place }
  const flushed = (await executor.run('flush', task)) as Flushed
  if (flushed.problem !== undefined) tell(flushed.problem)
}

type KeepsUnfinished = Pick<typeof Unfinished, 'findUnfinished' | 'removeButUnfinished'>

/** @param partial how files are kept that are cut off, where they are to be */
export function executionOf(
  session: Session,
  plan: Plan,
  replica: TreeSpec,
  partial?: KeepsUnfinished,
): Execution {
  const { settings, executor, hooks, recorder, progress, signal } = session
  const tell = storageOnce(session.problem)
  const tree = openTree(replica)
  const staging = needsStaging(plan) ? stagingOf(session, tree) : undefined
  const place: Place = {
    replica,
    staging,
    unfinished: partial?.findUnfinished(tree, session.can.rights.uid),
    backup: session.backup?.spec,
  }
  const remove = (one: Staging): void =>
    partial !== undefined && signal.aborted
      ? partial.removeButUnfinished(tree, one)
      : removeStaging(tree, one)
  const digests =
    typeof settings.hasher === 'object' ? new FileDigests(replica, settings.hasher, session) : undefined
  return {
    plan,
    get width() {
      return executor.width
    },
    apply: async batch => (await executor.run('apply', { batch, place } satisfies ApplyTask)) as AppliedBatch,
    finish: async batch =>
      (await executor.run('finish', { batch, place } satisfies FinishTask)) as AppliedBatch,
    flush:
      session.flush === undefined
        ? undefined
        : {
            way: session.flush,
            mounts: session.replicaMounts,
            run: async batch =>
              (await executor.run('flush', { batch, place } satisfies FlushTask)) as Flushed,
          },
    beforeFinish: () => {
      if (staging !== undefined) attempt(staging.name, tell, () => remove(staging))
      if (!mayHaveDeadStagings(plan)) return
      // What dead runs left is extraneous, and gone by now, unless deletions are off or filters protect it.
      attempt(undefined, tell, () => {
        for (const dead of deadStagings(tree, session.can.rights.uid))
          attempt(dead.name, tell, () => remove(dead))
      })
    },
    mayChange: hooks.mayChange,
    onOutcome: hooks.outcome,
    onSettled: (row, status, bytes) => recorder.settled(row, status, bytes),
    onProblem: tell,
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

/** A journal tells of it before it is made: what a kill leaves of it goes when the run is undone. */
function stagingOf({ backup, can }: Session, tree: Tree): Staging {
  const name = randomName()
  backup?.stages(name)
  return makeStaging(tree, can.rights, name)
}

/** Everything that is created is staged, or may be. */
function needsStaging({ pairs, order }: Plan): boolean {
  return [order.move, order.copy, order.remove].some(rows => rows.some(row => pairs.action(row) !== 'delete'))
}

/** Whatever cannot be removed is told; nothing of it keeps directories from getting their times back. */
function attempt(name: Name | undefined, tell: Execution['onProblem'], step: () => void): void {
  try {
    step()
  } catch (error) {
    const what =
      name === undefined ? 'look for staging directories' : `remove the staging directory "${name}"`
    const code = isStorageFailure(error) ? 'storage-failed' : 'replica-failed'
    tell(problem(code, 'replica', name ?? '', `cannot ${what}: ${meaningOf(error)}`, errnoOf(error)))
  }
}

/** What fails as a whole makes all fail that follows: it is told once. */
function storageOnce(tell: Execution['onProblem']): Execution['onProblem'] {
  let isTold = false
  return found => {
    if (found.code === 'storage-failed') {
      if (isTold) return
      isTold = true
    }
    tell(found)
  }
}
