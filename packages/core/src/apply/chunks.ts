/**
 * Cuts the ordered rows of a plan into chunks that can be worked on at once.
 *
 * Rows come in path order, so a directory is made before what goes into it, and most often in the same chunk. A
 * chunk waits for the earlier chunks that make directories it needs, and for no other.
 */
import type { PairTable } from '../model/pairs.js'

export interface Chunk {
  readonly index: number
  readonly rows: readonly number[]
  /** Indexes of earlier chunks that must be settled first. */
  readonly after: readonly number[]
}

/** So many changes, or so many bytes, make a chunk: a message is paid for, and no thread waits long for the last. */
const mostRows = 96
const mostBytes = 4 << 20
/** What a file costs besides its bytes, in bytes that could be copied meanwhile. */
const bytesPerRow = 1 << 12

/** The chunks of rows in copy order. */
export function* cutChunks(pairs: PairTable, rows: Int32Array): Generator<Chunk> {
  const madeIn = new Map<number, number>()
  let index = 0
  let chunk: number[] = []
  let after = new Set<number>()
  let cost = 0
  for (const row of rows) {
    if (chunk.length >= mostRows || cost >= mostBytes) {
      yield { index, rows: chunk, after: [...after] }
      index += 1
      chunk = []
      after = new Set()
      cost = 0
    }
    const parent = pairs.directoryOf(row)
    const needs = parent === undefined ? undefined : madeIn.get(parent.row)
    if (needs !== undefined && needs !== index) after.add(needs)
    if (pairs.nodeOf(row)?.inSource === true) madeIn.set(row, index)
    chunk.push(row)
    cost += pairs.sourceBytes(row) + bytesPerRow
  }
  if (chunk.length > 0) yield { index, rows: chunk, after: [...after] }
}

/** Chunks of rows that need nothing of each other. */
export function* cutIndependent(rows: Int32Array): Generator<Chunk> {
  for (let from = 0, index = 0; from < rows.length; from += mostRows, index += 1) {
    yield { index, rows: Array.from(rows.subarray(from, from + mostRows)), after: [] }
  }
}

/** Chunks of which each waits for the one before. */
export function* cutSequential(rows: Int32Array): Generator<Chunk> {
  for (const chunk of cutIndependent(rows)) {
    yield { ...chunk, after: chunk.index === 0 ? [] : [chunk.index - 1] }
  }
}
