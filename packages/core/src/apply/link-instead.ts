/**
 * Makes a name of what the replica has already, under a temporary name. What cannot be linked is copied instead, so
 * nothing that goes wrong here is a failure of the entry: another mounted file system, too many names, a file system
 * without hard links, somebody else's file, or something else in its place by now.
 */
import { type Entry, isSameInode } from '../model/entry.js'
import { errnoOf, isStorageFailure } from '../model/errno.js'
import { baseName, type Name, parentPath, type RelativePath } from '../model/path.js'
import { attainable, isDressed } from '../tree/attributes.js'
import { timeDifference } from '../tree/times.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import type { Place } from './place.js'
import { onSource } from './failure.js'
import { unstage } from './unstage.js'

export interface LinkTarget {
  /** Where it is by now. */
  readonly path: RelativePath
  /** What the plan saw there, where that stays; undefined for what this run made. */
  readonly entry: Entry | undefined
}

export interface LinkQuestion {
  readonly name: Name
  /** What the plan saw in the source. */
  readonly planned: Entry
  readonly linkTo: LinkTarget
  readonly from: Directory
  readonly place: Place
}

/** `moved` when the source no longer has one file there, `refused` when the replica cannot have it so. */
export function linkInstead(context: ApplyContext, question: LinkQuestion): 'linked' | 'moved' | 'refused' {
  const { name, planned, linkTo, from, place } = question
  const { source, replica, linkedTo } = context
  const now = onSource(() => source.tree.stat(from, name))
  if (now === undefined || !isSameInode(now, planned) || now.kind !== planned.kind) return 'moved'
  try {
    const directory = linkedTo.enter(parentPath(linkTo.path))
    replica.tree.link(directory, baseName(linkTo.path), place.directory, place.name)
  } catch (error) {
    if (isStorageFailure(error) || errnoOf(error) === undefined) throw error
    return 'refused'
  }
  // Looked at under its new name, where nobody can put something else.
  const found = replica.tree.stat(place.directory, place.name)
  if (found !== undefined && isWhatIsWanted(context, found, linkTo.entry, now)) return 'linked'
  unstage(context, place)
  return 'refused'
}

/** Attributes of what stays may be set before or after this: by its inode it is known. */
function isWhatIsWanted({ can }: ApplyContext, found: Entry, stays: Entry | undefined, now: Entry): boolean {
  if (found.kind !== now.kind || found.deviceNumber !== now.deviceNumber) return false
  const isOfNow = timeDifference(now.mtimeNs, found.mtimeNs, can.times) !== 'real'
  if (stays === undefined)
    return isOfNow && found.size === now.size && isDressed(found, attainable(now, found, can))
  const isUntouched = isOfNow || found.mtimeNs === stays.mtimeNs
  return isUntouched && isSameInode(found, stays) && found.size === stays.size
}
