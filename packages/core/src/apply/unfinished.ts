/**
 * Big files that a run left unfinished in its staging directory, because it was killed or stopped: what they were to
 * become lies beside each, in a note. How far a file got is its own length, which is never wrong.
 *
 * Nothing of this is believed: who goes on with a file looks at it again when it is open, and compares all that it holds
 * with the source.
 */
import type { Entry } from '../model/entry.js'
import type { Staging, Unfinished } from '../model/jobs.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import type { OpenedRoot } from '../tree/local.js'
import { openTree } from '../tree/open-tree.js'
import { markerName } from '../tree/staging-marker.js'
import type { Directory, FileHandle, OwnerRights, Tree } from '../tree/tree.js'
import { living } from './living-stagings.js'
import { removeTree } from './remove-tree.js'
import { deadStagings, openStaging, removeStaging } from './staging.js'

/** What a copy is to become: where its source is, and what that was like. */
export type Intended = Pick<Unfinished, 'path' | 'device' | 'inode' | 'size' | 'mtimeNs'>

const format = 'facsimile-unfinished-1'
const noteSuffix = '.note'
const longestNote = 1 << 16

/** Begins the note of a file with a temporary name. */
export function writeNote(tree: Tree, directory: Directory, name: Name, intended: Intended): void {
  const { path, device, inode, size, mtimeNs } = intended
  const note = { format, path, device: `${device}`, inode: `${inode}`, size, mtimeNs: `${mtimeNs}` }
  const bytes = Buffer.from(JSON.stringify(note))
  const file = tree.createFile(directory, noteOf(name))
  try {
    file.write(bytes, bytes.length)
  } finally {
    file.close()
  }
}

/** What dead runs of this user left in the replica. */
export function findUnfinished(tree: Tree, uid: number): readonly Unfinished[] {
  return deadStagings(tree, uid).flatMap(staging => {
    try {
      return [...unfinishedIn(tree, staging, uid)]
    } catch {
      // It is removed like any other, or cannot be; here nothing is lost but time.
      return []
    }
  })
}

/** What that takes of the storage, and the copies need no more. */
export function bytesUnfinished(replica: OpenedRoot | undefined, { uid }: Pick<OwnerRights, 'uid'>): number {
  if (replica === undefined) return 0
  return findUnfinished(openTree(replica.spec), uid).reduce((sum, { held }) => sum + held, 0)
}

function* unfinishedIn(tree: Tree, staging: Staging, uid: number): Generator<Unfinished> {
  const whole = openStaging(tree, staging)
  try {
    if (!isPrivate(whole.stat(), uid)) return
    for (const thread of tree.list(whole)) {
      if (thread === markerName || tree.stat(whole, thread)?.kind !== 'directory') continue
      const part = tree.openDirectory(whole, thread)
      try {
        for (const name of tree.list(part)) {
          const found = tree.stat(part, name)
          const intended = found?.kind === 'file' ? readNote(tree, part, name) : undefined
          if (intended !== undefined)
            yield { ...intended, staging, thread, name, held: found?.allocated ?? 0 }
        }
      } finally {
        closeRead(part)
      }
    }
  } finally {
    closeRead(whole)
  }
}

/** A directory that nobody but this user could have put anything into. */
export function isPrivate({ kind, uid, mode }: Entry, ours: number): boolean {
  return kind === 'directory' && uid === ours && (mode & 0o077) === 0
}

function noteOf(name: Name): Name {
  return `${name}${noteSuffix}` as Name
}

function readNote(tree: Tree, part: Directory, name: Name): Intended | undefined {
  if (tree.stat(part, noteOf(name))?.kind !== 'file') return undefined
  let file: FileHandle | undefined
  try {
    file = tree.openFile(part, noteOf(name))
    const bytes = Buffer.alloc(longestNote)
    return parseNote(bytes.toString('utf8', 0, file.read(bytes, longestNote)))
  } catch {
    return undefined
  } finally {
    file?.close()
  }
}

function parseNote(text: string): Intended | undefined {
  try {
    const note = JSON.parse(text) as Record<string, unknown> | null
    if (note?.['format'] !== format || typeof note['path'] !== 'string') return undefined
    return {
      path: note['path'],
      device: BigInt(String(note['device'])),
      inode: BigInt(String(note['inode'])),
      size: Number(note['size']),
      mtimeNs: BigInt(String(note['mtimeNs'])),
    }
  } catch {
    // Cut off by the kill.
    return undefined
  }
}

/** Removes a staging directory, but for the files that a later run can go on with. */
export function removeButUnfinished(tree: Tree, staging: Staging): void {
  living.delete(staging.name)
  const whole = openStaging(tree, staging)
  let keeps = false
  try {
    for (const thread of tree.list(whole)) {
      if (thread === markerName || tree.stat(whole, thread)?.kind !== 'directory') continue
      const part = tree.openDirectory(whole, thread)
      try {
        keeps = clearPart(tree, part) || keeps
      } finally {
        closeRead(part)
      }
    }
  } finally {
    closeRead(whole)
  }
  if (!keeps) removeStaging(tree, staging)
}

/** Returns whether something was kept. */
function clearPart(tree: Tree, part: Directory): boolean {
  const names = tree.list(part)
  const kept = new Set<Name>()
  for (const name of names) {
    const found = tree.stat(part, name)
    if (found?.kind === 'file' && found.size > 0 && names.includes(noteOf(name)))
      kept.add(name).add(noteOf(name))
  }
  for (const name of names) {
    if (kept.has(name)) continue
    if (tree.stat(part, name)?.kind === 'directory') removeTree(tree, name, part)
    else tree.unlink(part, name)
  }
  return kept.size > 0
}
