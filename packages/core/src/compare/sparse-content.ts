/** Whether two files of one size hold the same, without reading what is a hole in both. */
import type { FileHandle } from '../tree/tree.js'

type Sparse = Pick<FileHandle, 'read' | 'seek' | 'nextData'>

export function* areSparseBytesEqual(
  source: Sparse,
  replica: Sparse,
  size: number,
  chunkSize: number,
): Generator<void, boolean> {
  const a = Buffer.allocUnsafe(chunkSize)
  const b = Buffer.allocUnsafe(chunkSize)
  for (let at = 0; ; ) {
    at = Math.min(source.nextData(at, size).start, replica.nextData(at, size).start)
    if (at >= size) break
    for (const file of [source, replica]) file.seek(at)
    const count = fill(source, a)
    if (fill(replica, b) !== count || a.compare(b, 0, count, 0, count) !== 0) return false
    // One of them became shorter; the copy will tell.
    if (count === 0) return false
    at += count
    yield
  }
  // Neither is longer by now.
  for (const file of [source, replica]) file.seek(size)
  return source.read(a, 1) === 0 && replica.read(b, 1) === 0
}

/**
 * Reads until the buffer is full or the file ends: reads may be short.
 *
 * @param expected the size the file had when it was looked at: a short read that ends there is not asked for more
 */
export function fill(file: Pick<FileHandle, 'read'>, buffer: Buffer, expected = -1): number {
  let filled = 0
  while (filled < buffer.length) {
    const asked = buffer.length - filled
    const count = file.read(filled === 0 ? buffer : buffer.subarray(filled), asked)
    filled += count
    if (count === 0 || (count < asked && filled === expected)) break
  }
  return filled
}
