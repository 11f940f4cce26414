/**
 * Makes a file's copy under a temporary name, complete and dressed, ready to be renamed into place.
 *
 * open source, no-follow -> create the copy, private -> read and write in chunks, hashing if asked -> is the
 * source still what it was? -> owner, mode, time, through the open descriptor -> read back, if asked. Whatever
 * fails, the temporary is removed. Never decided by the size the source once had: files grow and shrink.
 */
import type { HashFactory } from '../hash/running-hash.js'
import { type Entry, isSameInode } from '../model/entry.js'
import type { Name } from '../model/path.js'
import { attainable } from '../tree/attributes.js'
import type { Directory, FileHandle } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { dressAs } from './dressing.js'
import { ChangeFailure, onSource } from './failure.js'
import { bornLike, type ThreadStaging } from './staging.js'

/** A name in a directory. */
export interface Lying {
  readonly directory: Directory
  readonly name: Name
}

/** A temporary name in a directory of the replica. */
export interface Place extends Lying {
  /** Whose part of the staging directory it is in; undefined outside of it. */
  readonly staging: ThreadStaging | undefined
}

export interface FileCopy {
  readonly bytes: number
  readonly digest: string | undefined
  /** An extended attribute that the replica refused, while all else was copied. */
  readonly shortfall?: ChangeFailure | undefined
}

const smallSize = 1 << 16
const chunkSize = 1 << 20

/**
 * Copies a source file to a place; throws {@link ChangeFailure} for what the source did.
 *
 * @param replaces the entry of the replica whose place the copy will take
 */
export function* copyFile(
  context: ApplyContext,
  from: Lying,
  to: Place,
  replaces: Entry | undefined,
): Generator<void, FileCopy> {
  const { source, replica, can, hash, settings } = context
  const sourceFile = onSource(() => source.tree.openFile(from.directory, from.name))
  try {
    // INVARIANT: looked at before it is read: a FIFO that took its place would lose what is in it.
    const before = onSource(() => sourceFile.stat())
    if (before.kind !== 'file')
      throw new ChangeFailure('source', 'changed', `is no longer a file, but a ${before.kind}`)
    const target = replica.tree.createFile(to.directory, to.name)
    try {
      const copied = yield* copyBytes(context, sourceFile, target, before.size)
      // INVARIANT: read before the last look, whose ctime proves that they belong to these bytes.
      const xattrs = can.readsXattrs ? onSource(() => sourceFile.xattrs()) : undefined
      const after = onSource(() => sourceFile.stat())
      requireUnchanged(before, after, copied.bytes)
      const born = to.staging?.born(target) ?? bornLike(target)
      const wanted = attainable(after, undefined, can, { replaces })
      const pair = xattrs === undefined ? undefined : { source: xattrs, replica: born.xattrs }
      const shortfall = dressAs(context, target, born.entry, wanted, pair)
      target.close()
      if (settings.verify && hash !== undefined) yield* verify(context, to, hash, copied.digest)
      const digest = settings.hash === undefined ? undefined : copied.digest
      return { bytes: copied.bytes, digest, shortfall }
    } catch (error) {
      discard(context, to, target)
      throw error
    }
  } finally {
    sourceFile.close()
  }
}

function* copyBytes(
  { hash, isAborted, buffers }: ApplyContext,
  from: FileHandle,
  to: FileHandle,
  expected: number,
): Generator<void, FileCopy> {
  const running = hash?.()
  const size = expected < smallSize ? smallSize : chunkSize
  const buffer = buffers.ofSize(size)
  let bytes = 0
  while (true) {
    const count = onSource(() => from.read(buffer, size))
    // It grows, maybe for ever.
    if (bytes + count > expected) throw unstable()
    if (count > 0) {
      running?.update(count === size ? buffer : buffer.subarray(0, count))
      to.write(buffer, count)
      bytes += count
    }
    // A short read that ends where the file did when it was opened is the end; any other is asked again.
    if (count === 0 || (count < size && bytes === expected)) return { bytes, digest: running?.digest() }
    if (isAborted()) throw new ChangeFailure('source', 'unstable', 'was not copied: the run was stopped')
    yield
  }
}

function requireUnchanged(before: Entry, after: Entry, bytes: number): void {
  const same =
    isSameInode(before, after) &&
    before.size === after.size &&
    before.mtimeNs === after.mtimeNs &&
    before.ctimeNs === after.ctimeNs &&
    bytes === after.size
  if (!same) throw unstable()
}

function unstable(): ChangeFailure {
  return new ChangeFailure('source', 'unstable', 'was being written while it was copied')
}

function* verify(
  { replica, buffers }: ApplyContext,
  place: Place,
  hash: HashFactory,
  expected: string | undefined,
): Generator<void> {
  const file = replica.tree.openFile(place.directory, place.name)
  try {
    const running = hash()
    const buffer = buffers.ofSize(chunkSize)
    for (let count = file.read(buffer, chunkSize); count > 0; count = file.read(buffer, chunkSize)) {
      running.update(buffer.subarray(0, count))
      yield
    }
    if (running.digest() !== expected) {
      throw new ChangeFailure(
        'replica',
        'differs',
        'holds other bytes in the replica than were read from the source',
      )
    }
  } finally {
    file.close()
  }
}

function discard({ replica }: ApplyContext, place: Place, target: FileHandle): void {
  try {
    target.close()
  } catch {
    // Closed already, or the file system is gone: the first error is the one to tell.
  }
  try {
    replica.tree.unlink(place.directory, place.name)
  } catch {
    // What cannot be removed now goes with the staging directory, or in the next run.
  }
}
