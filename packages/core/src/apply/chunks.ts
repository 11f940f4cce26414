/**
 * Cuts the ordered rows of a plan into chunks that can be worked on at once.
 *
 * Rows come in path order, so a directory is made before what goes into it, and most often in the same chunk. A
 * chunk waits for the earlier chunks that make directories it needs, or the file it adds a name to, and for no other.
 */
import { noLinks, type PlannedLinks } from '../model/links.js'
import type { PairTable } from '../model/pairs.js'

export interface Chunk {
  readonly index: number
  readonly rows: readonly number[]
  /** New directories of which everything that goes into them is in this chunk. */
  readonly whole: ReadonlySet<number>
  /** Indexes of earlier chunks that must be settled first. */
  readonly after: readonly number[]
}

/** From here on a chunk is ended where the next would not need it: a message is paid for. */
const fewestRows = 48
/** A chunk is ended here in any case: no thread waits long for another's last chunk. */
const mostRows = 256
const mostBytes = 4 << 20
/** What a file costs besides its bytes, in bytes that could be copied meanwhile. */
const bytesPerRow = 1 << 12

/** The same two for what is only removed, which takes a small part of the time that a copy does. */
const fewestRemovals = 256
const mostRemovals = 512

/** The chunks of rows in copy order. */
export function* cutChunks(
  pairs: PairTable,
  rows: Int32Array,
  links: PlannedLinks = noLinks,
): Generator<Chunk> {
  const below = rowsBelow(pairs, rows)
  // The chunks of directories, and of what others are linked to.
  const madeIn = new Map<number, number>()
  let chunk = new OpenChunk(0)
  let cost = 0
  for (const row of rows) {
    const parent = pairs.directoryOf(row)?.row
    const needs = parent === undefined ? undefined : madeIn.get(parent)
    const isFull = chunk.rows.length >= mostRows || cost >= mostBytes
    const isCleanCut = needs !== chunk.index
    const isTorn = isTornBy(chunk, 1 + (below.get(row) ?? 0), isCleanCut)
    if (isFull || isTorn || (isCleanCut && chunk.rows.length >= fewestRows)) {
      yield chunk.close(pairs, below)
      chunk = new OpenChunk(chunk.index + 1)
      cost = 0
    }
    const linkedTo = links.to.get(row)
    // INVARIANT: what a row is linked to comes first, or is there already: no chunk waits for a later one.
    const made = linkedTo === undefined ? undefined : madeIn.get(linkedTo)
    for (const earlier of [needs, made])
      if (earlier !== undefined && earlier !== chunk.index) chunk.after.add(earlier)
    if (pairs.nodeOf(row)?.inSource === true || links.names.has(row)) madeIn.set(row, chunk.index)
    chunk.rows.push(row)
    cost += (linkedTo === undefined ? pairs.sourceBytes(row) : 0) + bytesPerRow
  }
  if (chunk.rows.length > 0) yield chunk.close(pairs, below)
}

/** Whether a directory and all below it would be torn in two by the end of the chunk, and need not be. */
function isTornBy(chunk: OpenChunk, size: number, isCleanCut: boolean): boolean {
  if (chunk.rows.length === 0 || chunk.rows.length + size <= mostRows) return false
  return isCleanCut || (size > 1 && size <= mostRows)
}

class OpenChunk {
  readonly index: number
  readonly rows: number[] = []
  readonly after: Set<number> = new Set()

  constructor(index: number) {
    this.index = index
  }

  close(pairs: PairTable, belowInAll: ReadonlyMap<number, number>): Chunk {
    const { index, rows, after } = this
    const inside = rowsBelow(pairs, rows)
    const whole = new Set<number>()
    const takesIn = directoriesOfRenamed(pairs, rows)
    for (const row of rows) {
      const isNewDirectory = pairs.action(row) === 'create' && pairs.nodeOf(row) !== undefined
      if (isNewDirectory && inside.get(row) === belowInAll.get(row) && !takesIn.has(row)) whole.add(row)
    }
    return { index, rows, whole, after: [...after] }
  }
}

/**
 * The directories that take in what the replica has elsewhere: these are not built where nobody sees them, for what is
 * built there in vain is removed.
 */
function directoriesOfRenamed(pairs: PairTable, rows: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const row of rows) {
    if (pairs.action(row) !== 'rename') continue
    let above = pairs.directoryOf(row)
    for (; above !== undefined && !found.has(above.row); above = above.parent) found.add(above.row)
  }
  return found
}

/** How many of the rows lie below each directory. Parents come before children. */
function rowsBelow(pairs: PairTable, rows: ArrayLike<number>): ReadonlyMap<number, number> {
  const below = new Map<number, number>()
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index] ?? 0
    const parent = pairs.directoryOf(row)?.row
    if (parent !== undefined) below.set(parent, (below.get(parent) ?? 0) + (below.get(row) ?? 0) + 1)
  }
  return below
}

/**
 * Chunks of removals that need nothing of each other. A directory is not shared by two of them where that can be: the system
 * lets one thread at a time change it.
 */
export function* cutIndependent(pairs: PairTable, rows: Int32Array): Generator<Chunk> {
  let from = 0
  let index = 0
  for (let to = 1; to <= rows.length; to++) {
    const isFull = to - from >= mostRemovals
    const isCleanCut = pairs.directoryOf(rows[to - 1] ?? 0) !== pairs.directoryOf(rows[to] ?? 0)
    if (to < rows.length && !isFull && !(isCleanCut && to - from >= fewestRemovals)) continue
    yield { index, rows: Array.from(rows.subarray(from, to)), whole: new Set(), after: [] }
    from = to
    index += 1
  }
}

/** Chunks of which each waits for the one before. */
export function* cutSequential(pairs: PairTable, rows: Int32Array): Generator<Chunk> {
  for (const chunk of cutIndependent(pairs, rows)) {
    yield { ...chunk, after: chunk.index === 0 ? [] : [chunk.index - 1] }
  }
}
