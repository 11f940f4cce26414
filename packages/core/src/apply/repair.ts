/** Gives what the replica has, and is to keep, the attributes of the source, in place. */
import { type Entry, isSameInode } from '../model/entry.js'
import { attainable, gainsPrivilege, isDressed } from '../tree/attributes.js'
import type { FileHandle } from '../tree/tree.js'
import { capabilities, givesCapabilities, xattrChanges } from '../tree/xattrs.js'
import type { ApplyContext } from './context.js'
import type { Lying } from './place.js'
import { dressAs, type XattrPair } from './dressing.js'
import { enterSource } from './enter-source.js'
import { ChangeFailure } from './failure.js'
import { sourceXattrs } from './source-xattrs.js'
import { type ChangeToMake, type Made, nothingWritten } from './change-to-make.js'

/**
 * @param at where the replica has it
 * @returns undefined where it must be made anew: who does not own it may not repair it, and a privilege is not given in place
 */
export function repair(context: ApplyContext, at: Lying, change: ChangeToMake): Made | undefined {
  const { source, replica, moreNames = 0 } = change
  if (source === undefined || replica === undefined) throw new Error('attributes need both sides')
  const { can } = context
  const { rights } = can
  if (!rights.anyOwner && replica.uid !== rights.uid) return undefined
  const pinned = context.replica.tree.pin(at.directory, at.name)
  try {
    const found = pinned.stat()
    // The plan knows all names the inode had, and how many this run may have added by now. Any other may lie
    // outside the replica.
    // RACE: one that somebody adds before those this run is to add is taken for one of them.
    if (!isSameInode(found, replica) || found.links > replica.links + moreNames) {
      throw new ChangeFailure('replica', 'changed', 'was changed in the replica meanwhile')
    }
    const xattrs = can.readsXattrs
      ? { source: xattrsNow(context, change, source), replica: pinned.xattrs() }
      : undefined
    const wanted = attainable(source, replica, can)
    if (
      gainsPrivilege(found, wanted) ||
      gainsCapabilities(context, found, isDressed(found, wanted), xattrs)
    ) {
      if (found.links === 1 && moreNames === 0) return undefined
      throw new ChangeFailure('replica', 'changed', 'is not the program it was')
    }
    const shortfall = dressAs(context, pinned, found, wanted, xattrs)
    if (found.links > 1) requireStillLinked(context, at, found)
    if (context.settings.flush === 'each' && found.kind === 'file') flushInPlace(context, at)
    return shortfall === undefined ? nothingWritten : { ...nothingWritten, shortfall }
  } finally {
    pinned.close()
  }
}

function xattrsNow(context: ApplyContext, change: ChangeToMake, planned: Entry): XattrPair['source'] {
  return sourceXattrs(context, { directory: enterSource(context, change), name: change.name }, planned)
}

/** As {@link gainsPrivilege}, for capabilities: the plan may not have known of them, or has another file by now. */
function gainsCapabilities(
  { can }: ApplyContext,
  { kind }: Entry,
  isDressedAlready: boolean,
  xattrs: XattrPair | undefined,
): boolean {
  if (xattrs === undefined || kind !== 'file' || !givesCapabilities(xattrs.source, can.xattrs)) return false
  const changes = xattrChanges(xattrs.source, xattrs.replica, can.xattrs)
  return !isDressedAlready || changes.some(({ name }) => name === capabilities)
}

/** What may not be read keeps its new attributes without a promise: there is no other call for one file. */
function flushInPlace({ replica }: ApplyContext, { directory, name }: Lying): void {
  let file: FileHandle
  try {
    file = replica.tree.openFile(directory, name)
  } catch {
    return
  }
  try {
    file.flush()
  } finally {
    file.close()
  }
}

/** An overlay gives a name a file of its own when something of it is changed; its other names keep what they had. */
function requireStillLinked({ replica }: ApplyContext, { directory, name }: Lying, before: Entry): void {
  const now = replica.tree.stat(directory, name)
  if (now !== undefined && isSameInode(now, before) && now.links >= before.links) return
  throw new ChangeFailure('replica', 'changed', 'has been parted from its other names by its file system')
}
