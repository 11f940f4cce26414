/**
 * Where new content is made before it gets its name: a private directory in the replica's root, so that a
 * rename publishes it whole. Each thread has a directory of its own in it. The marker proves whose it is.
 */
import { randomBytes } from 'node:crypto'
import { meaningOf } from '../model/errno.js'
import { SyncError } from '../model/errors.js'
import type { Name } from '../model/path.js'
import { isDead, isStagingName, markerName, ownMarker, readMarker } from '../tree/staging-marker.js'
import type { Directory, OwnerRights, Tree } from '../tree/tree.js'
import { whileWritable } from './writable.js'

/** A name nobody can guess, and no user would choose. */
export function randomName(): Name {
  return `.facsimile-${randomBytes(16).toString('hex')}` as Name
}

/** Makes the staging directory of a run and returns its name. */
export function makeStaging(replica: Tree, rights: OwnerRights): Name {
  const name = randomName()
  try {
    whileWritable(rights, replica.root, () => replica.makeDirectory(replica.root, name))
  } catch (error) {
    throw cannotStage(error)
  }
  try {
    writeMarker(replica, name)
  } catch (error) {
    removeStaging(replica, name)
    throw cannotStage(error)
  }
  return name
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
  const staging = replica.openDirectory(replica.root, name)
  try {
    for (const inside of replica.list(staging)) {
      if (inside !== markerName) removeThreadDirectory(replica, staging, inside)
    }
    if (replica.stat(staging, markerName) !== undefined) replica.unlink(staging, markerName)
  } finally {
    staging.close()
  }
  replica.removeDirectory(replica.root, name)
}

/** What threads leave is flat: files, links, and empty directories. */
function removeThreadDirectory(replica: Tree, staging: Directory, name: Name): void {
  const directory = replica.openDirectory(staging, name)
  try {
    for (const leftover of replica.list(directory)) {
      if (replica.stat(directory, leftover)?.kind === 'directory')
        replica.removeDirectory(directory, leftover)
      else replica.unlink(directory, leftover)
    }
  } finally {
    directory.close()
  }
  replica.removeDirectory(staging, name)
}

/** The staging directories in the replica's root whose runs are provably dead, and were this user's. */
export function deadStagings(replica: Tree, uid: number): readonly Name[] {
  return replica.list(replica.root).filter(name => {
    if (!isStagingName(name) || replica.stat(replica.root, name)?.uid !== uid) return false
    const marker = readMarker(replica, replica.root, name)
    return marker !== undefined && isDead(marker)
  })
}

/** One thread's part of the staging directory. */
export class ThreadStaging {
  readonly directory: Directory
  private count = 0

  constructor(replica: Tree, staging: Name, thread: number) {
    const parent = replica.openDirectory(replica.root, staging)
    try {
      const own = String(thread) as Name
      replica.makeDirectory(parent, own)
      this.directory = replica.openDirectory(parent, own)
    } finally {
      parent.close()
    }
  }

  /** A name that was not used before. */
  nextName(): Name {
    this.count += 1
    return String(this.count) as Name
  }

  close(): void {
    this.directory.close()
  }
}
