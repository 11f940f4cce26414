/** Removes the folders of runs that are not to be kept any longer. */
import { removeTree } from '../apply/remove-tree.js'
import type { Keep } from '../model/keep.js'
import { openTree } from '../tree/open-tree.js'
import type { TreeSpec } from '../tree/tree.js'
import { keptPrefix } from './keeper.js'
import { listRuns, openRun, type ReplicaOfRuns, timeOfRun } from './run-folder.js'

/** Removes the oldest runs of a replica. Those of others, and whatever else lies there, stay. */
export function pruneRuns(
  backup: TreeSpec,
  replica: ReplicaOfRuns,
  keep: Keep,
  now: number = Date.now(),
): void {
  // What another replica left at the same device may have its numbers: only the path proves whose runs these are.
  const runs = listRuns(backup, replica).filter(run => run.replica === replica.path)
  const old =
    'runs' in keep
      ? runs.slice(0, Math.max(0, runs.length - keep.runs))
      : runs.filter(({ id }) => timeOfRun(id) < now - keep.forMs)
  for (const { id } of old) removeRun(backup, id)
}

/** Removes what a run kept that is undone; its journals stay, for what it did is to be known. */
export function removeKept(backup: TreeSpec, id: string): void {
  const run = openRun(backup, id)
  try {
    for (const name of run.tree.list(run.tree.root).filter(each => each.startsWith(keptPrefix)))
      removeTree(run.tree, name)
  } finally {
    run.close()
  }
}

export function removeRun(backup: TreeSpec, id: string): void {
  removeTree(openTree(backup), id)
}
