/**
 * Whether two entries of one kind and size hold the same: bytes of files (or their digests), targets of links.
 * Files are read in chunks, and the caller is let in between them.
 */
import { reasonBit } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import { errnoOf, isGone, meaningOf } from '../model/errno.js'
import type { Name, RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import type { HashFactory } from '../hash/running-hash.js'
import { escapeName } from '../tree/names.js'
import type { FileHandle } from '../tree/tree.js'
import type { DirectorySide } from './list-sides.js'
import { areSparseBytesEqual, fill } from './sparse-content.js'

const chunkSize = 1 << 20
const smallChunk = 1 << 16

export interface ContentQuestion {
  readonly source: DirectorySide
  readonly replica: DirectorySide
  readonly name: Name
  readonly path: RelativePath
  readonly entry: Entry
  /** Compares digests of this hash; undefined: the bytes themselves. */
  readonly hash: HashFactory | undefined
}

/** A reason bit when they differ, 0 when not, or what went wrong in the source. */
export function* compareContent(question: ContentQuestion): Generator<void, number | Problem> {
  const { source, replica, name, path, entry } = question
  try {
    if (entry.kind === 'symlink') {
      const same = source.tree.readLink(source.directory, name) === readReplicaLink(replica, name)
      return same ? 0 : reasonBit('target')
    }
    const sourceFile = source.tree.openFile(source.directory, name)
    try {
      return (yield* hasSameBytes(question, sourceFile)) ? 0 : reasonBit('content')
    } finally {
      sourceFile.close()
    }
  } catch (error) {
    const shown = `"${escapeName(path)}"`
    return isGone(error)
      ? problem(
          'source-changed',
          'source',
          path,
          `${shown} vanished while the source was read`,
          errnoOf(error),
        )
      : problem(
          'source-unreadable',
          'source',
          path,
          `cannot read ${shown}: ${meaningOf(error)}`,
          errnoOf(error),
        )
  }
}

function readReplicaLink(replica: DirectorySide, name: Name): string | undefined {
  try {
    return replica.tree.readLink(replica.directory, name)
  } catch {
    // Unreadable is as good as different: it is written anew.
    return undefined
  }
}

function* hasSameBytes(question: ContentQuestion, sourceFile: FileHandle): Generator<void, boolean> {
  const { replica, name, entry, hash } = question
  let replicaFile: FileHandle
  try {
    replicaFile = replica.tree.openFile(replica.directory, name)
  } catch {
    // Unreadable is as good as different: the copy replaces it.
    return false
  }
  try {
    const read = orUnreadable(replicaFile)
    if (entry.size < smallChunk) return isSmallSame(sourceFile, read, entry.size, hash)
    const size = chunkSize
    if (hash !== undefined) return yield* haveSameDigest(sourceFile, read, hash, size)
    if (entry.allocated < entry.size) return yield* areSparseBytesEqual(sourceFile, read, entry.size, size)
    return yield* areBytesEqual(sourceFile, read, size)
  } catch (error) {
    if (error === replicaUnreadable) return false
    throw error
  } finally {
    replicaFile.close()
  }
}

type Readable = Pick<FileHandle, 'read' | 'seek' | 'nextData'>

const replicaUnreadable = new Error('the replica cannot be read')

function guarded<T>(step: () => T): T {
  try {
    return step()
  } catch {
    throw replicaUnreadable
  }
}

/** So that an error of the replica is never taken for one of the source, which would withhold all deletions. */
function orUnreadable(file: Readable): Readable {
  return {
    read: (into, length) => guarded(() => file.read(into, length)),
    seek: position => guarded(() => file.seek(position)),
    nextData: (position, size) => guarded(() => file.nextData(position, size)),
  }
}

/** For files that are smaller: made when the first is compared, and kept, as nobody else is let in while they are used. */
let smallBuffers: readonly [source: Buffer, replica: Buffer] | undefined

/** Reads each side in one call. */
function isSmallSame(
  source: Readable,
  replica: Readable,
  size: number,
  hash: HashFactory | undefined,
): boolean {
  smallBuffers ??= [Buffer.allocUnsafeSlow(smallChunk), Buffer.allocUnsafeSlow(smallChunk)]
  const [sourceBytes, replicaBytes] = smallBuffers
  const count = fill(source, sourceBytes, size)
  // What has grown meanwhile is looked at by the copy.
  if (count === smallChunk || fill(replica, replicaBytes, size) !== count) return false
  if (hash === undefined) return sourceBytes.compare(replicaBytes, 0, count, 0, count) === 0
  const [a, b] = smallBuffers.map(bytes => {
    const running = hash()
    running.update(bytes.subarray(0, count))
    return running.digest()
  })
  return a === b
}

/**
 * A chunk of the one and a chunk of the other in turn, as in {@link areBytesEqual}: the storage of each side reads
 * ahead while the other's is waited for, so that two disks take the time of one.
 */
function* haveSameDigest(
  source: Readable,
  replica: Readable,
  hash: HashFactory,
  size: number,
): Generator<void, boolean> {
  const buffer = Buffer.allocUnsafe(size)
  const [a, b] = [hash(), hash()]
  while (true) {
    const count = fill(source, buffer)
    a.update(buffer.subarray(0, count))
    if (fill(replica, buffer) !== count) return false
    b.update(buffer.subarray(0, count))
    if (count < size) return a.digest() === b.digest()
    yield
  }
}

function* areBytesEqual(source: Readable, replica: Readable, size: number): Generator<void, boolean> {
  const a = Buffer.allocUnsafe(size)
  const b = Buffer.allocUnsafe(size)
  while (true) {
    const count = fill(source, a)
    if (fill(replica, b) !== count || a.compare(b, 0, count, 0, count) !== 0) return false
    if (count < size) return true
    yield
  }
}
