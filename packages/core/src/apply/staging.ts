/**
 * Where new content is made before it gets its name: a private directory in the replica's root, so that a
 * rename publishes it whole. Each thread has a directory of its own in it. The marker proves whose it is.
 */
import { randomBytes } from 'node:crypto'
import { meaningOf } from '../model/errno.js'
import { SyncError } from '../model/errors.js'
import { type Entry, isSameInode } from '../model/entry.js'
import type { Staging } from '../model/jobs.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import { HeldDirectories } from '../tree/held-directories.js'
import { keepsModes } from '../tree/probe-file.js'
import { isDead, isStagingName, markerName, ownMarker, readMarker } from '../tree/staging-marker.js'
import type { Directory, FileHandle, OwnerRights, Tree } from '../tree/tree.js'
import type { Xattrs } from '../tree/xattrs.js'
import { living } from './living-stagings.js'
import { removeTree } from './remove-tree.js'
import { whileWritable } from './writable.js'

/** Differs from every mode. */
const unknownMode = -1

/** A name nobody can guess, and no user would choose. */
export function randomName(): Name {
  return `.facsimile-${randomBytes(16).toString('hex')}` as Name
}

/** Makes the staging directory of a run. */
export function makeStaging(replica: Tree, rights: OwnerRights, name: Name = randomName()): Staging {
  const before = replica.root.stat()
  try {
    whileWritable(rights, replica.root, () => replica.makeDirectory(replica.root, name))
  } catch (error) {
    putBack(replica.root, before)
    throw cannotStage(error)
  }
  try {
    const staging = claim(replica, name)
    living.add(name)
    return staging
  } catch (error) {
    try {
      // Nobody else's, for only an empty one is removed.
      replica.removeDirectory(replica.root, name)
    } catch {
      // The first error is the one to tell.
    }
    putBack(replica.root, before)
    throw cannotStage(error)
  }
}

/** Nothing was changed, so nothing is to look changed. */
export function putBack(root: Directory, { mode, mtimeNs }: Entry): void {
  try {
    const now = root.stat()
    if (now.mode !== mode) root.setMode(mode)
    if (now.mtimeNs !== mtimeNs) root.setMtime(mtimeNs)
  } catch {
    // Whatever keeps us from staging may keep us from this, too.
  }
}

function cannotStage(error: unknown): SyncError {
  const message = `cannot make the staging directory in the replica: ${meaningOf(error)}; nothing was changed`
  return new SyncError('storage-failed', 11, message, { cause: error })
}

const othersRights = 0o077

/** Makes sure that a name leads to the directory that was just made, and writes the marker into it. */
function claim(replica: Tree, name: Name): Staging {
  const directory = replica.openDirectory(replica.root, name)
  try {
    const { device, inode } = requireOurs(replica, directory)
    return { name, device, inode }
  } finally {
    closeRead(directory)
  }
}

/**
 * INVARIANT: whoever owns the replica's root may put another directory at the name before it is opened: one of their
 * own, in which they could swap what is staged, or one that they may not empty, which we would. Ours is empty, private,
 * and of the owner that what we make in it has. A file system without owners or modes gives all the same, or what a mask
 * says for files and another for directories: then there is nothing to be judged by.
 */
function requireOurs(replica: Tree, directory: Directory): Entry {
  const found = directory.stat()
  if (replica.list(directory).length > 0) throw swapped()
  const marker = replica.createFile(directory, markerName)
  try {
    const like = marker.stat()
    const isPrivate =
      (found.mode & othersRights) === 0 || (like.mode & othersRights) !== 0 || !keepsModes(marker)
    if (found.uid !== like.uid || !isPrivate) throw swapped()
    const bytes = Buffer.from(JSON.stringify(ownMarker()))
    marker.write(bytes, bytes.length)
    marker.close()
  } catch (error) {
    closeQuietly(marker)
    replica.unlink(directory, markerName)
    throw error
  }
  return found
}

