/**
 * What of a plan is not done because a plan that was made before does not have it, and what depends on that. Each row is
 * held back once, with what follows from it:
 *
 * - what would be made in a directory that is not made, or that is not renamed; what is moved out of one that is not renamed
 * - what would be linked to it
 * - what was to come where it goes away from, and the removal of what keeps it
 * - the renaming of a directory that would take along what the held plan does not know
 */
import type { Withholding } from '../model/change.js'
import type { PlannedLinks } from '../model/links.js'
import type { PlannedMoves } from '../model/moves.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import { isWithin, type RelativePath } from '../model/path.js'
import type { PlanOrder } from '../model/plan.js'
import { nearestNode, rowAt } from '../model/row-at.js'
import { RowSet } from '../model/row-set.js'

/** What a plan that was made before says of the rows of this one. */
export interface Earlier {
  readonly isAsPlanned: (row: number) => boolean
  /** What it had and this one does not; asked when all rows were. */
  readonly missed: () => Iterable<{ readonly path: RelativePath }>
}

/** A plan before it is summed up. */
export interface Undecided {
  readonly pairs: PairTable
  readonly order: PlanOrder
  /** What is withheld for other reasons. */
  readonly withheld: ReadonlyMap<number, Withholding>
  readonly links: PlannedLinks
  readonly moves: PlannedMoves
}

export interface HeldBack {
  readonly withheld: ReadonlyMap<number, Withholding>
  /** Rows that are as they were planned, but for what they depend on. */
  readonly dependent: ReadonlySet<number>
}

/** Rows between two steps. */
const rowsPerStep = 1024

export function* holdBack(plan: Undecided, earlier: Earlier): Generator<void, HeldBack> {
  const { pairs, order } = plan
  const holder = new Holder(plan)
  let judged = 0
  for (const rows of [order.move, order.copy, order.remove, order.finish]) {
    for (const row of rows) {
      if (++judged % rowsPerStep === 0) yield
      if (earlier.isAsPlanned(row)) continue
      holder.hold(row)
      if (pairs.hasReplica(row)) holder.keepInPlace(pairs.directoryOf(row))
    }
  }
  if (plan.moves.directories.size > 0)
    for (const { path } of earlier.missed()) holder.keepInPlace(nearestNode(pairs, path))
  yield* holder.follow()
  return { withheld: holder.withheld, dependent: holder.dependent }
}

class Holder {
  readonly withheld: Map<number, Withholding>
  readonly dependent = new Set<number>()
  private readonly plan: Undecided
  private readonly planned: RowSet
  /** Rows of which it was noted what follows. */
  private readonly met: RowSet
  private readonly open: number[] = []
  private linked: ReadonlyMap<number, readonly number[]> | undefined
  private readonly movedFrom: ReadonlyMap<number, number>

  constructor(plan: Undecided) {
    const { pairs, order, moves } = plan
    this.plan = plan
    this.withheld = new Map(plan.withheld)
    this.met = new RowSet(pairs.length)
    this.planned = new RowSet(pairs.length)
    for (const rows of [order.move, order.copy, order.remove, order.finish])
      for (const row of rows) this.planned.add(row)
    this.movedFrom = new Map([...moves.files].map(([to, { from }]) => [from, to]))
  }

  hold(row: number): void {
    if (this.met.has(row) || !this.planned.has(row)) return
    this.met.add(row)
    if (!this.withheld.has(row)) this.withheld.set(row, 'not as planned')
    this.open.push(row)
  }

  /** What is not as planned is not taken along by a directory that is renamed. */
  keepInPlace(directory: DirectoryNode | undefined): void {
    const { moves } = this.plan
    if (moves.directories.size === 0) return
    for (let node = directory; node !== undefined; node = node.parent)
      if (moves.directories.has(node.row)) this.depend(node.row)
  }

  *follow(): Generator<void> {
    let followed = 0
    for (let row = this.open.pop(); row !== undefined; row = this.open.pop()) {
      if (++followed % rowsPerStep === 0) yield
      this.followRow(row)
    }
  }

  private depend(row: number | undefined): void {
    if (row === undefined || this.met.has(row)) return
    if (this.planned.has(row) && !this.withheld.has(row)) this.dependent.add(row)
    this.hold(row)
  }

  private followRow(row: number): void {
    const { pairs, moves } = this.plan
    const action = pairs.action(row)
    const node = pairs.nodeOf(row)
    // In a directory that only keeps its attributes everything else goes on.
    if (node !== undefined && action !== 'metadata' && action !== 'delete') this.holdBelow(node)
    this.followName(row)
    if (action === 'delete') this.keep(pairs.directoryOf(row))
    const file = moves.files.get(row)
    if (file !== undefined) {
      this.keep(pairs.directoryOf(file.from))
      if (pairs.action(file.from) === 'delete') this.depend(file.from)
    }
    const directory = moves.directories.get(row)
    if (directory === undefined) return
    this.keep(directory.from)
    this.holdAt(directory.was)
    // Where these are was found out as if this one had been moved before.
    for (const [other, { was }] of moves.directories)
      if (other !== row && isWithin(was, directory.was)) this.depend(other)
  }

  /** What was to come to a place that is not left. */
  private holdAt(path: RelativePath): void {
    const { pairs } = this.plan
    const row = rowAt(pairs, path)
    if (row === undefined || !pairs.hasSource(row)) return
    this.depend(row)
    const node = pairs.nodeOf(row)
    if (node !== undefined) this.holdBelow(node)
  }

  /** What gets its content from a row, or from where it is. */
  private followName(row: number): void {
    this.depend(this.movedFrom.get(row))
    for (const other of this.linkedTo(row)) this.depend(other)
  }

  private holdBelow(node: DirectoryNode): void {
    const { pairs } = this.plan
    const stack = [node]
    for (let above = stack.pop(); above !== undefined; above = stack.pop()) {
      for (const row of above.rows) {
        this.depend(row)
        this.followName(row)
        const below = pairs.nodeOf(row)
        if (below !== undefined) stack.push(below)
      }
    }
  }

  /** A directory in which something stays is not removed. */
  private keep(node: DirectoryNode | undefined): void {
    const action = node === undefined ? undefined : this.plan.pairs.action(node.row)
    if (action === 'delete' || (action === 'replace' && node?.inReplica === true)) this.depend(node?.row)
  }

  private linkedTo(row: number): readonly number[] {
    const { to } = this.plan.links
    if (to.size === 0) return []
    this.linked ??= grouped(to)
    return this.linked.get(row) ?? []
  }
}

function grouped(to: ReadonlyMap<number, number>): ReadonlyMap<number, readonly number[]> {
  const all = new Map<number, number[]>()
  for (const [row, leader] of to) {
    const rows = all.get(leader)
    if (rows === undefined) all.set(leader, [row])
    else rows.push(row)
  }
  return all
}
