/**
 * Looking once more before something is destroyed: the plan is some time old, and what it did not know stays.
 */
import { type Entry, isSameInode } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { Directory, Tree } from '../tree/tree.js'
import { ChangeFailure } from './failure.js'

/**
 * Fails unless the replica still holds at a name what the plan saw there, or nothing if it saw nothing.
 *
 * @param moreNames how many names this run may have given it since
 */
export function recheck(
  tree: Tree,
  directory: Directory,
  name: Name,
  planned: Entry | undefined,
  moreNames = 0,
): void {
  const found = tree.stat(directory, name)
  if (found === undefined && planned === undefined) return
  if (found === undefined) throw new ChangeFailure('replica', 'changed', 'is no longer in the replica')
  if (planned === undefined)
    throw new ChangeFailure('replica', 'changed', 'appeared in the replica meanwhile')
  if (!isWhatWasPlanned(found, planned, moreNames)) {
    throw new ChangeFailure('replica', 'changed', 'was changed in the replica meanwhile')
  }
}

/** A directory's own times move with what is done in it: only its identity counts. */
export function isWhatWasPlanned(found: Entry, planned: Entry, moreNames = 0): boolean {
  if (!isSameInode(found, planned) || found.kind !== planned.kind) return false
  if (found.kind === 'directory') return true
  // Each of several names that comes or goes moves the ctime of the others, and this run may have added or removed one.
  const untouched =
    planned.links + moreNames > 1 ? found.mtimeNs === planned.mtimeNs : found.ctimeNs === planned.ctimeNs
  return untouched && found.size === planned.size
}
