/**
 * Which directories of the replica are told by the files of which new ones: votes, which go up to the directories above as
 * long as those have the same names.
 */
import type { Withholding } from '../model/change.js'
import { NodeMark } from '../model/node-mark.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'

/** Whether a directory is new in the source, and will be made. */
export function isNew(node: DirectoryNode | undefined): node is DirectoryNode {
  return node?.parent !== undefined && node.inSource && !node.inReplica && (node.marks & unsound) === 0
}

const unsound = NodeMark.hole | NodeMark.vanished | NodeMark.mounted

export interface Candidate {
  /** In the replica. */
  readonly from: DirectoryNode
  /** In the source. */
  readonly to: DirectoryNode
  readonly votes: number
}

export class Votes {
  private readonly pairs: PairTable
  private readonly withheld: ReadonlyMap<number, Withholding>
  private readonly counts = new Map<DirectoryNode, Map<DirectoryNode, number>>()
  /** The same two come many times in a row. */
  private last: { readonly from: DirectoryNode; readonly to: DirectoryNode; count: number } | undefined

  constructor(pairs: PairTable, withheld: ReadonlyMap<number, Withholding>) {
    this.pairs = pairs
    this.withheld = withheld
  }

  add(from: DirectoryNode, to: DirectoryNode): void {
    if (this.last?.from === from && this.last.to === to) {
      this.last.count += 1
      return
    }
    this.flush()
    this.last = { from, to, count: 1 }
  }

  /** Whether a directory of the replica goes, with all it holds. */
  isLeaving(node: DirectoryNode | undefined): boolean {
    if (node?.parent === undefined || node.inSource || (node.marks & unsound) !== 0) return false
    const why = this.withheld.get(node.row)
    // What filters protect goes along.
    const goes = why === undefined || why === 'holds protected entries'
    return this.pairs.action(node.row) === 'delete' && goes
  }

  candidates(): readonly Candidate[] {
    this.flush()
    return [...this.counts].flatMap(([to, each]) => [...each].map(([from, votes]) => ({ from, to, votes })))
  }

  private flush(): void {
    if (this.last === undefined) return
    const { count } = this.last
    let { from, to }: { from: DirectoryNode | undefined; to: DirectoryNode | undefined } = this.last
    while (from !== undefined && to !== undefined && this.isLeaving(from) && isNew(to)) {
      const each = this.counts.get(to) ?? new Map<DirectoryNode, number>()
      this.counts.set(to, each.set(from, (each.get(from) ?? 0) + count))
      if (from.name !== to.name) break
      from = from.parent
      to = to.parent
    }
    this.last = undefined
  }
}
