import { errnoOf } from '../model/errno.js'
import type { RelativePath } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { ChangeFailure } from './failure.js'

/** Who removed the directory meanwhile changed the replica: this run has nothing to repair there. */
export function enterReplica({ replica }: ApplyContext, directory: RelativePath): Directory {
  try {
    return replica.held.enter(directory)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    throw new ChangeFailure('replica', 'changed', 'lies in a directory that is no longer in the replica')
  }
}
