/**
 * Makes a file that holds an older version of another one, or a beginning of it, equal to that: reads both, and writes
 * only the blocks that differ. Whatever the file held, what was gone through is equal afterwards.
 *
 * Where more than half of what was compared had to be written, the rest is left to be copied: to read the file as well
 * would then be for nothing.
 */
import type { FileHandle } from '../tree/tree.js'
import { chunkSize, type Copying } from './copy-through-memory.js'
import { onSource, stopped, unstable } from './failure.js'
import { blockSize, clearBetween, passHole } from './holes.js'

export interface Differences {
  /** Up to where the two are equal. */
  readonly reached: number
  readonly written: number
}

/** What is compared before it is judged whether that is worth it. */
const trial = 1 << 26

/** @param known how much the file holds */
export function* copyDifferences(
  copying: Copying & { readonly isSparse: boolean },
  known: number,
): Generator<void, Differences> {
  const { context, from, to, expected, running, isSparse } = copying
  const { buffers, isAborted, rate } = context
  const size = Math.min(rate?.piece ?? chunkSize, chunkSize)
  const both = buffers.ofSize(2 * chunkSize)
  const [read, held] = [both.subarray(0, size), both.subarray(chunkSize)]
  const last = Math.min(known, expected)
  let written = 0
  let compared = 0
  for (let at = 0; at < last; ) {
    const range = isSparse ? onSource(() => from.nextData(at, expected)) : { start: at, end: expected }
    const start = Math.min(range.start, last)
    const end = Math.min(range.end, last)
    yield* passHole(context, running, start - at)
    clearBetween(to, at, start)
    if (start === last) break
    // RACE: there was data a moment ago, and now there is none.
    if (end <= start) throw unstable()
    onSource(() => from.seek(start))
    for (at = start; at < end; ) {
      const most = Math.min(size, end - at)
      if (isAborted()) throw stopped()
      const count = onSource(() => from.read(read, most))
      // It has shrunk.
      if (count === 0) throw unstable()
      const chunk = read.subarray(0, count)
      running?.update(chunk)
      const changed = writeChanged(to, chunk, heldAt(to, held, at, count), at)
      // Paid for afterwards: the next that is taken waits for it. What is there already is not to take as long as a copy.
      if (rate !== undefined && changed > 0) yield* rate.take(changed)
      written += changed
      at += count
      compared += count
      if (compared >= trial && 2 * written > compared) return { reached: at, written }
      yield
    }
  }
  return { reached: last, written }
}

/** What a file holds at a position; shorter only where it ends. */
function heldAt(to: FileHandle, into: Buffer, position: number, length: number): Buffer {
  to.seek(position)
  for (let filled = 0; filled < length; ) {
    const count = to.read(into.subarray(filled, length), length - filled)
    if (count === 0) return into.subarray(0, filled)
    filled += count
  }
  return into.subarray(0, length)
}

/** Writes the blocks of a chunk that are not what is held there, and returns how many bytes these are. */
function writeChanged(to: FileHandle, chunk: Buffer, held: Buffer, position: number): number {
  if (chunk.equals(held)) return 0
  let written = 0
  let from = 0
  for (let at = 0; at < chunk.length; ) {
    // Short reads may begin anywhere, blocks do not.
    const end = Math.min(at + blockSize - ((position + at) % blockSize), chunk.length)
    if (end <= held.length && chunk.compare(held, at, end, at, end) === 0) {
      written += writeStretch(to, chunk.subarray(from, at), position + from)
      from = end
    }
    at = end
  }
  return written + writeStretch(to, chunk.subarray(from), position + from)
}

function writeStretch(to: FileHandle, bytes: Buffer, position: number): number {
  if (bytes.length === 0) return 0
  to.seek(position)
  to.write(bytes, bytes.length)
  return bytes.length
}
