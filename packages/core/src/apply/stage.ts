/** Makes what is new where nobody sees it yet, complete with its attributes, ready to be published. */
import { type Entry, isSpecial } from '../model/entry.js'
import { joinPath, type Name, type RelativePath, splitPath } from '../model/path.js'
import { attainable } from '../tree/attributes.js'
import type { Directory } from '../tree/tree.js'
import { beginningOf } from './beginning.js'
import { type ChangeToMake, type Made, nothingWritten } from './change-to-make.js'
import type { ApplyContext } from './context.js'
import { copyFile } from './copy-file.js'
import type { Lying, Place } from './place.js'
import { dressAs } from './dressing.js'
import { enterSource } from './enter-source.js'
import { ChangeFailure, onSource } from './failure.js'
import { repair } from './repair.js'
import { sourceXattrs } from './source-xattrs.js'
import { unstage } from './unstage.js'
import { linkInstead } from './link-instead.js'

/** Makes the new entry, complete with its attributes, where nobody sees it yet. */
export function* stage(context: ApplyContext, change: ChangeToMake, place: Place): Generator<void, Made> {
  const from = enterSource(context, change)
  const { name, source: planned, linkTo } = change
  if (linkTo === undefined || planned === undefined) return yield* stageCopy(context, change, from, place)
  const linked = linkInstead(context, { name, planned, linkTo, from, place })
  const isWhole = linked === 'linked' && (change.isMoved !== true || isDressed(context, change, place))
  if (isWhole) return nothingWritten
  const made = yield* stageCopy(context, change, from, place)
  // What would have two names for a while only is as it should be.
  const isApart = linked === 'refused' && change.isMoved !== true
  return isApart ? { ...made, residuals: ['hard links', ...(made.residuals ?? [])] } : made
}

/** What has another name in the replica gets its attributes in place, or is copied after all. */
function isDressed(context: ApplyContext, change: ChangeToMake, place: Place): boolean {
  try {
    if (repair(context, place, { ...change, replica: change.linkTo?.entry, moreNames: 1 }) !== undefined)
      return true
  } catch (error) {
    if (!(error instanceof ChangeFailure)) throw error
  }
  unstage(context, place)
  return false
}

function* stageCopy(
  context: ApplyContext,
  change: ChangeToMake,
  from: Directory,
  place: Place,
): Generator<void, Made> {
  const { source, replica } = context
  if (change.source !== undefined && isSpecial(change.source.kind)) {
    return stageSpecial(context, change, change.source, from, place)
  }
  if (change.source?.kind !== 'symlink') {
    const beginning = beginningOf(context, change, place)
    return yield* copyFile(context, { directory: from, name: change.name }, place, change.replica, beginning)
  }
  const entry = onSource(() => source.tree.stat(from, change.name))
  if (entry?.kind !== 'symlink') throw new ChangeFailure('source', 'changed', 'is no longer a symbolic link')
  replica.tree.makeLink(
    place.directory,
    place.name,
    onSource(() => source.tree.readLink(from, change.name)),
  )
  return dressStaged(context, { directory: from, name: change.name }, place, entry, change.replica)
}

/** A FIFO, socket or device is made anew: it has no content, and is never opened. */
function stageSpecial(
  context: ApplyContext,
  { name, replica: replaces }: ChangeToMake,
  planned: Entry,
  from: Directory,
  place: Place,
): Made {
  const { source, replica } = context
  const entry = onSource(() => source.tree.stat(from, name))
  if (entry?.kind !== planned.kind || entry.deviceNumber !== planned.deviceNumber)
    throw new ChangeFailure('source', 'changed', `is no longer the ${planned.kind} it was`)
  replica.tree.makeSpecial(place.directory, place.name, entry)
  return dressStaged(context, { directory: from, name }, place, entry, replaces)
}

function dressStaged(
  context: ApplyContext,
  from: Lying,
  place: Place,
  wanted: Entry,
  replaces: Entry | undefined,
): Made {
  try {
    const shortfall = dressByName(context, place, from, wanted, replaces)
    return shortfall === undefined ? nothingWritten : { ...nothingWritten, shortfall }
  } catch (error) {
    unstage(context, place)
    throw error
  }
}

/** Gives something just made its attributes, the extended ones as they are at a place in the source. */
export function dressByName(
  context: ApplyContext,
  at: Lying,
  from: Lying | undefined,
  wanted: Entry,
  replaces: Entry | undefined,
): ChangeFailure | undefined {
  const { replica, can } = context
  const pinned = replica.tree.pin(at.directory, at.name)
  try {
    const made = requireMade(pinned.stat(), wanted)
    const xattrs =
      from === undefined || !can.readsXattrs
        ? undefined
        : {
            source: sourceXattrs(context, from, wanted),
            replica: pinned.xattrs(),
          }
    return dressAs(context, pinned, made, attainable(wanted, undefined, can, { replaces }), xattrs)
  } finally {
    pinned.close()
  }
}

/**
 * INVARIANT: what was just made has one name. Beside its target it lies in a directory that may be somebody else's, who
 * may put there what has another name outside of the replica.
 */
function requireMade(found: Entry, wanted: Entry): Entry {
  const isMade = found.kind === wanted.kind && (found.kind === 'directory' || found.links === 1)
  if (isMade) return found
  throw new ChangeFailure('replica', 'changed', 'was replaced in the replica while it was made')
}

export function newPlace(context: ApplyContext): Place {
  const staging = context.staging()
  return { directory: staging.directory, name: staging.nextName(), staging }
}

/** Makes the new entry for a later batch to publish. */
export function* stageAhead(context: ApplyContext, change: ChangeToMake): Generator<void, Made> {
  const place = newPlace(context)
  const made = yield* stage(context, change, place)
  return { ...made, stagedAt: joinPath(context.staging().path, place.name) }
}

/** Another thread may have staged it: its part of the staging directory is opened anew. */
export function openStaged(context: ApplyContext, path: RelativePath): Place {
  const [, thread, name] = splitPath(path) as [Name, Name, Name]
  return { directory: context.staging().openPart(thread), name, staging: undefined }
}
