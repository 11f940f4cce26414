/**
 * The pairs a walk found worth keeping: directories, and everything that differs. One row a pair; entries are
 * cells, directories are nodes. Equal files are only counted and have no row.
 */
import { type Action, reasonBit } from './change.js'
import { DirectoryRows } from './directory-rows.js'
import type { Entry } from './entry.js'
import { cellsPerEntry, EntryCells } from './entry-cells.js'
import { NameColumn } from './name-column.js'
import { joinPath, type Name, type RelativePath } from './path.js'
import { absent, SideColumn } from './side-column.js'
import { VerdictColumn } from './verdict-column.js'

/** A directory that the walk visits: one that either side has. The root is its own, without parent. */
export interface DirectoryNode {
  readonly parent: DirectoryNode | undefined
  readonly name: Name
  /** The row of the directory's own pair. */
  readonly row: number
  /** The rows of what it holds, in a list that is made anew for each who asks. */
  readonly rows: readonly number[]
  readonly isEmpty: boolean
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

/** The rows of a walk: a few numbers each, in columns, for there may be many millions. */
export class PairTable {
  private readonly cells = new EntryCells()
  private readonly names = new NameColumn()
  private readonly directories = new DirectoryRows(this.names)
  private readonly verdicts = new VerdictColumn()
  private readonly sources = new SideColumn(this.cells)
  private readonly replicas = new SideColumn(this.cells)

  get length(): number {
    return this.verdicts.length
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
    this.names.push(pair.name)
    this.directories.push(directory?.row)
    this.sources.push(pair.sourceAt)
    this.replicas.push(pair.replicaAt)
    return this.verdicts.push(pair.action, pair.reasonBits)
  }

  /** Makes the node of a row whose pair is a directory on either side. */
  addNode(row: number): DirectoryNode {
    return this.directories.addNode(row, this.sources.isDirectory(row), this.replicas.isDirectory(row))
  }

  nameOf(row: number): Name {
    return this.names.at(row)
  }

  /** Compares two names as {@link NameColumn.compare} does. */
  compareNames(a: number, slashA: boolean, b: number, slashB: boolean): number {
    return this.names.compare(a, slashA, b, slashB)
  }

  directoryOf(row: number): DirectoryNode | undefined {
    return this.directories.directoryOf(row)
  }

  nodeOf(row: number): DirectoryNode | undefined {
    return this.directories.nodeOf(row)
  }

  action(row: number): Action | undefined {
    return this.verdicts.action(row)
  }

  reasonBits(row: number): number {
    return this.verdicts.reasonBits(row)
  }

  setVerdict(row: number, action: Action | undefined, reasonBits: number): void {
    this.verdicts.set(row, action, reasonBits)
  }

  /** Whether the include patterns match the row itself. */
  isMatched(row: number): boolean {
    return this.verdicts.isMatched(row)
  }

  setMatched(row: number): void {
    this.verdicts.setMatched(row)
  }

  /** Forgets the source side of a row, which a filter refused. */
  dropSource(row: number): void {
    this.sources.drop(row)
  }

  /** The cell offset of what the replica has of a row. */
  replicaAt(row: number): number {
    return this.replicas.at(row)
  }

  /** Writes the cells of an entry at a cell offset of a column given as its words. */
  copyEntry(at: number, target: Uint32Array, to: number): void {
    this.cells.copyTo(at, target, to)
  }

  /** Takes a row that only the replica has out of all that is to be done. */
  forget(row: number): void {
    this.replicas.drop(row)
    this.setVerdict(row, undefined, 0)
  }

  /** Makes one directory the replica's side of another; what both hold is forgotten, for it is to be compared. */
  moveDirectory(from: DirectoryNode, to: DirectoryNode): void {
    this.replicas.move(from.row, to.row)
    this.setVerdict(to.row, 'rename', this.reasonBits(to.row))
    this.setVerdict(from.row, undefined, 0)
    for (const { row } of [from, to]) this.directories.empty(row)
    this.directories.setShared(to.row)
  }

  /** Forgets the replica side of a row, which is another row's: what the source has there is new. */
  dropReplica(row: number): void {
    this.replicas.drop(row)
    if (this.hasSource(row)) this.setVerdict(row, 'create', reasonBit('new'))
  }

  /** Forgets the row added last. */
  dropLast(row: number): void {
    this.directories.dropLast(row)
  }

  source(row: number): Entry | undefined {
    return this.sources.entry(row)
  }

  replica(row: number): Entry | undefined {
    return this.replicas.entry(row)
  }

  hasSource(row: number): boolean {
    return this.sources.has(row)
  }

  hasReplica(row: number): boolean {
    return this.replicas.has(row)
  }

  /** Whether either side has a directory. */
  isDirectory(row: number): boolean {
    return this.sources.isDirectory(row) || this.replicas.isDirectory(row)
  }

  /** The size in bytes of a file in the source; 0 for everything else. */
  sourceBytes(row: number): number {
    return this.sources.bytes(row)
  }

  /** The size in bytes of a file in the replica; 0 for everything else. */
  replicaBytes(row: number): number {
    return this.replicas.bytes(row)
  }

  /** How many names the source's entry has; 0 where there is none, or a directory. */
  sourceNames(row: number): number {
    return this.sources.names(row)
  }

  /** How many names the replica's entry has; 0 where there is none, or a directory. */
  replicaNames(row: number): number {
    return this.replicas.names(row)
  }

  /** What a file of the source takes on a disk that keeps holes; 0 for everything else. */
  sourceCost(row: number): number {
    return this.sources.cost(row)
  }

  /** What a file of the replica takes at the least; 0 for everything else. */
  replicaCost(row: number): number {
    return this.replicas.cost(row)
  }

  /** Writes the cells of a row's sides, source first, at a cell offset of a column given as its words, and returns how many cells were written. */
  copyCells(row: number, target: Uint32Array, at: number): number {
    const source = this.sources.at(row)
    const replica = this.replicas.at(row)
    if (source !== absent) this.cells.copyTo(source, target, at)
    const written = source === absent ? 0 : cellsPerEntry
    if (replica === absent) return written
    this.cells.copyTo(replica, target, at + written)
    return written + cellsPerEntry
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
