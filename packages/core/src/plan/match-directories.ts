/**
 * Which directories of the replica that are to be deleted were only renamed or moved in the source: they are told by what
 * they hold. A directory that is new in the source and one that is to go are held for one when more than half of what
 * the smaller of them holds is in both, under the same names, of the same size and time.
 *
 * 1. each new file votes for the directories in which the same file is to be deleted
 * 2. votes go up to the directories above, as long as those have the same names
 * 3. the pairs with the most votes come first, and with each the directories of the same names that both hold
 */
import type { Withholding } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import { type DirectoryNode, type PairTable, pathOfNode } from '../model/pairs.js'
import type { RelativePath } from '../model/path.js'
import type { PlanOrder } from '../model/plan.js'
import { isNew, Votes } from './directory-votes.js'
import { numberOfNamed, RowIndex } from './row-index.js'

/** Rows between two steps. */
const rowsPerStep = 2048
/** Of files that are alike in all respects, no more are looked at. */
const mostAlike = 8

export interface DirectoryMatch {
  /** In the replica. */
  readonly from: DirectoryNode
  /** In the source. */
  readonly to: DirectoryNode
}

/**
 * Those above others come first.
 *
 * @param withheld rows of `order.remove` that stay
 * @param timeStepNs what is kept of times
 */
export function* matchDirectories(
  pairs: PairTable,
  order: PlanOrder,
  withheld: ReadonlyMap<number, Withholding>,
  timeStepNs: bigint,
): Generator<void, readonly DirectoryMatch[]> {
  const votes = new Votes(pairs, withheld)
  const index = new RowIndex(order.removeFiles)
  for (let at = 0; at < order.removeFiles; at++) {
    if (at % rowsPerStep === 0) yield
    const row = order.remove[at] ?? 0
    const entry = votes.isLeaving(pairs.directoryOf(row)) ? pairs.replica(row) : undefined
    if (entry !== undefined && tells(entry)) index.add(numberIn(pairs, row, entry, timeStepNs), row)
  }
  if (index.isEmpty) return []
  for (const [at, row] of order.copy.entries()) {
    if (at % rowsPerStep === 0) yield
    const to = pairs.action(row) === 'create' ? pairs.directoryOf(row) : undefined
    const entry = isNew(to) && pairs.nodeOf(row) === undefined ? pairs.source(row) : undefined
    if (to === undefined || entry === undefined || !tells(entry)) continue
    let alike = 0
    for (const old of index.find(numberIn(pairs, row, entry, timeStepNs))) {
      const from = pairs.directoryOf(old)
      if (
        from === undefined ||
        pairs.nameOf(old) !== pairs.nameOf(row) ||
        !isAlike(entry, pairs.replica(old), timeStepNs)
      )
        continue
      votes.add(from, to)
      if (++alike === mostAlike) break
    }
  }
  return choose(pairs, votes)
}

/** With the name, for there may be very many of one size and time. */
function numberIn(pairs: PairTable, row: number, { size, mtimeNs }: Entry, timeStepNs: bigint): number {
  return numberOfNamed(pairs.nameOf(row), size, mtimeNs / timeStepNs)
}

/** What has no time of its own says nothing. */
function tells({ kind }: Entry): boolean {
  return kind === 'file'
}

function isAlike(source: Entry, replica: Entry | undefined, timeStepNs: bigint): boolean {
  return replica?.size === source.size && replica.mtimeNs / timeStepNs === source.mtimeNs / timeStepNs
}

