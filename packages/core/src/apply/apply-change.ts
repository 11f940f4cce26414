/**
 * Makes one change. New content is staged and renamed into place; what is there is looked at once more before
 * it is destroyed.
 */
import type { Action } from '../model/change.js'
import { type Entry, isSpecial } from '../model/entry.js'
import { errnoOf } from '../model/errno.js'
import type { Name, RelativePath } from '../model/path.js'
import { attainable, dress } from '../tree/attributes.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { copyFile, type Place } from './copy-file.js'
import { ChangeFailure, onSource } from './failure.js'
import { recheck } from './recheck.js'
import { replaceByDirectory } from './replace-by-directory.js'
import { randomName } from './staging.js'
import { whileWritable } from './writable.js'

export interface ChangeToMake {
  readonly action: Action
  readonly directory: RelativePath
  readonly name: Name
  readonly path: RelativePath
  readonly source: Entry | undefined
  readonly replica: Entry | undefined
}

export interface Made {
  /** Bytes of content written. */
  readonly bytes: number
  readonly digest: string | undefined
}

export const nothingWritten: Made = { bytes: 0, digest: undefined }

export function* applyChange(context: ApplyContext, change: ChangeToMake): Generator<void, Made> {
  const parent = context.replica.held.enter(change.directory)
  switch (change.action) {
    case 'create':
    case 'update':
    case 'replace':
      return yield* writeEntry(context, parent, change)
    case 'metadata':
      return yield* setAttributes(context, parent, change)
    case 'delete':
      removeEntry(context, parent, change)
      return nothingWritten
    case 'rename':
    case 'link':
      throw new Error(`no plan holds a ${change.action} yet`)
  }
}

function* writeEntry(context: ApplyContext, parent: Directory, change: ChangeToMake): Generator<void, Made> {
  const { name, source, replica, action } = change
  if (source?.kind === 'directory') {
    whileWritable(context.rights, parent, () => {
      if (action === 'replace') replaceByDirectory(context, parent, name, replica)
      else {
        recheck(context.replica.tree, parent, name, undefined)
        context.replica.tree.makeDirectory(parent, name)
      }
    })
    return nothingWritten
  }
  const staging = context.staging()
  const staged: Place = { directory: staging.directory, name: staging.nextName(), staging }
  const made = yield* stage(context, change, staged)
  try {
    publish(context, parent, change, staged)
    return made
  } catch (error) {
    unstage(context, staged)
    if (errnoOf(error) !== 'EXDEV') throw error
  }
  // Another file system is mounted here: what is staged in the root cannot be renamed into it.
  const beside: Place = { directory: parent, name: randomName(), staging: undefined }
  const madeBeside = yield* stage(context, change, beside)
  try {
    publish(context, parent, { ...change, replica: afterPutBack(context, parent, change) }, beside)
    return madeBeside
  } catch (error) {
    unstage(context, beside)
    throw error
  }
}

/** Makes the new entry, complete with its attributes, where nobody sees it yet. */
export function* stage(context: ApplyContext, change: ChangeToMake, place: Place): Generator<void, Made> {
  const { source, replica } = context
  const from = onSource(() => source.held.enter(change.directory))
  if (change.source !== undefined && isSpecial(change.source.kind)) {
    return stageSpecial(context, change, change.source, from, place)
  }
  if (change.source?.kind !== 'symlink') return yield* copyFile(context, from, change.name, place)
  const entry = onSource(() => source.tree.stat(from, change.name))
  if (entry?.kind !== 'symlink') throw new ChangeFailure('source', 'changed', 'is no longer a symbolic link')
  replica.tree.makeLink(
    place.directory,
    place.name,
    onSource(() => source.tree.readLink(from, change.name)),
  )
  try {
    dressByName(context, place.directory, place.name, entry)
  } catch (error) {
    unstage(context, place)
    throw error
  }
  return nothingWritten
}

