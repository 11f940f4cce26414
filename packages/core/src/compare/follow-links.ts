/**
 * What a link of the source leads to, where links are followed, must be judged once more before it is walked: a directory
 * that lies above it would be walked for ever, and one in the replica would grow with each run.
 */
import type { Entry } from '../model/entry.js'
import { meaningOf } from '../model/errno.js'
import { NodeMark } from '../model/node-mark.js'
import type { Name, RelativePath } from '../model/path.js'
import { problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'
import { directoriesAbove } from '../tree/real-place.js'
import type { ListingContext } from './list-names.js'
import type { DirectorySide } from './list-sides.js'
import { isDirectoryOf } from './left-out.js'
import { Unseen } from './look.js'

/** @param found what the name leads to */
export function followed(
  { source, replica, roots }: ListingContext,
  { tree, directory }: DirectorySide,
  { name, path, found }: { readonly name: Name; readonly path: RelativePath; readonly found: Entry },
): Entry | Unseen {
  if (found.kind !== 'directory') return found
  if (isDirectoryOf(found, roots.sourceIdentity) || source.held.isOnTheWay(found))
    return untaken(path, 'leads to a directory that it lies in itself', 0)
  // Where there is no replica yet, nothing lies in it.
  if (replica === undefined || !isLink({ tree, directory }, name)) return found
  try {
    for (const above of directoriesAbove(directory, name)) {
      if (`${above.device}:${above.inode}` === roots.replicaIdentity)
        return untaken(path, 'leads into the replica', NodeMark.otherRoot)
    }
  } catch (error) {
    const why = `leads to a directory, and it cannot be told where that lies: ${meaningOf(error)}`
    return untaken(path, why, NodeMark.hole)
  }
  return found
}

function isLink({ tree, directory }: DirectorySide, name: Name): boolean {
  try {
    tree.readLink(directory, name)
    return true
  } catch {
    // It is none, or gone: then there is nothing to enter.
    return false
  }
}

function untaken(path: RelativePath, why: string, marks: number): Unseen {
  const message = `"${escapeName(path)}" ${why}: it is not followed, and what the replica has in its place stays`
  return new Unseen(problem('source-unreadable', 'source', path, message), marks)
}
