/**
 * Entries as columns: {@link cellsPerEntry} 64-bit cells each, so that a hundred thousand of them are one
 * buffer, which moves to another thread without being copied.
 */
import { type Entry, type Kind, kinds } from './entry.js'

export const cellsPerEntry = 8

const kindShift = 16n
const ownerShift = 32n
const low32 = 0xffff_ffffn

const kindCodes: ReadonlyMap<Kind, bigint> = new Map(kinds.map((kind, code) => [kind, BigInt(code)]))

/** Writes an entry at a cell offset. */
export function writeEntry(cells: BigInt64Array, at: number, entry: Entry): void {
  cells[at] = entry.device
  cells[at + 1] = entry.inode
  cells[at + 2] = BigInt(entry.size)
  cells[at + 3] = entry.mtimeNs
  cells[at + 4] = entry.ctimeNs
  cells[at + 5] = BigInt(entry.mode) | ((kindCodes.get(entry.kind) ?? 0n) << kindShift)
  cells[at + 6] = (BigInt(entry.uid) << ownerShift) | BigInt(entry.gid)
  cells[at + 7] = BigInt(entry.links)
}

/** Reads the entry at a cell offset. */
export function readEntry(cells: BigInt64Array, at: number): Entry {
  const kindAndMode = Number(cellAt(cells, at + 5))
  const owner = BigInt.asUintN(64, cellAt(cells, at + 6))
  return {
    kind: kindAt(cells, at),
    size: Number(cellAt(cells, at + 2)),
    mode: kindAndMode & 0o7777,
    uid: Number(owner >> ownerShift),
    gid: Number(owner & low32),
    mtimeNs: cellAt(cells, at + 3),
    ctimeNs: cellAt(cells, at + 4),
    device: BigInt.asUintN(64, cellAt(cells, at)),
    inode: BigInt.asUintN(64, cellAt(cells, at + 1)),
    links: Number(cellAt(cells, at + 7)),
  }
}

/** The kind of the entry at a cell offset, without reading the rest. */
export function kindAt(cells: BigInt64Array, at: number): Kind {
  const kind = kinds[Number(cellAt(cells, at + 5) >> kindShift)]
  if (kind === undefined) throw new RangeError(`no entry at cell ${at}`)
  return kind
}

/** The size of the entry at a cell offset, in bytes, without reading the rest. */
export function sizeAt(cells: BigInt64Array, at: number): number {
  return Number(cellAt(cells, at + 2))
}

function cellAt(cells: BigInt64Array, at: number): bigint {
  const cell = cells[at]
  if (cell === undefined) throw new RangeError(`no entry at cell ${at}`)
  return cell
}

/** Columns that grow: entries are added at the end and read by their cell offset. */
export class EntryCells {
  private cells: BigInt64Array = new BigInt64Array(cellsPerEntry * 64)
  private used = 0

  /** Adds an entry and returns its cell offset. */
  add(entry: Entry): number {
    const at = this.used
    this.reserve(cellsPerEntry)
    writeEntry(this.cells, at, entry)
    this.used += cellsPerEntry
    return at
  }

  /** Adds all the entries of another column and returns the cell offset of the first. */
  addAll(other: BigInt64Array): number {
    const at = this.used
    this.reserve(other.length)
    this.cells.set(other, at)
    this.used += other.length
    return at
  }

  read(at: number): Entry {
    return readEntry(this.cells, at)
  }

  kindAt(at: number): Kind {
    return kindAt(this.cells, at)
  }

  sizeAt(at: number): number {
    return sizeAt(this.cells, at)
  }

  /** A copy of the used part with a buffer of its own, to be transferred. */
  toCells(): BigInt64Array<ArrayBuffer> {
    return this.cells.slice(0, this.used)
  }

  /** A copy of one entry's cells into another column. */
  copyTo(at: number, target: BigInt64Array, targetAt: number): void {
    target.set(this.cells.subarray(at, at + cellsPerEntry), targetAt)
  }

  private reserve(more: number): void {
    if (this.used + more <= this.cells.length) return
    const grown = new BigInt64Array(Math.max(this.used + more, Math.ceil(this.cells.length * 1.5)))
    grown.set(this.cells.subarray(0, this.used))
    this.cells = grown
  }
}