/** A FIFO, socket or device is made anew: it has no content, and is never opened. */
function stageSpecial(
  context: ApplyContext,
  { name }: ChangeToMake,
  planned: Entry,
  from: Directory,
  place: Place,
): Made {
  const { source, replica } = context
  const entry = onSource(() => source.tree.stat(from, name))
  if (entry?.kind !== planned.kind || entry.deviceNumber !== planned.deviceNumber)
    throw new ChangeFailure('source', 'changed', `is no longer the ${planned.kind} it was`)
  replica.tree.makeSpecial(place.directory, place.name, entry)
  try {
    dressByName(context, place.directory, place.name, entry)
  } catch (error) {
    unstage(context, place)
    throw error
  }
  return nothingWritten
}

/** Gives something just made its attributes. */
function dressByName(
  { replica, rights }: ApplyContext,
  directory: Directory,
  name: Name,
  wanted: Entry,
): void {
  const pinned = replica.tree.pin(directory, name)
  try {
    dress(pinned, pinned.stat(), attainable(wanted, undefined, rights))
  } finally {
    pinned.close()
  }
}

/**
 * Gives what is staged its name.
 *
 * RACE: somebody may put another entry at the name between the look and the rename; what they put there would
 * be replaced by what the source holds, as the next run would do. A directory is never replaced so.
 */
function publish(context: ApplyContext, parent: Directory, change: ChangeToMake, staged: Place): void {
  const { name, replica: planned } = change
  const { tree } = context.replica
  recheck(tree, parent, name, planned)
  whileWritable(context.rights, parent, () => {
    if (planned?.kind === 'directory') tree.removeDirectory(parent, name)
    try {
      tree.rename(staged.directory, staged.name, parent, name)
    } catch (error) {
      if (planned?.kind === 'directory') putBack(context, parent, name, planned)
      throw error
    }
  })
}

/** Makes the empty directory again that had to make way, so that what failed leaves what was there. */
function putBack(context: ApplyContext, parent: Directory, name: Name, planned: Entry): void {
  try {
    context.replica.tree.makeDirectory(parent, name)
    dressByName(context, parent, name, planned)
  } catch {
    // The first error is the one to tell. Whatever is missing is made by the next run.
  }
}

/** What the plan saw, but for a directory that was put back: that is another one by now. */
function afterPutBack({ replica }: ApplyContext, parent: Directory, change: ChangeToMake): Entry | undefined {
  if (change.replica?.kind !== 'directory') return change.replica
  const found = replica.tree.stat(parent, change.name)
  return found?.kind === 'directory' ? found : undefined
}

function unstage({ replica }: ApplyContext, staged: Place): void {
  try {
    replica.tree.unlink(staged.directory, staged.name)
  } catch {
    // What cannot be removed now goes with the staging directory, or in the next run.
  }
}

/** Repairs attributes in place, on the very inode the plan saw. */
function* setAttributes(
  context: ApplyContext,
  parent: Directory,
  change: ChangeToMake,
): Generator<void, Made> {
  const { source, replica } = change
  if (source === undefined || replica === undefined) throw new Error('attributes need both sides')
  const { rights } = context
  // A name of the inode may lie outside the replica, and who does not own it may not change it: made anew.
  const mayChange = rights.anyOwner || replica.uid === rights.uid
  if (replica.links > 1 || !mayChange) return yield* writeEntry(context, parent, change)
  const pinned = context.replica.tree.pin(parent, change.name)
  try {
    const found = pinned.stat()
    if (found.inode !== replica.inode || found.device !== replica.device || found.links > 1) {
      throw new ChangeFailure('replica', 'changed', 'was changed in the replica meanwhile')
    }
    dress(pinned, found, attainable(source, replica, rights))
  } finally {
    pinned.close()
  }
  return nothingWritten
}

function removeEntry({ replica, rights }: ApplyContext, parent: Directory, change: ChangeToMake): void {
  recheck(replica.tree, parent, change.name, change.replica)
  whileWritable(rights, parent, () => {
    if (change.replica?.kind === 'directory') replica.tree.removeDirectory(parent, change.name)
    else replica.tree.unlink(parent, change.name)
  })
}
