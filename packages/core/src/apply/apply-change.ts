/**
 * Makes one change. New content is staged and renamed into place; what is there is looked at once more before
 * it is destroyed.
 */
import { type Entry, isSameInode } from '../model/entry.js'
import { errnoOf } from '../model/errno.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import { withinRange } from '../tree/times.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import type { Place } from './place.js'
import { enterReplica } from './enter-replica.js'
import { unflushed } from './failure.js'
import { recheck } from './recheck.js'
import { removeEntry } from './remove-entry.js'
import { oldPlace, renameHere } from './rename-here.js'
import { repair } from './repair.js'
import { replaceByDirectory } from './replace-by-directory.js'
import { type ChangeToMake, type Made, nothingWritten } from './change-to-make.js'
import { dressByName, newPlace, openStaged, stage } from './stage.js'
import { randomName } from './staging.js'
import { unstage } from './unstage.js'
import { whileWritable } from './writable.js'

export function* applyChange(context: ApplyContext, change: ChangeToMake): Generator<void, Made> {
  const parent = enterReplica(context, change.directory)
  switch (change.action) {
    case 'create':
    case 'update':
    case 'replace':
    case 'link':
      return yield* writeEntry(context, parent, change)
    case 'metadata':
      return (
        repair(context, { directory: parent, name: change.name }, change) ??
        (yield* writeEntry(context, parent, change))
      )
    case 'delete':
      removeEntry(context, parent, change)
      return nothingWritten
    case 'rename':
      return change.staged === undefined
        ? (renameHere(context, parent, change) ?? (yield* copyAndRemove(context, parent, change)))
        : yield* writeEntry(context, parent, change)
  }
}

/** What cannot be renamed is copied, and its old name goes when the copy is there. */
function* copyAndRemove(
  context: ApplyContext,
  parent: Directory,
  change: ChangeToMake,
): Generator<void, Made> {
  const made = yield* writeEntry(context, parent, { ...change, linkTo: undefined })
  const { directory, name } = oldPlace(context, change)
  // It may have got its attributes before it turned out that it cannot be renamed.
  removeEntry(context, directory, { name, replica: change.linkTo?.entry, moreNames: 1 })
  return made
}

function* writeEntry(context: ApplyContext, parent: Directory, change: ChangeToMake): Generator<void, Made> {
  const { name, source, action } = change
  if (source?.kind === 'directory') {
    whileWritable(context.can.rights, parent, () => {
      if (action === 'replace') replaceByDirectory(context, parent, change)
      else {
        recheck(context.replica.tree, parent, name, undefined)
        context.replica.tree.makeDirectory(parent, name)
      }
    })
    return nothingWritten
  }
  const staged = change.staged === undefined ? newPlace(context) : openStaged(context, change.staged)
  const made = change.staged === undefined ? yield* stage(context, change, staged) : nothingWritten
  try {
    if (change.staged === undefined) flushBeforeNaming(context, staged)
    publish(context, parent, change, staged)
    return made
  } catch (error) {
    unstage(context, staged)
    if (errnoOf(error) !== 'EXDEV') throw error
  } finally {
    if (change.staged !== undefined) closeRead(staged.directory)
  }
  // Another file system is mounted here: what is staged in the root cannot be renamed into it.
  const beside: Place = { directory: parent, name: randomName(), staging: undefined }
  const madeBeside = yield* stage(context, change, beside)
  try {
    flushBeforeNaming(context, beside)
    publish(context, parent, { ...change, replica: afterPutBack(context, parent, change) }, beside)
    return madeBeside
  } catch (error) {
    unstage(context, beside)
    throw error
  }
}

/**
 * Gives what is staged its name.
 *
 * RACE: somebody may put another entry at the name between the look and the rename; what they put there would
 * be replaced by what the source holds, as the next run would do. A directory is never replaced so.
 */
function publish(context: ApplyContext, parent: Directory, change: ChangeToMake, staged: Place): void {
  const { name, replica: planned, moreNames } = change
  const { tree } = context.replica
  const { datesAgain } = context.can
  const made = datesAgain ? tree.stat(staged.directory, staged.name) : undefined
  recheck(tree, parent, name, planned, moreNames)
  whileWritable(context.can.rights, parent, () => {
    if (planned?.kind === 'directory') tree.removeDirectory(parent, name)
    try {
      tree.rename(staged.directory, staged.name, parent, name)
    } catch (error) {
      if (planned?.kind === 'directory') putBack(context, parent, name, planned)
      throw error
    }
  })
  if (made !== undefined) dateAgain(context, parent, change, made)
  // Renaming one name of a file to another of its names does nothing, and leaves both.
  if (change.linkTo !== undefined && tree.stat(staged.directory, staged.name) !== undefined)
    unstage(context, staged)
}

/** What no batch has flushed: the few that are staged elsewhere, or not before their turn. */
function flushBeforeNaming({ replica, settings }: ApplyContext, { directory }: Place): void {
  if (settings.flush !== 'whole') return
  try {
    replica.tree.flush(directory)
  } catch (error) {
    throw unflushed(error)
  }
}

/** Some file systems set the time to that of the closing. */
function dateAgain(
  { replica, can }: ApplyContext,
  parent: Directory,
  { name, source }: ChangeToMake,
  made: Entry,
): void {
  if (source === undefined) return
  const pinned = replica.tree.pin(parent, name)
  try {
    // Somebody may have put something else there, of which another name lies outside of the replica.
    if (isSameInode(pinned.stat(), made)) pinned.setMtime(withinRange(source.mtimeNs, can.times))
  } finally {
    pinned.close()
  }
}

/** Makes the empty directory again that had to make way, so that what failed leaves what was there. */
function putBack(context: ApplyContext, parent: Directory, name: Name, planned: Entry): void {
  try {
    context.replica.tree.makeDirectory(parent, name)
    dressByName(context, { directory: parent, name }, undefined, planned, undefined)
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
