/** The job that reads files of one side, and says what they hold in a few bytes. */
import type { DigestRequest } from '../model/jobs.js'
import { baseName, parentPath } from '../model/path.js'
import { nodeHash } from '../hash/node-crypto.js'
import { closeRead } from '../tree/close-read.js'
import type { HeldSide } from './list-sides.js'

const chunkSize = 1 << 18

/** By path the digest; undefined for what cannot be read, which whoever copies it will tell. */
export function* digestFiles(
  side: HeldSide,
  { paths }: DigestRequest,
): Generator<void, readonly (string | undefined)[]> {
  const digests: (string | undefined)[] = []
  const buffer = Buffer.allocUnsafe(chunkSize)
  for (const path of paths) {
    digests.push(yield* digestOf(side, path, buffer))
    yield
  }
  return digests
}

function* digestOf(
  { tree, held }: HeldSide,
  path: string,
  buffer: Buffer,
): Generator<void, string | undefined> {
  try {
    const file = tree.openFile(held.enter(parentPath(path)), baseName(path))
    try {
      // INVARIANT: nobody looks at the files again before one takes the place of the other, so this is no hash that collides.
      const running = nodeHash('sha256')
      for (let count = file.read(buffer, chunkSize); count > 0; count = file.read(buffer, chunkSize)) {
        running.update(buffer.subarray(0, count))
        yield
      }
      return running.digest()
    } finally {
      closeRead(file)
    }
  } catch {
    return undefined
  }
}
