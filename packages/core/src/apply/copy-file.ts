/**
 * Makes a file's copy under a temporary name, complete and dressed, ready to be renamed into place.
 *
 * open source, no-follow -> create the copy, private -> copy the bytes, hashing if asked -> is the source still what
 * it was? -> owner, mode, time, through the open descriptor -> read back, if asked. Whatever fails, the temporary is
 * removed, but for what a later run is to go on with.
 */
import type { HashFactory } from '../hash/running-hash.js'
import { type Entry, isSameInode } from '../model/entry.js'
import type { ResidualAttribute } from '../model/report.js'
import { attainable } from '../tree/attributes.js'
import { closeRead } from '../tree/close-read.js'
import type { FileHandle } from '../tree/tree.js'
import { hasUnheld } from '../tree/xattrs.js'
import type { ApplyContext } from './context.js'
import { type Beginning, begun } from './beginning.js'
import { copyBytes, type CopiedBytes } from './copy-bytes.js'
import { dressAs } from './dressing.js'
import { ChangeFailure, onSource, unstable } from './failure.js'
import type { Lying, Place } from './place.js'
import { bornLike } from './staging.js'
import { verify } from './verify.js'

export interface FileCopy extends CopiedBytes {
  /** An extended attribute that the replica refused, while all else was copied. */
  readonly shortfall?: ChangeFailure | undefined
  readonly residuals?: readonly ResidualAttribute[] | undefined
}

const unheldXattrs: readonly ResidualAttribute[] = ['extended attributes']

/**
 * Copies a source file to a place; throws {@link ChangeFailure} for what the source did.
 *
 * @param replaces the entry of the replica whose place the copy will take
 * @param beginning what a big one may begin with
 */
export function* copyFile(
  context: ApplyContext,
  from: Lying,
  to: Place,
  replaces: Entry | undefined,
  beginning?: Beginning,
): Generator<void, FileCopy> {
  const { source, replica, can, hash, settings } = context
  const sourceFile = onSource(() => source.tree.openFile(from.directory, from.name))
  try {
    // INVARIANT: looked at before it is read: a FIFO that took its place would lose what is in it.
    const before = onSource(() => sourceFile.stat())
    if (before.kind !== 'file')
      throw new ChangeFailure('source', 'changed', `is no longer a file, but a ${before.kind}`)
    const known = beginning?.open(before)
    const target = known ?? replica.tree.createFile(to.directory, to.name)
    try {
      const born = known === undefined ? (to.staging?.born(target) ?? bornLike(target)) : bornLike(known)
      const base = (known === undefined ? beginning?.baseOf : begun)?.(target)
      const files = { from: sourceFile, to: target, before, born: born.entry, base }
      const copied = yield* copyBytes(context, files)
      // INVARIANT: read before the last look, whose ctime proves that they belong to these bytes.
      const xattrs = can.readsXattrs ? onSource(() => sourceFile.xattrs()) : undefined
      const after = onSource(() => sourceFile.stat())
      requireUnchanged(before, after)
      const wanted = attainable(after, undefined, can, { replaces })
      const pair = xattrs === undefined ? undefined : { source: xattrs, replica: born.xattrs }
      const shortfall = dressAs(context, target, born.entry, wanted, pair)
      if (settings.flush === 'each') target.flush()
      target.close()
      if (settings.verify && hash !== undefined) yield* readBack(context, to, hash, copied.digest)
      const digest = settings.hash === undefined ? undefined : copied.digest
      const residuals = xattrs !== undefined && hasUnheld(xattrs, can.xattrs) ? unheldXattrs : undefined
      return { bytes: copied.bytes, digest, shortfall, residuals }
    } catch (error) {
      discard(context, to, target, beginning?.isKept === true && context.isAborted())
      throw error
    }
  } finally {
    closeRead(sourceFile)
  }
}

function requireUnchanged(before: Entry, after: Entry): void {
  const same =
    isSameInode(before, after) &&
    before.size === after.size &&
    before.mtimeNs === after.mtimeNs &&
    before.ctimeNs === after.ctimeNs
  if (!same) throw unstable()
}

function* readBack(
  context: ApplyContext,
  place: Place,
  hash: HashFactory,
  digest: string | undefined,
): Generator<void> {
  const copy = context.replica.tree.openFile(place.directory, place.name)
  try {
    yield* verify(context, copy, hash, digest)
  } finally {
    copy.close()
  }
}

function discard({ replica }: ApplyContext, place: Place, target: FileHandle, isKept: boolean): void {
  try {
    target.close()
  } catch {
    // Closed already, or the file system is gone: the first error is the one to tell.
  }
  if (isKept) return
  try {
    replica.tree.unlink(place.directory, place.name)
  } catch {
    // What cannot be removed now goes with the staging directory, or in the next run.
  }
}
