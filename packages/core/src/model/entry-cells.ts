/**
 * Entries as columns: {@link cellsPerEntry} 64-bit cells each, so that a hundred thousand of them are one
 * buffer, which moves to another thread without being copied.
 */
import { type Entry, isDevice, type Kind, kinds } from './entry.js'

export const cellsPerEntry = 8

/** 64-bit cells: what needs all bits, or more than a double holds. */
const Cell = { device: 0, inode: 1, mtime: 2, ctime: 3 } as const
/** A cell that is a double. A device has no size: its number is in this place. */
const sizeCell = 4
const allocatedCell = 5
/** 32-bit words, two to a cell, of the last two cells. */
const Word = { mode: 12, links: 13, uid: 14, gid: 15 } as const

const kindShift = 16
const kindMask = 7
/**
 * 64 bits of nanoseconds end in 2262, and some file systems go on. A time beyond that is kept in two parts: all but its
 * last eight bits in its cell, and these beside the mode, with a flag.
 */
const farShift = 20
const farMask = 255
const farFlag = 1 << 28
/** The furthest time in either direction that has room: what is beyond is taken for it. */
export const farthestNs: bigint = 2n ** 71n - 1n
const kindCodes: ReadonlyMap<Kind, number> = new Map(kinds.map((kind, code) => [kind, code]))

/** One buffer, seen as what its cells hold: reading a number from a bigint costs ten times as much. */
interface Views {
  readonly cells: BigInt64Array
  readonly words: Uint32Array
  readonly doubles: Float64Array
}

function viewsOf(cells: BigInt64Array): Views {
  const { buffer, byteOffset, length } = cells
  return {
    cells,
    words: new Uint32Array(buffer, byteOffset, length * 2),
    doubles: new Float64Array(buffer, byteOffset, length),
  }
}

function write({ cells, words, doubles }: Views, at: number, entry: Entry): void {
  cells[at + Cell.device] = entry.device
  cells[at + Cell.inode] = entry.inode
  cells[at + Cell.ctime] = entry.ctimeNs
  doubles[at + sizeCell] = isDevice(entry.kind) ? entry.deviceNumber : entry.size
  doubles[at + allocatedCell] = entry.allocated
  let mode = entry.mode | ((kindCodes.get(entry.kind) ?? 0) << kindShift)
  const isFar = BigInt.asIntN(64, entry.mtimeNs) !== entry.mtimeNs
  const mtimeNs = isFar ? withinReach(entry.mtimeNs) : entry.mtimeNs
  if (isFar) mode |= farFlag | ((Number(BigInt.asUintN(8, mtimeNs)) & farMask) << farShift)
  cells[at + Cell.mtime] = isFar ? mtimeNs >> 8n : mtimeNs
  words[at * 2 + Word.mode] = mode
  words[at * 2 + Word.links] = entry.links
  words[at * 2 + Word.uid] = entry.uid
  words[at * 2 + Word.gid] = entry.gid
}

function withinReach(time: bigint): bigint {
  if (time < -farthestNs) return -farthestNs
  return time > farthestNs ? farthestNs : time
}

function read({ cells, words, doubles }: Views, at: number): Entry {
  const kindAndMode = words[at * 2 + Word.mode] ?? 0
  const kind = kindOf(kindAndMode, at)
  const sizeOrNumber = doubles[at + sizeCell] ?? 0
  return {
    kind,
    size: isDevice(kind) ? 0 : sizeOrNumber,
    allocated: doubles[at + allocatedCell] ?? 0,
    mode: kindAndMode & 0o7777,
    uid: words[at * 2 + Word.uid] ?? 0,
    gid: words[at * 2 + Word.gid] ?? 0,
    mtimeNs: timeOf(cells[at + Cell.mtime] ?? 0n, kindAndMode),
    ctimeNs: cells[at + Cell.ctime] ?? 0n,
    device: BigInt.asUintN(64, cells[at + Cell.device] ?? 0n),
    inode: BigInt.asUintN(64, cells[at + Cell.inode] ?? 0n),
    links: words[at * 2 + Word.links] ?? 0,
    deviceNumber: isDevice(kind) ? sizeOrNumber : 0,
  }
}

function timeOf(cell: bigint, kindAndMode: number): bigint {
  if ((kindAndMode & farFlag) === 0) return cell
  return (cell << 8n) | BigInt((kindAndMode >>> farShift) & farMask)
}

