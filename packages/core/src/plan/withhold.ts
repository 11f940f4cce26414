/**
 * Which removals are planned but not done, and why. A removal here is a deletion, or the replacing of a
 * directory that holds something.
 */
import type { Withholding } from '../model/change.js'
import { NodeMark } from '../model/node-mark.js'
import { type DirectoryNode, type PairTable, pathOfRow } from '../model/pairs.js'
import type { PlanOrder } from '../model/plan.js'
import { type Problem, problem } from '../model/problem.js'
import { RowSet } from '../model/row-set.js'

export interface WithholdInput {
  readonly hasHoles: boolean
  /** Rows of the replica that may only have moved in the source. */
  readonly moved: ReadonlySet<number>
  readonly settings: { readonly delete: boolean }
}

/** Rows between two steps. */
const rowsPerStep = 4096

export function* withholdRemovals(
  pairs: PairTable,
  order: PlanOrder,
  { hasHoles, moved, settings }: WithholdInput,
): Generator<void, ReadonlyMap<number, Withholding>> {
  const withheld = new Map<number, Withholding>()
  const removed = new RowSet(pairs.length, order.remove)
  const keeps = new Map<DirectoryNode, Withholding>()
  // Rows of one directory follow one another.
  let directory: DirectoryNode | undefined
  let isMounted = false
  // Directories come children first, so what a child must keep is known before its parent is judged.
  for (const [index, row] of order.remove.entries()) {
    if (index % rowsPerStep === 0) yield
    const why = hasHoles ? 'source not wholly read' : reasonToKeep(row)
    if (why === undefined) continue
    withheld.set(row, why)
    const parent = pairs.directoryOf(row)
    if (parent === undefined) continue
    // What is protected may go along with a directory that is renamed: any other reason weighs more.
    const known = keeps.get(parent)
    if (known === undefined || known === 'holds protected entries') keeps.set(parent, why)
  }
  return withheld

  function reasonToKeep(row: number): Withholding | undefined {
    const parent = pairs.directoryOf(row)
    if (parent !== directory) {
      directory = parent
      isMounted = liesInMount(parent)
    }
    if (isMounted) return 'mounted file system'
    if (moved.size > 0 && hasMoved(row)) return 'moved in the source'
    const node = pairs.nodeOf(row)
    if (node === undefined) return undefined
    const kept = keeps.get(node)
    if (kept !== undefined) return kept
    if ((node.marks & NodeMark.protects) !== 0) return 'holds protected entries'
    if ((node.marks & NodeMark.mounted) !== 0) return 'mounted file system'
    if ((node.marks & NodeMark.listed) === 0) return 'holds entries out of scope'
    if (pairs.action(row) === 'replace' && !settings.delete) return 'deletions are switched off'
    const stays = node.rows.some(below => pairs.hasReplica(below) && !removed.has(below))
    return stays || (node.marks & NodeMark.replicaHole) !== 0 ? 'holds entries out of scope' : undefined
  }

  /** Itself, or with a directory above it. */
  function hasMoved(row: number): boolean {
    if (moved.has(row)) return true
    for (let node = pairs.directoryOf(row); node !== undefined; node = node.parent) {
      if (moved.has(node.row)) return true
    }
    return false
  }
}

/** Nothing is removed inside a file system that is mounted in the replica. */
function liesInMount(directory: DirectoryNode | undefined): boolean {
  for (let node = directory; node?.parent !== undefined; node = node.parent) {
    if ((node.marks & NodeMark.mounted) !== 0) return true
  }
  return false
}

/** One problem for each reason, with a count and an example: nothing is left undone silently. */
export function withheldProblems(
  pairs: PairTable,
  withheld: ReadonlyMap<number, Withholding>,
): readonly Problem[] {
  const byReason = new Map<Withholding, { count: number; readonly example: number }>()
  for (const [row, why] of withheld) {
    // Each of these is told by itself.
    if (why === 'not as planned') continue
    const known = byReason.get(why)
    if (known === undefined) byReason.set(why, { count: 1, example: row })
    else known.count += 1
  }
  return [...byReason].map(([why, { count, example }]) => {
    const entries = count === 1 ? '1 entry stays' : `${count} entries stay`
    const message = `${entries} in the replica: ${explain(why)}`
    const path = pathOfRow(pairs, example)
    return why === 'moved in the source'
      ? problem('source-changed', 'source', path, message)
      : problem('withheld', 'replica', path, message)
  })
}

function explain(why: Withholding): string {
  switch (why) {
    case 'source not wholly read':
      return 'the source could not be wholly read, so nothing is proven absent'
    case 'holds protected entries':
      return 'the directory holds entries that filters protect'
    case 'mounted file system':
      return 'another file system is mounted there'
    case 'deletions are switched off':
      return 'replacing a directory would delete what it holds, and deletions are switched off'
    case 'moved in the source':
      return 'the source may have moved it while it was read, so it is not deleted before the next run'
    case 'not as planned':
      return 'the plan that is applied does not have it as it is'
    case 'holds entries out of scope':
      return 'the directory holds entries that are out of scope, or could not be looked at'
  }
}