function choose(pairs: PairTable, votes: Votes): readonly DirectoryMatch[] {
  const sizes = new Sizes(pairs)
  const taken = new Map<DirectoryNode, DirectoryNode>()
  const chosen: { readonly match: DirectoryMatch; readonly path: RelativePath }[] = []
  // Of directories in each other that are told by the same files, the uppermost.
  const candidates = [...votes.candidates()].sort(
    (a, b) => b.votes - a.votes || depthOf(a.to) - depthOf(b.to),
  )
  for (const { from, to, votes: count } of candidates) {
    if (taken.has(from) || taken.has(to)) continue
    const isEnough = 2 * count > Math.min(sizes.of(from), sizes.of(to))
    if (!isEnough || collides(pairs, taken, from, to)) continue
    chosen.push({ match: { from, to }, path: pathOfNode(to) })
    take(pairs, taken, from, to)
  }
  return chosen.sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ match }) => match)
}

/** With two directories those of the same names that they hold become one, too. */
function take(
  pairs: PairTable,
  taken: Map<DirectoryNode, DirectoryNode>,
  from: DirectoryNode,
  to: DirectoryNode,
): void {
  const stack: (readonly [DirectoryNode, DirectoryNode])[] = [[from, to]]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [old, now] = next
    taken.set(old, now)
    taken.set(now, old)
    const inside = new Map(nodesIn(pairs, old).map(node => [node.name, node]))
    for (const node of nodesIn(pairs, now)) {
      const same = inside.get(node.name)
      if (same !== undefined && !taken.has(same) && !taken.has(node)) stack.push([same, node])
    }
  }
}

/** Whether something is in the way of the one where the other is to be, or inside of it. */
function collides(
  pairs: PairTable,
  taken: ReadonlyMap<DirectoryNode, DirectoryNode>,
  from: DirectoryNode,
  to: DirectoryNode,
): boolean {
  for (let node = to; node.parent !== undefined && !node.inReplica; node = node.parent) {
    if (pairs.action(node.row) !== 'create') return true
    const arriving = taken.get(node.parent)
    if (arriving === undefined) continue
    // What comes with the directory above may have the name already.
    if (arriving.rows.some(row => pairs.nameOf(row) === node.name)) return true
    break
  }
  const stack: (readonly [DirectoryNode, DirectoryNode])[] = [[from, to]]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [old, now] = next
    const names = new Map(old.rows.map(row => [pairs.nameOf(row), row]))
    for (const node of nodesIn(pairs, now)) {
      const row = names.get(node.name)
      if (row === undefined) continue
      const inside = pairs.nodeOf(row)
      const isFree = inside !== undefined && !taken.has(inside) && !taken.has(node)
      if (isFree) stack.push([inside, node])
      else if (taken.has(node) || some(below(pairs, node), each => taken.has(each))) return true
    }
  }
  return false
}

function some<T>(items: Iterable<T>, isSo: (item: T) => boolean): boolean {
  for (const item of items) if (isSo(item)) return true
  return false
}

function* below(pairs: PairTable, node: DirectoryNode): Generator<DirectoryNode> {
  const stack = [...nodesIn(pairs, node)]
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    yield at
    stack.push(...nodesIn(pairs, at))
  }
}

function depthOf(node: DirectoryNode): number {
  let depth = 0
  for (let above = node.parent; above !== undefined; above = above.parent) depth += 1
  return depth
}

/** How many files directories hold: those in them, or all below them where there are none. */
class Sizes {
  private readonly pairs: PairTable
  private readonly known = new Map<DirectoryNode, number>()

  constructor(pairs: PairTable) {
    this.pairs = pairs
  }

  of(node: DirectoryNode): number {
    const known = this.known.get(node)
    if (known !== undefined) return known
    let files = this.filesIn(node)
    const stack = files > 0 ? [] : [node]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      files += this.filesIn(at)
      stack.push(...nodesIn(this.pairs, at))
    }
    this.known.set(node, files)
    return files
  }

  private filesIn({ rows }: DirectoryNode): number {
    return rows.filter(row => this.pairs.nodeOf(row) === undefined).length
  }
}

function nodesIn(pairs: PairTable, node: DirectoryNode): readonly DirectoryNode[] {
  return node.rows.flatMap(row => pairs.nodeOf(row) ?? [])
}
