/**
 * The extended attributes of the very entry that was seen in the source: by name they could be those of another one that
 * somebody has put there, whose list would open what is private.
 */
import { type Entry, isSameInode } from '../model/entry.js'
import { closeRead } from '../tree/close-read.js'
import type { Xattrs } from '../tree/xattrs.js'
import type { ApplyContext } from './context.js'
import type { Lying } from './place.js'
import { ChangeFailure, onSource } from './failure.js'

/** @param seen by the plan, or since: what the entry is dressed as */
export function sourceXattrs({ source }: Pick<ApplyContext, 'source'>, from: Lying, seen: Entry): Xattrs {
  return onSource(() => {
    const pinned = source.tree.pin(from.directory, from.name)
    try {
      const before = pinned.stat()
      const xattrs = pinned.xattrs()
      // INVARIANT: the ctime proves that owner, mode and lists are of one moment: a mode says little without its list.
      const isQuiet = pinned.stat().ctimeNs === before.ctimeNs
      if (isQuiet && isAsSeen(before, seen)) return xattrs
    } finally {
      closeRead(pinned)
    }
    throw new ChangeFailure('source', 'changed', 'is not what it was in the source')
  })
}

function isAsSeen(now: Entry, seen: Entry): boolean {
  return isSameInode(now, seen) && now.mode === seen.mode && now.uid === seen.uid && now.gid === seen.gid
}
