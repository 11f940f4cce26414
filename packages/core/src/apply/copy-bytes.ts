/**
 * Copies what a file holds, and its holes, into a file just created.
 *
 * - A large file that nobody wants a hash of is not read here: it shares the source's blocks, if the file system
 *   can; else the system copies it, piece by piece. What is refused is read and written, from where that ended.
 * - Of a file that takes less storage than its size, only the stretches of data are copied. Holes are zeros to a
 *   hash, and else nothing. Where the file system names none, all is read, and what is zero is not written.
 * - Everything else is read and written, chunk by chunk.
 * - Of a copy that begins with something, only what differs from the source is written, and what is missing.
 *
 * Exactly the size the source had when it was opened, or it fails: what does not read up to the end and beyond looks
 * there before it is done. What else changed is seen by who calls, from the source's times.
 */
import type { Entry } from '../model/entry.js'
import type { DataRange, FileHandle } from '../tree/tree.js'
import type { CopyContext } from './context.js'
import { copyDifferences, type Differences } from './copy-differences.js'
import { type Copying, copyThroughMemory } from './copy-through-memory.js'
import { onSource, stopped, unstable } from './failure.js'
import { blockSize, endAt, passHole } from './holes.js'

export interface CopiedBytes {
  readonly bytes: number
  readonly digest: string | undefined
}

/** Two open files, and what they were like when they were opened. */
export interface FilePair {
  readonly from: FileHandle
  readonly to: FileHandle
  readonly before: Entry
  readonly born: Entry
  readonly base?: Base | undefined
}

/** What a copy begins with; whatever that is, it is compared with the source. */
export interface Base {
  /** Whether the file holds it. Otherwise it is asked for where blocks cannot be shared with the source itself. */
  readonly isThere: boolean
  /** Gives it to the file; returns false where that is empty still. */
  readonly fill: () => boolean
}

/** Beyond what {@link copyThroughMemory} needs. */
interface LargeCopying extends Copying {
  readonly isSparse: boolean
  /** Between which devices the system may copy; undefined where it is not to be asked. */
  readonly devices: string | undefined
  readonly base: Base | undefined
}

/** A smaller file is read at once; to have the system copy it would cost as much. */
const smallSize = 1 << 16
/** What the system copies before the next look at the abort flag. */
const pieceSize = 1 << 23

export function* copyBytes(context: CopyContext, pair: FilePair): Generator<void, CopiedBytes> {
  const { from, to, before, born, base } = pair
  const { hash, settings } = context
  const expected = before.size
  const running = hash?.()
  const isSparse = settings.sparse && before.allocated < expected && expected >= blockSize
  const bySystem = settings.sparse && expected >= smallSize && hash === undefined
  let bytes = expected
  if (isSparse || bySystem || base !== undefined) {
    const devices = bySystem ? `${before.device} ${born.device}` : undefined
    bytes = yield* copyLarge({ context, from, to, expected, running, isSparse, devices, base })
  } else {
    yield* copyThroughMemory({ context, from, to, expected, running }, { start: 0, end: expected })
  }
  return { bytes, digest: running?.digest() }
}

/** Returns how many bytes the copy took. */
function* copyLarge(copying: LargeCopying): Generator<void, number> {
  const { context, from, to, expected, isSparse, base } = copying
  if (base?.isThere !== true && shareBlocks(copying)) return expected
  let done: Differences = { reached: 0, written: 0 }
  if (base?.fill() === true) {
    done = yield* copyDifferences(copying, to.stat().size)
    // Of what it began with nothing is left that was not compared.
    endAt(to, done.reached)
    onSource(() => from.seek(done.reached))
    to.seek(done.reached)
  }
  if (isSparse) yield* copyRanges(copying, done.reached)
  else yield* copyRange(copying, { start: done.reached, end: expected }, done.reached)
  // INVARIANT: the size is not believed: there is a last byte, and nothing behind it.
  onSource(() => from.seek(expected - 1))
  if (onSource(() => from.read(context.buffers.ofSize(2), 2)) !== 1) throw unstable()
  return done.written + expected - done.reached
}

/** Whether the copy shares all the blocks of the source. */
function shareBlocks({ context: { refused, rate }, from, to, expected, devices }: LargeCopying): boolean {
  // All at once is beyond any limit.
  if (devices === undefined || rate !== undefined || refused.has('share', devices)) return false
  try {
    to.shareBlocks(from)
  } catch (error) {
    refused.note('share', devices, error)
    // It may have begun.
    endAt(to, 0)
    return false
  }
  // RACE: what is shared is what the source held at that moment, which need not be as long as it was.
  if (to.stat().size !== expected) throw unstable()
  return true
}

/** Copies the stretches of data one after the other, from a position on. */
function* copyRanges(copying: LargeCopying, first: number): Generator<void> {
  const { context, from, to, expected, running } = copying
  for (let at = first; at < expected; ) {
    const { start, end } = onSource(() => from.nextData(at, expected))
    yield* passHole(context, running, start - at)
    if (start >= expected) break
    // RACE: there was data a moment ago, and now there is none.
    if (end <= start) throw unstable()
    onSource(() => from.seek(start))
    to.seek(start)
    yield* copyRange(copying, { start, end }, first)
    at = end
    if (context.isAborted()) throw stopped()
    yield
  }
  endAt(to, expected)
}

/** Has the system copy a stretch, and reads and writes what it does not. */
function* copyRange(copying: LargeCopying, { start, end }: DataRange, first: number): Generator<void> {
  const { isSparse, expected } = copying
  // All of it, although it takes less storage: the file system does not tell where the holes are.
  const skipZeros = isSparse && start === first && end === expected
  const at = skipZeros ? start : yield* copyPieces(copying, { start, end })
  if (at < end) yield* copyThroughMemory(copying, { start: at, end }, skipZeros)
}

/** Has the system copy as much of a stretch as it will, and returns how far it came. */
function* copyPieces(copying: LargeCopying, { start, end }: DataRange): Generator<void, number> {
  const { devices } = copying
  const { isAborted, rate, refused } = copying.context
  const most = rate?.piece ?? pieceSize
  for (let at = start; ; ) {
    const length = Math.min(most, end - at)
    const mayCopy = length > 0 && devices !== undefined && !refused.has('copy', devices)
    if (mayCopy && rate !== undefined) {
      yield* rate.take(length)
      if (isAborted()) throw stopped()
    }
    const copied = mayCopy ? copyPiece(copying, length) : 0
    if (copied === 0) return at
    at += copied
    if (isAborted()) throw stopped()
    yield
  }
}

/** How many bytes the system copied; 0 when it refused, or came to an end. Reading then tells which. */
function copyPiece({ context: { refused }, from, to, devices = '' }: LargeCopying, length: number): number {
  try {
    return to.copyFrom(from, length)
  } catch (error) {
    refused.note('copy', devices, error)
    return 0
  }
}
