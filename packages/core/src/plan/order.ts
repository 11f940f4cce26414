/**
 * The order of work. Paths are compared by UTF-16 code units, and a directory's content comes where its name
 * with a slash would: `a`, `a!b`, `a/x`. One pass with an explicit stack yields that order for all rows at once,
 * without a path string for any of them.
 */
import { IntColumn } from '../model/int-column.js'
import { noMoves, type PlannedMoves } from '../model/moves.js'
import { NodeMark } from '../model/node-mark.js'
import { type DirectoryNode, type PairTable } from '../model/pairs.js'
import type { PlanOrder } from '../model/plan.js'
import type { Scope } from './scope.js'

/** Rows between two steps. */
const rowsPerStep = 2048

export function* orderRows(
  pairs: PairTable,
  root: DirectoryNode,
  scope: Scope,
  deletes: boolean,
  moves: PlannedMoves = noMoves,
): Generator<void, PlanOrder> {
  const early = neededForMoves(pairs, moves)
  const move: number[] = []
  const copy = new IntColumn()
  const files = new IntColumn()
  const directories: number[] = []
  const finish: number[] = []
  let ordered = 0
  for (const row of rowsInOrder(pairs, root)) {
    if (++ordered % rowsPerStep === 0) yield
    const node = pairs.nodeOf(row)
    if (early.has(row)) {
      if (actionInScope(pairs, row, scope) !== undefined) move.push(row)
      continue
    }
    switch (actionInScope(pairs, row, scope)) {
      case undefined:
        break
      case 'delete':
        if (deletes) (node === undefined ? files : directories).push(row)
        break
      case 'metadata':
        ;(node === undefined ? copy : finish).push(row)
        break
      case 'replace':
        ;(isFullDirectory(pairs, row) ? directories : copy).push(row)
        break
      case 'create':
      case 'update':
      case 'rename':
      case 'link':
        copy.push(row)
        break
    }
  }
  return {
    move: Int32Array.from(move),
    copy: copy.toArray(),
    remove: joined(files.toArray(), directories.reverse()),
    removeFiles: files.length,
    finish: Int32Array.from(finish.reverse()),
  }
}

/** The directories that are renamed, and the new ones that they go into. */
function neededForMoves(pairs: PairTable, { directories }: PlannedMoves): ReadonlySet<number> {
  const early = new Set(directories.keys())
  for (const row of directories.keys()) {
    let above = pairs.directoryOf(row)
    for (; above !== undefined && pairs.action(above.row) === 'create'; above = above.parent)
      early.add(above.row)
  }
  return early
}

function joined(files: Int32Array, directories: readonly number[]): Int32Array {
  const all = new Int32Array(files.length + directories.length)
  all.set(files)
  all.set(directories, files.length)
  return all
}

function actionInScope(pairs: PairTable, row: number, scope: Scope): ReturnType<PairTable['action']> {
  const action = pairs.action(row)
  if (action === undefined) return undefined
  if (action === 'delete') return pairs.isMatched(row) ? action : undefined
  const node = pairs.nodeOf(row)
  // Vanished while it was read: left for the next run, whatever the replica has there.
  if (node !== undefined && (node.marks & NodeMark.vanished) !== 0) return undefined
  return scope.has(row) ? action : undefined
}

/** Whether a row is a directory of the replica that holds something, known or not. */
export function isFullDirectory(pairs: PairTable, row: number): boolean {
  const node = pairs.nodeOf(row)
  if (node?.inReplica !== true) return false
  const unknown = NodeMark.protects | NodeMark.mounted | NodeMark.replicaHole | NodeMark.left
  if ((node.marks & unknown) !== 0 || (node.marks & NodeMark.listed) === 0) return true
  return node.rows.some(row => pairs.hasReplica(row))
}

/** All rows but those that were dropped, ascending by path, the root's first. */
export function* rowsInOrder(pairs: PairTable, root: DirectoryNode): Generator<number> {
  yield root.row
  const stack: number[] = pushSorted(pairs, root, [])
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top >= 0) yield top
    else pushSorted(pairs, pairs.nodeOf(~top), stack)
  }
}

/** Pushes a directory's rows, and the insides of its sub-directories, inverted, so that they pop in ascending order. */
function pushSorted(pairs: PairTable, node: DirectoryNode | undefined, stack: number[]): number[] {
  const items: number[] = []
  for (const row of node?.rows ?? []) {
    items.push(row)
    if (pairs.nodeOf(row)?.isEmpty === false) items.push(~row)
  }
  items.sort((a, b) => pairs.compareNames(b < 0 ? ~b : b, b < 0, a < 0 ? ~a : a, a < 0))
  for (const item of items) stack.push(item)
  return stack
}
