/**
 * The pairs a walk found worth keeping: directories, and everything that differs. One row a pair; entries are
 * cells, directories are nodes. Equal files are only counted and have no row.
 */
import { type Action, actions } from './change.js'
import type { Entry } from './entry.js'
import { cellsPerEntry, EntryCells } from './entry-cells.js'
import { joinPath, type Name, type RelativePath } from './path.js'

/** A directory that the walk visits: one that either side has. The root is its own, without parent. */
export interface DirectoryNode {
  readonly parent: DirectoryNode | undefined
  readonly name: Name
  /** The row of the directory's own pair. */
  readonly row: number
  /** The rows of what it holds. */
  readonly rows: number[]
  readonly inSource: boolean
  readonly inReplica: boolean
  /** A bit set of `NodeMark`. */
  marks: number
}

/** What a row is made of. A cell offset of {@link absent} stands for a side that has nothing. */
export interface PairRow {
  readonly name: Name
  readonly action: Action | undefined
  readonly reasonBits: number
  readonly sourceAt: number
  readonly replicaAt: number
}

export const absent = -1

const noAction = 15
const reasonShift = 4
const matchedBit = 1 << 30

/** The rows of a walk. */
export class PairTable {
  private readonly cells = new EntryCells()
  private readonly names: Name[] = []
  private readonly directories: (DirectoryNode | undefined)[] = []
  private readonly nodes = new Map<number, DirectoryNode>()
  private readonly verdicts: number[] = []
  private readonly sourceAt: number[] = []
  private readonly replicaAt: number[] = []

  get length(): number {
    return this.names.length
  }

  /** Adds one entry and returns its cell offset, for {@link PairTable.add}. */
  addEntry(entry: Entry): number {
    return this.cells.add(entry)
  }

  /** Adds a column of entries and returns the cell offset of the first. */
  addEntries(cells: BigInt64Array): number {
    return this.cells.addAll(cells)
  }

  /** Adds a row beneath a directory (none for the root) and returns its number. */
  add(directory: DirectoryNode | undefined, pair: PairRow): number {
    const row = this.names.length
    this.names.push(pair.name)
    this.directories.push(directory)
    this.verdicts.push(0)
    this.sourceAt.push(pair.sourceAt)
    this.replicaAt.push(pair.replicaAt)
    this.setVerdict(row, pair.action, pair.reasonBits)
    directory?.rows.push(row)
    return row
  }

  /** Makes the node of a row whose pair is a directory on either side. */
  addNode(row: number, parent: DirectoryNode | undefined): DirectoryNode {
    const node: DirectoryNode = {
      parent,
      name: this.nameOf(row),
      row,
      rows: [],
      inSource: this.source(row)?.kind === 'directory',
      inReplica: this.replica(row)?.kind === 'directory',
      marks: 0,
    }
    this.nodes.set(row, node)
    return node
  }

  nameOf(row: number): Name {
    return this.names[row] as Name
  }

  directoryOf(row: number): DirectoryNode | undefined {
    return this.directories[row]
  }

  nodeOf(row: number): DirectoryNode | undefined {
    return this.nodes.get(row)
  }

  action(row: number): Action | undefined {
    return actions[this.verdict(row) & noAction]
  }

  reasonBits(row: number): number {
    return (this.verdict(row) & ~matchedBit) >> reasonShift
  }

  setVerdict(row: number, action: Action | undefined, reasonBits: number): void {
    this.verdicts[row] =
      (this.verdict(row) & matchedBit) |
      (action === undefined ? noAction : actions.indexOf(action)) |
      (reasonBits << reasonShift)
  }

  /** Whether the include patterns match the row itself. */
  isMatched(row: number): boolean {
    return (this.verdict(row) & matchedBit) !== 0
  }

  setMatched(row: number): void {
    this.verdicts[row] = this.verdict(row) | matchedBit
  }

  /** Forgets the source side of a row, which a filter refused. */
  dropSource(row: number): void {
    this.sourceAt[row] = absent
  }

  /** Forgets the row added last. */
  dropLast(row: number): void {
    const rows = this.directories[row]?.rows
    if (rows?.at(-1) === row) rows.pop()
  }

  source(row: number): Entry | undefined {
    const at = this.sourceAt[row] ?? absent
    return at < 0 ? undefined : this.cells.read(at)
  }

  replica(row: number): Entry | undefined {
    const at = this.replicaAt[row] ?? absent
    return at < 0 ? undefined : this.cells.read(at)
  }

  /** The size in bytes of a file in the source; 0 for everything else. */
  sourceBytes(row: number): number {
    return this.bytesAt(this.sourceAt[row] ?? absent)
  }

  /** The size in bytes of a file in the replica; 0 for everything else. */
  replicaBytes(row: number): number {
    return this.bytesAt(this.replicaAt[row] ?? absent)
  }

  /** Writes the cells of a row's replica side, which must be there. */
  copyReplica(row: number, target: BigInt64Array, at: number): void {
    this.cells.copyTo(this.replicaAt[row] ?? absent, target, at)
  }

  /** How many names the source's entry has; 0 where there is none, or a directory. */
  sourceNames(row: number): number {
    return this.namesAt(this.sourceAt[row] ?? absent)
  }

  /** How many names the replica's entry has; 0 where there is none, or a directory. */
  replicaNames(row: number): number {
    return this.namesAt(this.replicaAt[row] ?? absent)
  }

  /** What a file of the source takes on a disk that keeps holes; 0 for everything else. */
  sourceCost(row: number): number {
    return this.costAt(this.sourceAt[row] ?? absent)
  }

  /** What a file of the replica takes at the least; 0 for everything else. */
  replicaCost(row: number): number {
    return this.costAt(this.replicaAt[row] ?? absent)
  }

  hasSource(row: number): boolean {
    return (this.sourceAt[row] ?? absent) >= 0
  }

  hasReplica(row: number): boolean {
    return (this.replicaAt[row] ?? absent) >= 0
  }

  /** Writes the cells of a row's sides, source first, and returns how many cells were written. */
  copyCells(row: number, target: BigInt64Array, at: number): number {
    let written = 0
    for (const from of [this.sourceAt[row] ?? absent, this.replicaAt[row] ?? absent]) {
      if (from < 0) continue
      this.cells.copyTo(from, target, at + written)
      written += cellsPerEntry
    }
    return written
  }

  private bytesAt(at: number): number {
    return at >= 0 && this.cells.kindAt(at) === 'file' ? this.cells.sizeAt(at) : 0
  }

  private namesAt(at: number): number {
    return at < 0 || this.cells.kindAt(at) === 'directory' ? 0 : this.cells.linksAt(at)
  }

  private costAt(at: number): number {
    return at < 0 ? 0 : Math.min(this.bytesAt(at), this.cells.allocatedAt(at))
  }

  private verdict(row: number): number {
    return this.verdicts[row] ?? noAction
  }
}

/** The path of a directory, made by climbing: nodes keep none, for a deep tree's would fill the memory. */
export function pathOfNode(node: DirectoryNode): RelativePath {
  const names: Name[] = []
  for (let at: DirectoryNode | undefined = node; at?.parent !== undefined; at = at.parent) names.push(at.name)
  return names.reverse().join('/')
}

/** The path of a row. */
export function pathOfRow(pairs: PairTable, row: number): RelativePath {
  const directory = pairs.directoryOf(row)
  return directory === undefined ? '' : joinPath(pathOfNode(directory), pairs.nameOf(row))
}