function closeQuietly(handle: FileHandle): void {
  try {
    handle.close()
  } catch {
    // The first error is the one to tell.
  }
}

function swapped(): Error {
  return new Error('somebody put something else in the place of the staging directory')
}

/** Opens a staging directory by its name, and makes sure that it is that one still. */
export function openStaging(replica: Tree, staging: Staging): Directory {
  const directory = replica.openDirectory(replica.root, staging.name)
  try {
    if (!isSameInode(directory.stat(), staging)) throw swapped()
    return directory
  } catch (error) {
    closeRead(directory)
    throw error
  }
}

/** The directory that has a name at present; undefined when there is none. */
export function stagingAt(replica: Tree, name: Name): Staging | undefined {
  const found = replica.stat(replica.root, name)
  return found?.kind === 'directory' ? { name, device: found.device, inode: found.inode } : undefined
}

/**
 * Removes a staging directory with all that threads left in it. The marker goes last but one, so that what a
 * kill leaves behind still says whose it is.
 */
export function removeStaging(replica: Tree, staging: Staging): void {
  living.delete(staging.name)
  const directory = openStaging(replica, staging)
  try {
    for (const inside of replica.list(directory)) {
      if (inside === markerName) continue
      if (replica.stat(directory, inside)?.kind === 'directory') removeTree(replica, inside, directory)
      else replica.unlink(directory, inside)
    }
    if (replica.stat(directory, markerName) !== undefined) replica.unlink(directory, markerName)
  } finally {
    closeRead(directory)
  }
  replica.removeDirectory(replica.root, staging.name)
}

/** The staging directories in the replica's root whose runs are provably dead, and were this user's. */
export function deadStagings(replica: Tree, uid: number): readonly Staging[] {
  return replica.list(replica.root).flatMap(name => {
    if (!isStagingName(name) || replica.stat(replica.root, name)?.uid !== uid) return []
    const found = stagingAt(replica, name)
    const marker = readMarker(replica, replica.root, name)
    return found !== undefined && marker !== undefined && isDead(marker, living.has(name)) ? [found] : []
  })
}

/** What a file is like before it is given anything. */
export interface Born {
  readonly entry: Entry
  readonly xattrs: Xattrs
}

export function bornLike(file: FileHandle): Born {
  return { entry: { ...file.stat(), mode: unknownMode }, xattrs: file.xattrs() }
}

/** One thread's part of the staging directory. */
export class ThreadStaging {
  readonly directory: Directory
  readonly path: RelativePath
  /** Directories below this part, by their paths in it. */
  readonly held: HeldDirectories
  private readonly replica: Tree
  private readonly whole: Staging
  private count = 0
  private known: Born | undefined

  constructor(replica: Tree, staging: Staging, thread: number) {
    this.replica = replica
    this.whole = staging
    const parent = openStaging(replica, staging)
    try {
      const own = String(thread) as Name
      this.path = joinPath(staging.name, own)
      replica.makeDirectory(parent, own)
      try {
        this.directory = replica.openDirectory(parent, own)
      } catch (error) {
        // Or it would be in the way of the next try.
        replica.removeDirectory(parent, own)
        throw error
      }
    } finally {
      closeRead(parent)
    }
    this.held = new HeldDirectories(replica, this.directory)
  }

  /** Opens another thread's part. */
  openPart(thread: Name): Directory {
    const above = openStaging(this.replica, this.whole)
    try {
      return this.replica.openDirectory(above, thread)
    } finally {
      closeRead(above)
    }
  }

  /** A name that was not used before. */
  nextName(): Name {
    this.count += 1
    return String(this.count) as Name
  }

  /**
   * What a file just created here is like, asked of the first one: all are born with one owner and group, and with
   * the same label, or list, where the system or the root gives them any. The mode is not relied on, for the process
   * may change its umask at any time.
   */
  born(file: FileHandle): Born {
    return (this.known ??= bornLike(file))
  }

  close(): void {
    this.held.close()
    closeRead(this.directory)
  }
}