function kindOf(kindAndMode: number, at: number): Kind {
  const kind = kinds[(kindAndMode >>> kindShift) & kindMask]
  if (kind === undefined) throw new RangeError(`no entry at cell ${at}`)
  return kind
}

/** Writes an entry at a cell offset. */
export function writeEntry(cells: BigInt64Array, at: number, entry: Entry): void {
  write(viewsOf(cells), at, entry)
}

/** Reads entries from a column, one after the other or anywhere. */
export class EntryReader {
  private readonly views: Views

  constructor(cells: BigInt64Array) {
    this.views = viewsOf(cells)
  }

  read(at: number): Entry {
    if (at < 0 || at + cellsPerEntry > this.views.cells.length) throw new RangeError(`no entry at cell ${at}`)
    return read(this.views, at)
  }
}

/** Cells of one block of a column that grows. */
const blockShift = 13
const blockLength = 1 << blockShift
const inBlock = blockLength - 1
const firstLength = 64 * cellsPerEntry

/**
 * Columns that grow: entries are added at the end and read by their cell offset. The first block grows until it is whole.
 * From then on others are added: nothing is copied, and less than a block is empty.
 */
export class EntryCells {
  private readonly blocks: Views[] = []
  private used = 0

  /** Adds an entry and returns its cell offset. */
  add(entry: Entry): number {
    const at = this.used
    write(this.blockToFill(), at & inBlock, entry)
    this.used += cellsPerEntry
    return at
  }

  /** Adds all the entries of another column and returns the cell offset of the first. */
  addAll(other: BigInt64Array): number {
    const first = this.used
    for (let from = 0; from < other.length; ) {
      const { cells } = this.blockToFill(other.length - from)
      const at = this.used & inBlock
      const part = other.subarray(from, from + cells.length - at)
      cells.set(part, at)
      this.used += part.length
      from += part.length
    }
    return first
  }

  read(at: number): Entry {
    return read(this.blockOf(at), at & inBlock)
  }

  /** The kind of an entry, without reading the rest. */
  kindAt(at: number): Kind {
    return kindOf(this.blockOf(at).words[(at & inBlock) * 2 + Word.mode] ?? 0, at)
  }

  /** The size of an entry in bytes, without reading the rest. */
  sizeAt(at: number): number {
    return isDevice(this.kindAt(at)) ? 0 : (this.blockOf(at).doubles[(at & inBlock) + sizeCell] ?? 0)
  }

  /** How many names an entry has, without reading the rest. */
  linksAt(at: number): number {
    return this.blockOf(at).words[(at & inBlock) * 2 + Word.links] ?? 0
  }

  /** The bytes of storage that an entry takes, without reading the rest. */
  allocatedAt(at: number): number {
    return this.blockOf(at).doubles[(at & inBlock) + allocatedCell] ?? 0
  }

  /** A copy of the used part with a buffer of its own, to be transferred. */
  toCells(): BigInt64Array<ArrayBuffer> {
    const [first] = this.blocks
    if (first !== undefined && this.blocks.length === 1) return first.cells.slice(0, this.used)
    const all = new BigInt64Array(this.used)
    for (const [index, { cells }] of this.blocks.entries()) {
      const at = index << blockShift
      all.set(cells.subarray(0, this.used - at), at)
    }
    return all
  }

  /** Copies one entry's cells to a cell offset of another column, given as its words: they need no bigint each. */
  copyTo(at: number, target: Uint32Array, targetAt: number): void {
    const { words } = this.blockOf(at)
    const from = (at & inBlock) * 2
    const to = targetAt * 2
    for (let word = 0; word < cellsPerEntry * 2; word++) target[to + word] = words[from + word] ?? 0
  }

  private blockOf(at: number): Views {
    const block = this.blocks[at >>> blockShift]
    if (block === undefined) throw new RangeError(`no entry at cell ${at}`)
    return block
  }

  /** The block that the next entry goes into, and as many of `wanted` cells as a block holds. */
  private blockToFill(wanted: number = cellsPerEntry): Views {
    const index = this.used >>> blockShift
    const block = this.blocks[index]
    const needed = Math.min((this.used & inBlock) + wanted, blockLength)
    if (block !== undefined && needed <= block.cells.length) return block
    const least = index > 0 ? blockLength : block === undefined ? firstLength : block.cells.length * 4
    const grown = new BigInt64Array(Math.min(Math.max(needed, least), blockLength))
    if (block !== undefined) grown.set(block.cells)
    const views = viewsOf(grown)
    this.blocks[index] = views
    return views
  }
}
