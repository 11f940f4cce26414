/**
 * What is remembered of the files of one directory, as bytes: a head, a record of {@link cellsPerRecord} cells for each
 * file, the directory's path, the names. Read in place, by every thread, from memory that all of them share.
 */
import type { Entry } from '../model/entry.js'
import type { Name, RelativePath } from '../model/path.js'

/** Inode, times of both sides, size, digest. */
const cellsPerRecord = 8
/** 32-bit words of a record: what tells one side, then the size, then the digest. */
const wordsPerRecord = 2 * cellsPerRecord
const sideWords = 6
const sizeWord = 12
/** The upper half of a size, of which no file needs the highest bit: it says that the source's file was found rotten. */
const rotWord = 13
const rotBit = 0x8000_0000
const digestCell = 7
const headBytes = 16
/** Of the head: bits that say which text is not Latin-1. */
const wide = { path: 1, names: 2 } as const

/** How much of a record is as it was. */
export interface Likeness {
  readonly source: boolean
  readonly replica: boolean
}

/** One directory, as it lies in memory. */
export class RememberedDirectory {
  readonly path: RelativePath
  readonly names: readonly Name[]
  /** How many bytes it takes. */
  readonly length: number
  private readonly words: Uint32Array
  private readonly cells: BigInt64Array

  /** @throws RangeError where there is no whole directory */
  constructor(memory: ArrayBufferLike, at: number) {
    const [pathBytes = 0, count = 0, nameBytes = 0, flags = 0] = new Uint32Array(memory, at, 4)
    const recordsAt = at + headBytes
    const pathAt = recordsAt + count * cellsPerRecord * 8
    this.words = new Uint32Array(memory, recordsAt, count * wordsPerRecord)
    this.cells = new BigInt64Array(memory, recordsAt, count * cellsPerRecord)
    this.path = textAt(memory, pathAt, pathBytes, (flags & wide.path) !== 0)
    const names = textAt(memory, pathAt + pathBytes, nameBytes, (flags & wide.names) !== 0)
    this.names = count === 0 ? [] : (names.split('/') as Name[])
    if (this.names.length !== count) throw new RangeError(`${count} files and ${this.names.length} names`)
    this.length = padded(pathAt + pathBytes + nameBytes) - at
  }

  /** Which sides are what they were. */
  compare(index: number, source: Entry, replica: Entry): Likeness {
    write(scratch, 0, source, replica, 0n)
    const at = index * wordsPerRecord
    const isSame = (from: number, to: number): boolean => {
      for (let word = from; word < to; word++) if (scratchWords[word] !== this.words[at + word]) return false
      return true
    }
    const upper = ((this.words[at + rotWord] ?? 0) & ~rotBit) >>> 0
    const sameSize = isSame(sizeWord, rotWord) && scratchWords[rotWord] === upper
    return {
      source: sameSize && isSame(0, sideWords),
      replica: sameSize && source.size === replica.size && isSame(sideWords, sizeWord),
    }
  }

  /** Whether the source's file held something else when it was last read. */
  isRotten(index: number): boolean {
    return ((this.words[index * wordsPerRecord + rotWord] ?? 0) & rotBit) !== 0
  }

  digest(index: number): bigint {
    return this.cells[index * cellsPerRecord + digestCell] ?? 0n
  }

  /** The records of some of its files, in that order. */
  pick(indexes: Iterable<number>): { readonly names: readonly Name[]; readonly cells: BigInt64Array } {
    const chosen = [...indexes]
    const cells = new BigInt64Array(chosen.length * cellsPerRecord)
    for (const [to, index] of chosen.entries()) {
      const at = index * cellsPerRecord
      cells.set(this.cells.subarray(at, at + cellsPerRecord), to * cellsPerRecord)
    }
    return { names: chosen.map(index => this.names[index] ?? ('' as Name)), cells }
  }
}

