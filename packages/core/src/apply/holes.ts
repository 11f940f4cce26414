/** Holes: stretches of a file that read as zeros and take no storage. */
import type { RunningHash } from '../hash/running-hash.js'
import { errnoOf } from '../model/errno.js'
import type { FileHandle } from '../tree/tree.js'
import type { CopyContext } from './context.js'
import { stopped } from './failure.js'

/** The least a file system allocates: hardly any takes less, so no hole is smaller. */
export const blockSize: number = 1 << 12

const zeros = Buffer.alloc(1 << 20)

/** Tells a hash of a hole. */
export function* passHole(
  { isAborted }: Pick<CopyContext, 'isAborted'>,
  running: RunningHash | undefined,
  length: number,
): Generator<void> {
  for (let left = running === undefined ? 0 : length; left > 0; left -= zeros.length) {
    running?.update(left < zeros.length ? zeros.subarray(0, left) : zeros)
    if (isAborted()) throw stopped()
    yield
  }
}

/** Writes a chunk at a position, but for blocks of it that are zero: there it leaves what the file has, a hole. */
export function writeAroundZeros(to: FileHandle, chunk: Buffer, position: number): void {
  if (isZero(chunk, 0, chunk.length)) return
  let from = 0
  for (let at = 0; at < chunk.length; ) {
    // Short reads may begin anywhere, blocks do not.
    const end = Math.min(at + blockSize - ((position + at) % blockSize), chunk.length)
    if (isZero(chunk, at, end)) {
      writeAt(to, chunk.subarray(from, at), position + from)
      from = end
    }
    at = end
  }
  writeAt(to, chunk.subarray(from), position + from)
}

/** Makes a file end there: behind a hole, where its last data lies before. */
export function endAt(to: FileHandle, size: number): void {
  const found = to.stat().size
  if (found === size) return
  try {
    to.setSize(size)
  } catch (error) {
    // FAT through FUSE, for one, makes no file longer unless it is written to, and then fills the hole.
    if (errnoOf(error) !== 'EPERM' || found > size) throw error
    writeAt(to, zeros.subarray(0, 1), size - 1)
  }
}

/** Makes what a file holds between two positions a hole. */
export function clearBetween(to: FileHandle, start: number, end: number): void {
  for (let at = start; at < end; ) {
    const data = to.nextData(at, end)
    if (data.start >= end) return
    clear(to, data.start, data.end)
    at = data.end
  }
}

function clear(to: FileHandle, start: number, end: number): void {
  try {
    to.punchHole(start, end - start)
  } catch (error) {
    if (!isRefused(errnoOf(error))) throw error
    // Then it holds zeros.
    for (let at = start; at < end; at += zeros.length)
      writeAt(to, zeros.subarray(0, Math.min(zeros.length, end - at)), at)
  }
}

function isRefused(errno: string | undefined): boolean {
  return errno === 'EOPNOTSUPP' || errno === 'ENOTSUP' || errno === 'ENOSYS'
}

function writeAt(to: FileHandle, bytes: Uint8Array, position: number): void {
  if (bytes.length === 0) return
  to.seek(position)
  to.write(bytes, bytes.length)
}

function isZero(chunk: Buffer, start: number, end: number): boolean {
  return chunk[start] === 0 && zeros.compare(chunk, start, end, 0, end - start) === 0
}
