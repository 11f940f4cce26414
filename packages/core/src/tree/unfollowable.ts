/**
 * Following the symbolic links of a source, where that is asked for: what they lead to is looked at and opened in their
 * place.
 *
 * RACE: whoever may change a link decides at each moment where it leads, and so what is read. A directory that is entered
 * again must be the one that the plan saw; a file is copied whole, with its own attributes, as the one that it is by then.
 */
import type { Entry } from '../model/entry.js'
import { errnoOf } from '../model/errno.js'
import { closeRead } from './close-read.js'
import type { FileHandle, Handle } from './tree.js'

/** A link that leads to nothing that could be mirrored. */
export class Unfollowable extends Error {
  readonly why: 'nowhere' | 'loop'
  readonly code: string

  constructor(why: Unfollowable['why']) {
    super(why === 'nowhere' ? 'the link leads nowhere' : 'the link leads back to itself')
    this.why = why
    this.code = why === 'nowhere' ? 'ENOENT' : 'ELOOP'
  }
}

/** What a link leads to. */
export function targetOf(look: () => Entry | undefined): Entry {
  let found: Entry | undefined
  try {
    found = look()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ELOOP') throw new Unfollowable('loop')
    // Its way leads through a file.
    if (errno !== 'ENOTDIR') throw error
  }
  if (found === undefined) throw new Unfollowable('nowhere')
  return found
}

/**
 * Opens a file, or the one a link leads to. What opens a link's target has seen that it is a regular file: opening a
 * device can do something.
 *
 * @param open fails on a link
 * @param pin holds what a link leads to, and opens nothing
 */
export function openFollowing(
  open: () => FileHandle,
  pin: () => Handle & { readonly path: string | Buffer },
  openTarget: (path: string | Buffer) => FileHandle,
): FileHandle {
  try {
    return open()
  } catch (error) {
    if (errnoOf(error) !== 'ELOOP') throw error
  }
  const pinned = pin()
  try {
    if (pinned.stat().kind !== 'file') throw Object.assign(new Error('no file'), { code: 'ENXIO' })
    return openTarget(pinned.path)
  } finally {
    closeRead(pinned)
  }
}
