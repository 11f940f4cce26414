/**
 * Which rows each directory holds, and in which directory each row lies: two numbers a row and one a directory, whatever
 * order they come in.
 */
import { IntColumn } from './int-column.js'
import type { NameColumn } from './name-column.js'
import type { Name } from './path.js'

const none = -1

export class DirectoryRows {
  private readonly names: NameColumn
  private readonly nodes: RowNode[] = []
  /** By row the number of its directory. The row of a directory itself has the number of that. */
  private readonly numbers = new IntColumn()
  /** By row the one added before to the same directory. */
  private readonly previous = new IntColumn()
  /** By number of a directory the row added last. */
  private readonly last = new IntColumn()

  constructor(names: NameColumn) {
    this.names = names
  }

  /** Adds a row to the directory of another row (to none for the root). */
  push(directory: number | undefined): void {
    const number = this.numberOf(directory)
    const row = this.numbers.push(number)
    this.previous.push(this.last.at(number) ?? none)
    if (number !== none) this.last.set(number, row)
  }

  /** Makes the node of a row that is a directory. */
  addNode(row: number, inSource: boolean, inReplica: boolean): RowNode {
    const node = new RowNode(this, { row, parent: this.directoryOf(row), inSource, inReplica })
    this.numbers.set(row, this.nodes.length)
    this.nodes.push(node)
    this.last.push(none)
    return node
  }

  directoryOf(row: number): RowNode | undefined {
    const node = this.nodes[this.numbers.at(row) ?? none]
    return node?.row === row ? node.parent : node
  }

  nodeOf(row: number): RowNode | undefined {
    const node = this.nodes[this.numbers.at(row) ?? none]
    return node?.row === row ? node : undefined
  }

  nameOf(row: number): Name {
    return this.names.at(row)
  }

  /** Forgets a row, if it is the one added last to its directory. */
  dropLast(row: number): void {
    const number = this.numberOf(this.directoryOf(row)?.row)
    if (number !== none && this.last.at(number) === row) this.last.set(number, this.previous.at(row) ?? none)
  }

  /** Notes that the replica has the directory of a row, too. */
  setShared(directory: number): void {
    const node = this.nodeOf(directory)
    if (node !== undefined) node.inReplica = true
  }

  /** Forgets all rows of a directory. */
  empty(directory: number): void {
    const number = this.numberOf(directory)
    if (number !== none) this.last.set(number, none)
  }

  /** The row added last to the directory of a row. */
  lastIn(directory: number): number | undefined {
    const row = this.last.at(this.numberOf(directory)) ?? none
    return row === none ? undefined : row
  }

  /** The row that was added before to the same directory. */
  before(row: number): number | undefined {
    const previous = this.previous.at(row) ?? none
    return previous === none ? undefined : previous
  }

  private numberOf(directory: number | undefined): number {
    return directory === undefined ? none : (this.numbers.at(directory) ?? none)
  }
}

/** The node of a directory. What it holds, and what it is called, is in the columns. */
class RowNode {
  readonly row: number
  readonly parent: RowNode | undefined
  readonly inSource: boolean
  inReplica: boolean
  marks = 0
  private readonly all: DirectoryRows

  constructor(
    all: DirectoryRows,
    { row, parent, inSource, inReplica }: Pick<RowNode, 'row' | 'parent' | 'inSource' | 'inReplica'>,
  ) {
    this.all = all
    this.row = row
    this.parent = parent
    this.inSource = inSource
    this.inReplica = inReplica
  }

  get name(): Name {
    return this.all.nameOf(this.row)
  }

  get rows(): readonly number[] {
    const { all } = this
    const rows: number[] = []
    for (let row = all.lastIn(this.row); row !== undefined; row = all.before(row)) rows.push(row)
    return rows.reverse()
  }

  get isEmpty(): boolean {
    return this.all.lastIn(this.row) === undefined
  }
}
