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

/** Both sides of a pair of files, open. */
export interface OpenPair {
  readonly source: FileHandle
  /** Its errors are those of the replica. */
  readonly replica: Readable
}

/** A reason bit when they differ, 0 when not, or what went wrong in the source. */
export function* compareContent(question: ContentQuestion): Generator<void, number | Problem> {
  const { source, replica, name, entry } = question
  if (entry.kind === 'symlink') {
    // oxlint-disable-next-line require-yield -- nothing is read in parts
    return yield* orProblem(question, function* () {
      const same = source.tree.readLink(source.directory, name) === readReplicaLink(replica, name)
      return same ? 0 : reasonBit('target')
    })
  }
  const same = yield* withBoth(question, pair => hasSameBytes(question, pair))
  return same === true ? 0 : same === false ? reasonBit('content') : same
}

/** What a step finds out of both files; or that the replica's cannot be read, and so differs; or what is wrong in the source. */
export function* withBoth<T>(
  question: ContentQuestion,
  step: (pair: OpenPair) => Generator<void, T>,
): Generator<void, T | number | Problem> {
  return yield* orProblem(question, function* () {
    const { source, name } = question
    const sourceFile = source.tree.openFile(source.directory, name)
    try {
      return yield* withReplica(question, sourceFile, step)
    } finally {
      sourceFile.close()
    }
  })
}

function* orProblem<T>(
  { path }: ContentQuestion,
  step: () => Generator<void, T>,
): Generator<void, T | Problem> {
  try {
    return yield* step()
  } catch (error) {
    return isGone(error)
      ? problem(
          'source-changed',
          'source',
          path,
          `${shown(path)} vanished while the source was read`,
          errnoOf(error),
        )
      : problem(
          'source-unreadable',
          'source',
          path,
          `cannot read ${shown(path)}: ${meaningOf(error)}`,
          errnoOf(error),
        )
  }
}

export function shown(path: RelativePath): string {
  return `"${escapeName(path)}"`
}

function readReplicaLink(replica: DirectorySide, name: Name): string | undefined {
  try {
    return replica.tree.readLink(replica.directory, name)
  } catch {
    // Unreadable is as good as different: it is written anew.
    return undefined
  }
}

function* withReplica<T>(
  { replica, name }: ContentQuestion,
  sourceFile: FileHandle,
  step: (pair: OpenPair) => Generator<void, T>,
): Generator<void, T | number> {
  let replicaFile: FileHandle
  try {
    replicaFile = replica.tree.openFile(replica.directory, name)
  } catch {
    // Unreadable is as good as different: the copy replaces it.
    return reasonBit('content')
  }
  try {
    return yield* step({ source: sourceFile, replica: orUnreadable(replicaFile) })
  } catch (error) {
    if (error === replicaUnreadable) return reasonBit('content')
    throw error
  } finally {
    replicaFile.close()
  }
}

function* hasSameBytes(
  { entry, hash }: ContentQuestion,
  { source, replica }: OpenPair,
): Generator<void, boolean> {
  if (entry.size < smallChunk) return isSmallSame(source, replica, entry.size, hash)
  const size = chunkSize
  if (hash !== undefined) return yield* haveSameDigest(source, replica, hash, size)
  if (entry.allocated < entry.size) return yield* areSparseBytesEqual(source, replica, entry.size, size)
  return yield* areBytesEqual(source, replica, size)
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
