/**
 * The order of work. Paths are compared by UTF-16 code units, and a directory's content comes where its name
 * with a slash would: `a`, `a!b`, `a/x`. One pass with an explicit stack yields that order for all rows at once,
 * without a path string for any of them.
 */
import { NodeMark } from '../model/node-mark.js'
import { type DirectoryNode, type PairTable } from '../model/pairs.js'
import type { PlanOrder } from '../model/plan.js'
import { comparePaths } from '../model/path.js'
import type { Scope } from './scope.js'

/** Rows between two steps. */
const rowsPerStep = 2048

export function* orderRows(
  pairs: PairTable,
  root: DirectoryNode,
  scope: Scope,
  deletes: boolean,
): Generator<void, PlanOrder> {
  const copy: number[] = []
  const files: number[] = []
  const directories: number[] = []
  const finish: number[] = []
  let ordered = 0
  for (const row of rowsInOrder(pairs, root)) {
    if (++ordered % rowsPerStep === 0) yield
    const node = pairs.nodeOf(row)
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
    copy: Int32Array.from(copy),
    remove: Int32Array.from([...files, ...directories.reverse()]),
    removeFiles: files.length,
    finish: Int32Array.from(finish.reverse()),
  }
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
  const unknown = NodeMark.protects | NodeMark.mounted | NodeMark.replicaHole
  if ((node.marks & unknown) !== 0 || (node.marks & NodeMark.listed) === 0) return true
  return node.rows.some(row => pairs.hasReplica(row))
}

/** All rows but those that were dropped, ascending by path, the root's first. */
export function* rowsInOrder(pairs: PairTable, root: DirectoryNode): Generator<number> {
  yield root.row
  const stack: (number | DirectoryNode)[] = pushSorted(pairs, root, [])
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top === 'number') yield top
    else pushSorted(pairs, top, stack)
  }
}

/** Pushes a directory's rows, and the insides of its sub-directories, so that they pop in ascending order. */
function pushSorted(
  pairs: PairTable,
  node: DirectoryNode,
  stack: (number | DirectoryNode)[],
): (number | DirectoryNode)[] {
  const items: { readonly key: string; readonly item: number | DirectoryNode }[] = []
  for (const row of node.rows) {
    const name = pairs.nameOf(row)
    items.push({ key: name, item: row })
    const below = pairs.nodeOf(row)
    if (below?.isEmpty === false) items.push({ key: `${name}/`, item: below })
  }
  items.sort((a, b) => comparePaths(b.key, a.key))
  for (const { item } of items) stack.push(item)
  return stack
}
