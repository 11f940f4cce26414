/**
 * The job that makes a batch of changes, directory by directory, in the order given.
 *
 * A failure is one row's: it is classed, told, and the next row is done. Only a storage failure, which would
 * repeat itself for each row, and an abort end the batch early.
 */
import { type Action, actions } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import { cellsPerEntry, EntryReader } from '../model/entry-cells.js'
import {
  type AppliedBatch,
  type ApplyBatch,
  type RowState,
  rowStates,
  SideBit,
  type StagedAt,
} from '../model/jobs.js'
import { isWithin, joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import { applyChange } from './apply-change.js'
import type { ApplyContext } from './context.js'
import { isWorthAnotherTry, problemOf } from './failure.js'
import { type ChangeToMake, type Made, stageAhead } from './stage.js'
import { type StagedTree, StagedTrees } from './staged-trees.js'
import { verbOf } from './verb.js'

export function* applyChanges(context: ApplyContext, batch: ApplyBatch): Generator<void, AppliedBatch> {
  const results = new Results(batch.actions.length)
  const staged = new StagedTrees(context)
  for (const [index, change] of decode(batch)) {
    if (context.isAborted() || results.isStopped) break
    if (results.isHopeless(change)) results.undone(index, 'skipped')
    else if (batch.stageOnly) yield* results.attempt(index, change, stageAhead(context, change))
    else
      yield* results.attempt(index, change, makeOne(context, staged, index, change, batch.whole[index] === 1))
    yield
  }
  for (const tree of staged.takeAll()) yield* publishTree(context, staged, tree, results)
  return results.batch()
}

function makeOne(
  context: ApplyContext,
  staged: StagedTrees,
  index: number,
  change: ChangeToMake,
  isWhole: boolean,
): Generator<void, Made> | (() => Made) {
  const tree = staged.holding(change.directory)
  if (tree !== undefined) return staged.make(tree, index, change)
  return isWhole ? () => staged.begin(index, change) : applyChange(context, change)
}

/** What was made in a directory is done only when the directory has its name. */
function* publishTree(
  context: ApplyContext,
  staged: StagedTrees,
  tree: StagedTree,
  results: Results,
): Generator<void> {
  const [root, ...inside] = tree.rows
  if (root === undefined) return
  try {
    if (staged.publish(tree)) return
  } catch (error) {
    results.fail(root.index, root.change, error)
    for (const { index } of inside) results.undone(index, 'skipped')
    return
  }
  for (const { index, change } of tree.rows) {
    if (context.isAborted() || results.isStopped) results.undone(index, 'notReached')
    else if (results.isHopeless(change)) results.undone(index, 'skipped')
    else yield* results.attempt(index, change, applyChange(context, change))
  }
}

function* decode(batch: ApplyBatch): Generator<readonly [index: number, change: ChangeToMake]> {
  const names = batch.names.split('/') as Name[]
  const entries = new EntryReader(batch.cells)
  const staged = new Map(batch.staged)
  let index = 0
  let at = 0
  const next = (sides: number, bit: number): Entry | undefined => {
    if ((sides & bit) === 0) return undefined
    at += cellsPerEntry
    return entries.read(at - cellsPerEntry)
  }
  for (const [which, directory] of batch.directories.entries()) {
    const end = index + (batch.counts[which] ?? 0)
    for (; index < end; index++) {
      const name = names[index] as Name
      const sides = batch.sides[index] ?? 0
      const source = next(sides, SideBit.source)
      const replica = next(sides, SideBit.replica)
      const action = actions[batch.actions[index] ?? 0] as Action
      const path = joinPath(directory, name)
      yield [index, { action, directory, name, path, source, replica, staged: staged.get(index) }]
    }
  }
}

class Results {
  isStopped = false
  private readonly states: Uint8Array<ArrayBuffer>
  private readonly bytes: Float64Array<ArrayBuffer>
  private readonly digests: (string | undefined)[] = []
  private readonly problems: [number, Problem][] = []
  private readonly staged: StagedAt[] = []
  /** Directories that could not be made: what goes into them is not tried. */
  private readonly unmade: RelativePath[] = []
  /** Directories in which a deletion failed. */
  private readonly kept = new Set<RelativePath>()

  constructor(rows: number) {
    this.states = new Uint8Array(rows).fill(rowStates.indexOf('notReached'))
    this.bytes = new Float64Array(rows)
  }

  /** Makes a change and notes what became of it. */
  *attempt(
    index: number,
    change: ChangeToMake,
    making: Generator<void, Made> | (() => Made),
  ): Generator<void> {
    try {
      const made = typeof making === 'function' ? making() : yield* making
      this.set(index, 'done')
      this.bytes[index] = made.bytes
      if (made.digest !== undefined) this.digests[index] = made.digest
      if (made.stagedAt !== undefined) this.staged.push([index, made.stagedAt])
      if (made.shortfall !== undefined) {
        this.problems.push([index, problemOf(made.shortfall, change.path, verbOf(change.action))])
      }
    } catch (error) {
      this.fail(index, change, error)
    }
  }

  fail(index: number, change: ChangeToMake, error: unknown): void {
    const problem = problemOf(error, change.path, verbOf(change.action))
    this.undone(index, isWorthAnotherTry(error) ? 'again' : 'failed')
    this.problems.push([index, problem])
    if (problem.code === 'storage-failed') this.isStopped = true
    if (change.source?.kind === 'directory') this.unmade.push(change.path)
    if (change.action === 'delete') this.kept.add(change.directory)
  }

  /** Notes that a change is not made, whatever was staged for it. */
  undone(index: number, state: Exclude<RowState, 'done'>): void {
    this.set(index, state)
    this.bytes[index] = 0
    if (this.digests[index] !== undefined) this.digests[index] = undefined
  }

  /** Whether a change depends on one that failed: in a directory that was not made, or of one that is not empty. */
  isHopeless({ action, directory, path }: ChangeToMake): boolean {
    if (this.unmade.some(failed => isWithin(directory, failed))) return true
    if ((action !== 'delete' && action !== 'replace') || !this.kept.has(path)) return false
    this.kept.add(directory)
    return true
  }

  batch(): AppliedBatch {
    const { states, bytes, digests, problems, staged } = this
    return { states, bytes, digests, problems, staged }
  }

  private set(index: number, state: RowState): void {
    this.states[index] = rowStates.indexOf(state)
  }
}
