/** Reads a copy back, and compares it with what was read from the source. */
import type { HashFactory } from '../hash/running-hash.js'
import type { FileHandle } from '../tree/tree.js'
import type { CopyContext } from './context.js'
import { chunkSize } from './copy-through-memory.js'
import { ChangeFailure, stopped } from './failure.js'
import { passHole } from './holes.js'

export function* verify(
  context: CopyContext,
  copy: FileHandle,
  hash: HashFactory,
  expected: string | undefined,
): Generator<void> {
  const running = hash()
  const buffer = context.buffers.ofSize(chunkSize)
  const { size } = copy.stat()
  for (let at = 0; at < size; ) {
    const { start, end } = copy.nextData(at, size)
    yield* passHole(context, running, start - at)
    copy.seek(start)
    for (at = start; at < end; ) {
      const count = copy.read(buffer, Math.min(chunkSize, end - at))
      if (count === 0) throw differs()
      running.update(buffer.subarray(0, count))
      at += count
      if (context.isAborted()) throw stopped()
      yield
    }
  }
  if (running.digest() !== expected) throw differs()
}

function differs(): ChangeFailure {
  return new ChangeFailure(
    'replica',
    'differs',
    'holds other bytes in the replica than were read from the source',
  )
}