/** The path of the directory that lies at a place, and where the next one does, without reading more. */
export function placeAt(
  memory: ArrayBufferLike,
  at: number,
): { readonly path: RelativePath; readonly next: number } {
  const [pathBytes = 0, count = 0, nameBytes = 0, flags = 0] = new Uint32Array(memory, at, 4)
  const pathAt = at + headBytes + count * cellsPerRecord * 8
  const path = textAt(memory, pathAt, pathBytes, (flags & wide.path) !== 0)
  return { path, next: padded(pathAt + pathBytes + nameBytes) }
}

/** How many files a directory has, without reading more. */
export function countAt(memory: ArrayBufferLike, at: number): number {
  return new Uint32Array(memory, at, 4)[1] ?? 0
}

/** A directory as it is written. */
export function encodeDirectory(
  path: RelativePath,
  names: string,
  cells: BigInt64Array,
): Uint8Array<ArrayBuffer> {
  const [pathIsWide, namesAreWide] = [isWide(path), isWide(names)]
  const pathBytes = Buffer.from(path, pathIsWide ? 'utf16le' : 'latin1')
  const nameBytes = Buffer.from(names, namesAreWide ? 'utf16le' : 'latin1')
  const pathAt = headBytes + cells.byteLength
  const whole = new Uint8Array(padded(pathAt + pathBytes.length + nameBytes.length))
  const flags = (pathIsWide ? wide.path : 0) | (namesAreWide ? wide.names : 0)
  new Uint32Array(whole.buffer, 0, 4).set([
    pathBytes.length,
    cells.length / cellsPerRecord,
    nameBytes.length,
    flags,
  ])
  new BigInt64Array(whole.buffer, headBytes, cells.length).set(cells)
  whole.set(pathBytes, pathAt)
  whole.set(nameBytes, pathAt + pathBytes.length)
  return whole
}

/** Records in the making. */
export class NewRecords {
  private readonly names: Name[] = []
  private cells = new BigInt64Array(16 * cellsPerRecord)

  add(name: Name, source: Entry, replica: Entry, digest: bigint): void {
    const at = this.place(name)
    write(this.cells, at, source, replica, digest)
  }

  /** What was remembered of a file, and that it was found rotten in the source. */
  addRotten(name: Name, before: RememberedDirectory, index: number): void {
    const { cells } = before.pick([index])
    const words = new Uint32Array(cells.buffer)
    words[rotWord] = (words[rotWord] ?? 0) | rotBit
    const at = this.place(name)
    this.cells.set(cells, at)
  }

  private place(name: Name): number {
    const at = this.names.length * cellsPerRecord
    if (at === this.cells.length) {
      const grown = new BigInt64Array(this.cells.length * 2)
      grown.set(this.cells)
      this.cells = grown
    }
    this.names.push(name)
    return at
  }

  /** Undefined where there are none. */
  take(): { readonly names: string; readonly cells: BigInt64Array<ArrayBuffer> } | undefined {
    if (this.names.length === 0) return undefined
    return { names: this.names.join('/'), cells: this.cells.slice(0, this.names.length * cellsPerRecord) }
  }
}

const scratch = new BigInt64Array(cellsPerRecord)
const scratchWords = new Uint32Array(scratch.buffer)

/** Written to be compared: to read a bigint from a cell costs ten times as much. */
function write(cells: BigInt64Array, at: number, source: Entry, replica: Entry, digest: bigint): void {
  cells[at] = source.inode
  cells[at + 1] = source.mtimeNs
  cells[at + 2] = source.ctimeNs
  cells[at + 3] = replica.inode
  cells[at + 4] = replica.mtimeNs
  cells[at + 5] = replica.ctimeNs
  cells[at + 6] = BigInt(source.size)
  cells[at + 7] = digest
}

function textAt(memory: ArrayBufferLike, at: number, length: number, isWideText: boolean): string {
  return Buffer.from(memory, at, length).toString(isWideText ? 'utf16le' : 'latin1')
}

function isWide(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- all of Latin-1
  return /[^\u0000-\u00ff]/.test(text)
}

/** Cells begin at whole cells. */
function padded(length: number): number {
  return (length + 7) & ~7
}
