/**
 * Where new content is made before it gets its name: a private directory in the replica's root, so that a
 * rename publishes it whole. Each thread has a directory of its own in it. The marker proves whose it is.
 */
import { randomBytes } from 'node:crypto'
import { meaningOf } from '../model/errno.js'
import { SyncError } from '../model/errors.js'
import type { Entry } from '../model/entry.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import { isDead, isStagingName, markerName, ownMarker, readMarker } from '../tree/staging-marker.js'
import type { Directory, FileHandle, OwnerRights, Tree } from '../tree/tree.js'
import type { Xattrs } from '../tree/xattrs.js'
import { removeTree } from './remove-tree.js'
import { whileWritable } from './writable.js'

/** Differs from every mode. */
const unknownMode = -1

/** A name nobody can guess, and no user would choose. */
export function randomName(): Name {
  return `.facsimile-${randomBytes(16).toString('hex')}` as Name
}

/** Those of the runs of this process: its number alone does not tell an earlier run, which may have failed to clear. */
const living = new Set<Name>()

/** The staging directories of runs in this process that have not ended. */
export function livingStagings(): readonly Name[] {
  return [...living]
}

/** Makes the staging directory of a run and returns its name. */
export function makeStaging(replica: Tree, rights: OwnerRights): Name {
  const name = randomName()
  const before = replica.root.stat()
  try {
    whileWritable(rights, replica.root, () => replica.makeDirectory(replica.root, name))
  } catch (error) {
    putBack(replica.root, before)
    throw cannotStage(error)
  }
  try {
    writeMarker(replica, name)
  } catch (error) {
    try {
      removeStaging(replica, name)
    } catch {
      // The first error is the one to tell.
    }
    putBack(replica.root, before)
    throw cannotStage(error)
  }
  living.add(name)
  return name
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

function writeMarker(replica: Tree, name: Name): void {
  const directory = replica.openDirectory(replica.root, name)
  try {
    const marker = replica.createFile(directory, markerName)
    try {
      const bytes = Buffer.from(JSON.stringify(ownMarker()))
      marker.write(bytes, bytes.length)
    } finally {
      marker.close()
    }
  } finally {
    directory.close()
  }
}

/**
 * Removes a staging directory with all that threads left in it. The marker goes last but one, so that what a
 * kill leaves behind still says whose it is.
 */
export function removeStaging(replica: Tree, name: Name): void {
  living.delete(name)
  const staging = replica.openDirectory(replica.root, name)
  try {
    for (const inside of replica.list(staging)) {
      if (inside === markerName) continue
      if (replica.stat(staging, inside)?.kind === 'directory') removeTree(replica, joinPath(name, inside))
      else replica.unlink(staging, inside)
    }
    if (replica.stat(staging, markerName) !== undefined) replica.unlink(staging, markerName)
  } finally {
    staging.close()
  }
  replica.removeDirectory(replica.root, name)
}

/** The staging directories in the replica's root whose runs are provably dead, and were this user's. */
export function deadStagings(replica: Tree, uid: number): readonly Name[] {
  return replica.list(replica.root).filter(name => {
    if (!isStagingName(name) || replica.stat(replica.root, name)?.uid !== uid) return false
    const marker = readMarker(replica, replica.root, name)
    return marker !== undefined && isDead(marker, living.has(name))
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
  private count = 0
  private known: Born | undefined

  constructor(replica: Tree, staging: Name, thread: number) {
    const parent = replica.openDirectory(replica.root, staging)
    try {
      const own = String(thread) as Name
      this.path = joinPath(staging, own)
      replica.makeDirectory(parent, own)
      try {
        this.directory = replica.openDirectory(parent, own)
      } catch (error) {
        // Or it would be in the way of the next try.
        replica.removeDirectory(parent, own)
        throw error
      }
    } finally {
      parent.close()
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
    this.directory.close()
  }
}
