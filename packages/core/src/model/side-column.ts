/** What one side has of each row: where the cells of its entry are, and what can be said of it without reading them all. */
import type { Entry } from './entry.js'
import type { EntryCells } from './entry-cells.js'
import { IntColumn } from './int-column.js'

/** Stands for a side that has nothing. */
export const absent = -1

export class SideColumn {
  private readonly cells: EntryCells
  private readonly places = new IntColumn()

  constructor(cells: EntryCells) {
    this.cells = cells
  }

  /** Adds a row, by the cell offset of its entry or {@link absent}. */
  push(at: number): void {
    this.places.push(at)
  }

  /** Forgets what the side has of a row. */
  drop(row: number): void {
    this.places.set(row, absent)
  }

  /** Gives what the side has of one row to another. */
  move(from: number, to: number): void {
    this.places.set(to, this.at(from))
    this.drop(from)
  }

  /** The cell offset of a row's entry, or {@link absent}. */
  at(row: number): number {
    return this.places.at(row) ?? absent
  }

  has(row: number): boolean {
    return this.at(row) !== absent
  }

  entry(row: number): Entry | undefined {
    const at = this.at(row)
    return at === absent ? undefined : this.cells.read(at)
  }

  isDirectory(row: number): boolean {
    const at = this.at(row)
    return at !== absent && this.cells.kindAt(at) === 'directory'
  }

  /** The size of a file in bytes; 0 for everything else. */
  bytes(row: number): number {
    const at = this.at(row)
    return at !== absent && this.cells.kindAt(at) === 'file' ? this.cells.sizeAt(at) : 0
  }

  /** How many names an entry has; 0 where there is none, or a directory. */
  names(row: number): number {
    const at = this.at(row)
    return at === absent || this.cells.kindAt(at) === 'directory' ? 0 : this.cells.linksAt(at)
  }

  /** What a file takes at the least, where holes are kept; 0 for everything else. */
  cost(row: number): number {
    const at = this.at(row)
    return at === absent ? 0 : Math.min(this.bytes(row), this.cells.allocatedAt(at))
  }
}
