/** The job that brings what was written to the replica to its storage, names and attributes included. */
import { errnoOf, isGone, meaningOf } from '../model/errno.js'
import type { FlushBatch, Flushed } from '../model/jobs.js'
import { problem } from '../model/problem.js'
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
        const directory = held.enter(path)
        if (settings.flush === 'whole') tree.flush(directory)
        else directory.flush()
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
