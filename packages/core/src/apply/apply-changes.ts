/**
 * The job that makes a batch of changes, directory by directory, in the order given.
 *
 * A failure is one row's: it is classed, told, and the next row is done. Only a storage failure, which would
 * repeat itself for each row, and an abort end the batch early.
 */
import { type Action, actions } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import { cellsPerEntry, EntryReader } from '../model/entry-cells.js'
import { type AppliedBatch, type ApplyBatch, linkedBit, movedBit, SideBit } from '../model/jobs.js'
import { joinPath, type Name } from '../model/path.js'
import { applyChange } from './apply-change.js'
import type { ApplyContext } from './context.js'
import { LinkTargets } from './link-targets.js'
import { PublishLater } from './publish-later.js'
import { onlyDeletes, removeEntries } from './remove-entries.js'
import { Results } from './results.js'
import type { ChangeToMake, Made } from './change-to-make.js'
import { type StagedTree, StagedTrees } from './staged-trees.js'

export function* applyChanges(context: ApplyContext, batch: ApplyBatch): Generator<void, AppliedBatch> {
  if (onlyDeletes(batch)) return yield* removeEntries(context, batch)
  const results = new Results(batch.actions.length)
  const staged = new StagedTrees(context)
  const linked = new LinkTargets(batch, staged, results)
  const later = new PublishLater(context, batch, results)
  for (const [index, decoded] of decode(batch)) {
    if (context.isAborted() || results.isStopped) break
    const change = linked.find(index, decoded)
    if (results.isHopeless(change)) results.undone(index, 'skipped')
    else if (later.takes(change) && staged.holding(change.directory) === undefined) {
      const make = (): Generator<void, Made> => later.stage(index, change)
      yield* results.attempt(index, change, later.canMakeRoom ? later.withRoom(linked, make) : make())
    } else
      yield* results.attempt(index, change, makeOne(context, staged, index, change, batch.whole[index] === 1))
    yield
  }
  const trees = staged.takeAll()
  if (!later.flush(trees)) return results.batch()
  yield* later.publish(linked)
  for (const tree of trees) yield* publishTree(context, staged, tree, results, linked)
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
  // What is complete is to have its name at once: after a kill nothing of a directory that was being built is found.
  const isBuilt = isWhole && context.goingOn === undefined && context.can.movesBuiltDirectories
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
    const from = { device: batch.sources[2 * which] ?? 0n, inode: batch.sources[2 * which + 1] ?? 0n }
    for (; index < end; index++) {
      const name = names[index] as Name
      const sides = batch.sides[index] ?? 0
      const source = next(sides, SideBit.source)
      const replica = next(sides, SideBit.replica)
      const entry = next(sides, linkedBit)
      const change = {
        action: actions[batch.actions[index] ?? 0] as Action,
        directory,
        from,
        name,
        path: joinPath(directory, name),
        source,
        replica,
        staged: staged.get(index),
        linkTo: entry === undefined ? undefined : { path: '', entry },
        isMoved: (sides & movedBit) !== 0,
        moreNames: more.get(index),
      }
      yield [index, change]
    }
  }
}
