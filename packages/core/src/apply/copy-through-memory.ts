/** Reads and writes a file, or a stretch of it, chunk by chunk, hashing if asked. */
import type { RunningHash } from '../hash/running-hash.js'
import type { DataRange, FileHandle } from '../tree/tree.js'
import type { CopyContext } from './context.js'
import { onSource, stopped, unstable } from './failure.js'
import { writeAroundZeros } from './holes.js'

export interface Copying {
  readonly context: CopyContext
  readonly from: FileHandle
  readonly to: FileHandle
  /** The size the source had when it was opened. */
  readonly expected: number
  readonly running: RunningHash | undefined
}

/** What is read at once of a file that is no larger. */
const smallChunk = 1 << 16
export const chunkSize: number = 1 << 20

/** Goes on where both files are. With `skipZeros`, what is zero is left to be a hole. */
export function* copyThroughMemory(
  { context: { isAborted, buffers, rate }, from, to, expected, running }: Copying,
  { start, end }: DataRange,
  skipZeros = false,
): Generator<void> {
  const size = rate?.piece ?? (expected < smallChunk ? smallChunk : chunkSize)
  const buffer = buffers.ofSize(size)
  // Where a stretch ends with the file, more is asked for than there should be.
  const beyond = end === expected ? size : 0
  for (let at = start; ; ) {
    const most = Math.min(size, end - at + beyond)
    if (rate !== undefined) {
      yield* rate.take(Math.min(size, end - at))
      if (isAborted()) throw stopped()
    }
    const count = onSource(() => from.read(buffer, most))
    // It grows, maybe for ever.
    if (at + count > expected) throw unstable()
    if (count > 0) {
      const chunk = count === size ? buffer : buffer.subarray(0, count)
      running?.update(chunk)
      if (skipZeros) writeAroundZeros(to, chunk, at)
      else to.write(buffer, count)
      at += count
    } else if (at < end) {
      // It has shrunk.
      throw unstable()
    }
    // A short read that ends where the file did when it was opened is the end; any other is asked again.
    if (at === end && (count < most || beyond === 0)) return
    if (isAborted()) throw stopped()
    yield
  }
}
