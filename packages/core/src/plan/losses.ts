/**
 * Where a plan deletes most, for who has to judge it: by whole directories that go, for these are what a source loses at
 * once; files that go by themselves count for the directory that stays.
 */
import { type DirectoryNode, pathOfNode, type PairTable } from '../model/pairs.js'
import type { PlanOrder } from '../model/plan.js'
import type { RelativePath } from '../model/path.js'
import { RowSet } from '../model/row-set.js'

export interface Loss {
  /** The directory; the root's is the empty one. */
  readonly path: RelativePath
  readonly entries: number
  readonly bytes: number
}

/** Rows between two steps. */
const rowsPerStep = 4096
const mostTold = 3

interface Counted {
  entries: number
  bytes: number
}

/** The largest losses first. */
export function* largestLosses(
  pairs: PairTable,
  order: PlanOrder,
  withheld: ReadonlyMap<number, unknown>,
): Generator<void, readonly Loss[]> {
  const removed = new RowSet(pairs.length, order.remove)
  const tops = new Map<DirectoryNode, DirectoryNode>()
  const counts = new Map<DirectoryNode, Counted>()
  const isGone = (node: DirectoryNode): boolean => removed.has(node.row) && !withheld.has(node.row)
  // Directories come children first, so backwards a parent's is known before its children's.
  for (let index = order.remove.length - 1; index >= 0; index--) {
    if (index % rowsPerStep === 0) yield
    const row = order.remove[index] ?? 0
    const node = pairs.nodeOf(row)
    const parent = pairs.directoryOf(row)
    const above = parent === undefined ? undefined : (tops.get(parent) ?? parent)
    const top = above === undefined || !isGone(above) ? (node ?? above) : above
    if (node !== undefined && top !== undefined) tops.set(node, isGone(node) ? top : node)
    if (top === undefined || withheld.has(row) || pairs.action(row) !== 'delete') continue
    const count = counts.get(top) ?? { entries: 0, bytes: 0 }
    count.entries += 1
    count.bytes += pairs.replicaBytes(row)
    counts.set(top, count)
  }
  const largest = [...counts].sort(([, a], [, b]) => b.entries - a.entries).slice(0, mostTold)
  return largest.map(([node, count]) => ({ path: pathOfNode(node), ...count }))
}
