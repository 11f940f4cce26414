/**
 * Which rows the run is about. A row is in scope when the include patterns match it, or when it is a directory
 * with something in scope below it in the source, which cannot be there without it.
 */
import { isSpecial } from '../model/entry.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import { RowSet } from '../model/row-set.js'

/** Rows between two steps. */
const rowsPerStep = 4096

export interface Scope {
  /** Counted without the root. */
  readonly sourceEntries: number
  readonly replicaEntries: number
  /** Rows in scope that need no change. */
  readonly unchanged: number
  has(row: number): boolean
}

export function* markScope(pairs: PairTable, root: DirectoryNode): Generator<void, Scope> {
  const needed = new RowSet(pairs.length, [root.row])
  for (let row = 0; row < pairs.length; row++) {
    if (row % rowsPerStep === 0) yield
    if (!pairs.isMatched(row) || !pairs.hasSource(row)) continue
    for (
      let above = pairs.directoryOf(row);
      above !== undefined && !needed.has(above.row);
      above = above.parent
    ) {
      needed.add(above.row)
    }
  }
  const has = (row: number): boolean => pairs.isMatched(row) || needed.has(row)
  let sourceEntries = 0
  let replicaEntries = 0
  let unchanged = 0
  let counted = 0
  for (const row of rowsInTree(root, pairs)) {
    if (++counted % rowsPerStep === 0) yield
    if (!has(row)) continue
    if (pairs.hasSource(row) && !cannotBeHeld(pairs, row)) sourceEntries += 1
    if (pairs.hasReplica(row)) replicaEntries += 1
    if (pairs.hasSource(row) && pairs.hasReplica(row) && pairs.action(row) === undefined) unchanged += 1
  }
  return { sourceEntries, replicaEntries, unchanged, has }
}

/** A special file that is not created: a source that holds nothing else is as good as empty. */
function cannotBeHeld(pairs: PairTable, row: number): boolean {
  if (pairs.action(row) !== undefined || pairs.hasReplica(row)) return false
  const kind = pairs.source(row)?.kind
  return kind !== undefined && isSpecial(kind)
}

/** The rows in scope, the root's not among them. */
export function* rowsInScope(pairs: PairTable, root: DirectoryNode): Generator<void, readonly number[]> {
  const scope = yield* markScope(pairs, root)
  return [...rowsInTree(root, pairs)].filter(row => scope.has(row))
}

/** Every row but the root's, as the tree holds them: rows that were dropped are in no directory. */
function* rowsInTree(root: DirectoryNode, pairs: PairTable): Generator<number> {
  const stack: DirectoryNode[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const row of node.rows) {
      yield row
      const below = pairs.nodeOf(row)
      if (below !== undefined) stack.push(below)
    }
  }
}
