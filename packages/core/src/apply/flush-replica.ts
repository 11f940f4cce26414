/** The job that brings what was written to the replica to its storage, names and attributes included. */
import { errnoOf, isGone, isStorageFailure, meaningOf } from '../model/errno.js'
import type { FlushBatch, Flushed } from '../model/finish-jobs.js'
import type { RelativePath } from '../model/path.js'
import { problem } from '../model/problem.js'
import type { HeldDirectories } from '../tree/held-directories.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'

export function* flushReplica(
  { replica, settings }: Pick<ApplyContext, 'replica' | 'settings'>,
  { directories }: FlushBatch,
): Generator<void, Flushed> {
  const { tree, held } = replica
  try {
    if (settings.flush === 'whole') tree.flush(tree.root)
    for (const path of directories) {
      try {
        const directory = settings.flush === 'whole' ? mountedAt(held, path) : held.enter(path)
        if (settings.flush !== 'whole') directory?.flush()
        else if (directory !== undefined) tree.flush(directory)
      } catch (error) {
        // Who removed it meanwhile changed the replica: there is nothing of it to be kept.
        if (!isGone(error)) throw error
      }
      yield
    }
    return { problem: undefined }
  } catch (error) {
    const message = `what was written to the replica could not be brought to its storage: ${meaningOf(error)}; a power cut may lose it, so let the run be repeated on a sound storage`
    return { problem: problem('storage-failed', 'replica', '', message, errnoOf(error)) }
  }
}

/** Undefined where nothing was written: in what is not to be entered by this user. */
function mountedAt(held: HeldDirectories, path: RelativePath): Directory | undefined {
  try {
    return held.enter(path)
  } catch (error) {
    if (isStorageFailure(error)) throw error
    return undefined
  }
}
