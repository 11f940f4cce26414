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
  linkedBit,
  type LinkedTo,
  type RowState,
  rowStates,
  SideBit,
  type StagedAt,
} from '../model/jobs.js'
import { isWithin, joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import type { ResidualAttribute } from '../model/report.js'
import { applyChange } from './apply-change.js'
import type { ApplyContext } from './context.js'
import { isWorthAnotherTry, problemOf } from './failure.js'
import { type ChangeToMake, type Made, stageAhead } from './stage.js'
import { type StagedTree, StagedTrees } from './staged-trees.js'
import { verbOf } from './verb.js'

export function* applyChanges(context: ApplyContext, batch: ApplyBatch): Generator<void, AppliedBatch> {
  const results = new Results(batch.actions.length)
  const staged = new StagedTrees(context)
  const linked = new LinkTargets(batch, staged, results)
  for (const [index, decoded] of decode(batch)) {
    if (context.isAborted() || results.isStopped) break
    const change = linked.find(index, decoded)
    if (results.isHopeless(change)) results.undone(index, 'skipped')
    else if (batch.stageOnly) yield* results.attempt(index, change, stageAhead(context, change))
    else
      yield* results.attempt(index, change, makeOne(context, staged, index, change, batch.whole[index] === 1))
    yield
  }
  for (const tree of staged.takeAll()) yield* publishTree(context, staged, tree, results, linked)
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
  const isBuilt = isWhole && context.can.movesBuiltDirectories
  return isBuilt ? () => staged.begin(index, change) : applyChange(context, change)
}

/** What was made in a directory is done only when the directory has its name. */
function* publishTree(
  context: ApplyContext,
  staged: StagedTrees,
  tree: StagedTree,
  results: Results,
  linked: LinkTargets,
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
  for (const { index, change: inStaging } of tree.rows) {
    const change = linked.find(index, inStaging)
    if (context.isAborted() || results.isStopped) results.undone(index, 'notReached')
    else if (results.isHopeless(change)) results.undone(index, 'skipped')
    else yield* results.attempt(index, change, applyChange(context, change))
  }
}

/** Where it is by now what rows are linked to. */
class LinkTargets {
  private readonly links: ReadonlyMap<number, LinkedTo>
  private readonly staged: StagedTrees
  private readonly results: Results
  private readonly stageOnly: boolean

  private readonly heirs = new Map<number, { readonly index: number; readonly path: RelativePath }>()

  constructor(batch: ApplyBatch, staged: StagedTrees, results: Results) {
    this.links = new Map(batch.links.map(link => [link[0], link]))
    this.stageOnly = batch.stageOnly
    this.staged = staged
    this.results = results
  }

  /** The change with the place of what it is linked to; without, when that was to be made here and was not. */
  find(index: number, change: ChangeToMake): ChangeToMake {
    const link = this.links.get(index)
    if (link === undefined) return change
    const path = this.pathOf(link) ?? this.inherited(link[2], index, change)
    return { ...change, linkTo: path === undefined ? undefined : { path, entry: change.linkTo?.entry } }
  }

  /** What was to be made here and was not: the first row that needs it is copied, and others are linked to that. */
  private inherited(made: number, index: number, { path }: ChangeToMake): RelativePath | undefined {
    const heir = this.heirs.get(made)
    if (heir !== undefined && this.results.isDone(heir.index)) {
      return this.stageOnly ? this.results.stagedPath(heir.index) : this.staged.placeOf(heir.path)
    }
    this.heirs.set(made, { index, path })
    return undefined
  }

  private pathOf([, path, made]: LinkedTo): RelativePath | undefined {
    if (made < 0) return path
    if (!this.results.isDone(made)) return undefined
    return this.stageOnly ? this.results.stagedPath(made) : this.staged.placeOf(path)
  }
}

function* decode(batch: ApplyBatch): Generator<readonly [index: number, change: ChangeToMake]> {
  const names = batch.names.split('/') as Name[]
  const entries = new EntryReader(batch.cells)
  const staged = new Map(batch.staged)
  const more = new Map(batch.moreNames)
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
      const entry = next(sides, linkedBit)
      const change = {
        action: actions[batch.actions[index] ?? 0] as Action,
        directory,
        name,
        path: joinPath(directory, name),
        source,
        replica,
        staged: staged.get(index),
        linkTo: entry === undefined ? undefined : { path: '', entry },
        moreNames: more.get(index),
      }
      yield [index, change]
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
  private readonly residuals = new Map<number, readonly ResidualAttribute[]>()
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
      // A row may be made twice: what was staged for it in vain does not count.
      this.residuals.delete(index)
      if (made.residuals !== undefined) this.residuals.set(index, made.residuals)
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
    this.residuals.delete(index)
    if (this.digests[index] !== undefined) this.digests[index] = undefined
  }

  isDone(index: number): boolean {
    return this.states[index] === rowStates.indexOf('done')
  }

  stagedPath(index: number): RelativePath | undefined {
    return this.staged.find(([which]) => which === index)?.[1]
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
    const residuals = [...this.residuals].flatMap(([index, each]) =>
      each.map(attribute => [index, attribute] as const),
    )
    return { states, bytes, digests, problems, staged, residuals }
  }

  private set(index: number, state: RowState): void {
    this.states[index] = rowStates.indexOf(state)
  }
}
