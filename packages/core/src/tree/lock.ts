/**
 * One run per replica. The lock is on the root directory that is held open, so every path to it meets the same
 * lock, nothing is written into the replica, and the system lets go of it when the process dies.
 *
 * Node cannot lock, so the C library does, or the `flock` program locks the descriptor it inherits from us. Without
 * either, a file in the state folder names the process that runs.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { errnoOf, isStorageFailure, meaningOf } from '../model/errno.js'
import { SyncError } from '../model/errors.js'
import type { OpenedRoot } from './local.js'
import { makeFolder } from './make-folder.js'
import { type Libc, loadLibc } from './native.js'
import { escapeName } from './names.js'
import { isOnlyOurs } from './only-ours.js'
import { isDead, ownMarker, parseMarker } from './staging-marker.js'

export interface Lock {
  /** Why only runs with the same state folder see it, though the system knows better locks; undefined when that is not so. */
  readonly weakness: 'no locks' | 'no program' | undefined
  release(): void
}

/** Looked for in places that only root writes to, never in PATH. */
const flockPrograms = ['/usr/bin/flock', '/bin/flock', '/usr/local/bin/flock']
const heldByAnother = 1

/** Locks a replica, or rejects with `locked` when another run has it. */
export async function lockReplica(root: OpenedRoot, stateFolder: string): Promise<Lock> {
  const libc = root.spec.way === 'libc' ? loadLibc() : undefined
  const program = flockPrograms.find(path => fs.existsSync(path))
  if (libc === undefined && program === undefined) {
    // Others on this system may lock by the C library, and would not see the file.
    const weakness = process.platform === 'linux' ? 'no program' : undefined
    return { ...lockByFile(root, stateFolder), weakness }
  }
  const lock = libc === undefined ? await lockByProgram(program, root) : lockByLibc(libc, root)
  return lock ?? { ...lockByFile(root, stateFolder), weakness: 'no locks' }
}

const exclusiveAtOnce = 2 | 4
const EWOULDBLOCK = 11

/** Undefined when the file system cannot lock. */
function lockByLibc(libc: Libc, root: OpenedRoot): Lock | undefined {
  // A descriptor of its own: what is locked is the open directory, and the root's is shared with all threads.
  const fd = fs.openSync(`/proc/self/fd/${root.spec.fd}/.`, 'r')
  if (libc.flock(fd, exclusiveAtOnce) === 0) return { weakness: undefined, release: () => fs.closeSync(fd) }
  const errno = libc.errno()
  fs.closeSync(fd)
  if (errno === EWOULDBLOCK) throw locked(root)
  return undefined
}

/** Undefined when the file system, or the program, cannot lock. */
async function lockByProgram(program: string | undefined, root: OpenedRoot): Promise<Lock | undefined> {
  if (program === undefined) return undefined
  const fd = fs.openSync(root.spec.fd >= 0 ? `/proc/self/fd/${root.spec.fd}/.` : root.spec.path, 'r')
  const status = await new Promise<number | undefined>(resolve => {
    const child = spawn(program, ['--nonblock', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', fd],
      env: { LC_ALL: 'C' },
    })
    child.once('error', () => resolve(undefined))
    child.once('exit', code => resolve(code ?? undefined))
    // Node's permission model throws where programs may not be started.
  }).catch(() => undefined)
  if (status === 0) return { weakness: undefined, release: () => fs.closeSync(fd) }
  fs.closeSync(fd)
  if (status === heldByAnother) throw locked(root)
  return undefined
}

function lockByFile(root: OpenedRoot, stateFolder: string): Pick<Lock, 'release'> {
  const folder = join(stateFolder, 'locks')
  const file = join(folder, `${root.entry.device}-${root.entry.inode}.json`)
  try {
    if (!isOnlyOurs(folder)) throw new Error('other users may write to its folder, or to one above')
    makeFolder(folder)
    for (let tries = 0; tries < 3; tries++) {
      if (createLockFile(file)) return { release: () => fs.rmSync(file, { force: true }) }
      if (!removeDeadLock(file)) throw locked(root)
    }
  } catch (error) {
    if (error instanceof SyncError) throw error
    throw cannotLock(file, error)
  }
  throw locked(root)
}

function cannotLock(file: string, cause: unknown): SyncError {
  const message = `cannot lock the replica by the file "${escapeName(file)}": ${meaningOf(cause)}`
  return isStorageFailure(cause)
    ? new SyncError('storage-failed', 11, `${message}; mend that, or name another stateFolder`, { cause })
    : new SyncError('locked', 27, message, { cause })
}

/** INVARIANT: a lock that has its name is whole, for who is killed while writing it must not be taken for one that lives. */
function createLockFile(file: string): boolean {
  const unfinished = `${file}.${randomBytes(8).toString('hex')}`
  try {
    const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants
    const fd = fs.openSync(unfinished, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try {
      fs.writeSync(fd, JSON.stringify(ownMarker()))
    } finally {
      fs.closeSync(fd)
    }
    fs.linkSync(unfinished, file)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  } finally {
    fs.rmSync(unfinished, { force: true })
  }
}

/**
 * Whether the name of a lock is free to be tried for: its file is gone, or was of a process that is, and was removed.
 * It is moved aside first: of two runs that find it dead, one moves it, and the other finds it gone, or moves the
 * living lock of the first and gives it back.
 */
function removeDeadLock(file: string): boolean {
  try {
    const bytes = fs.readFileSync(file)
    const marker = parseMarker(bytes)
    if (marker === undefined || !isDead(marker)) return false
    const aside = `${file}.${process.pid}`
    fs.renameSync(file, aside)
    try {
      const isTheDeadOne = fs.readFileSync(aside).equals(bytes)
      // RACE: linked, not renamed, for a third run may have its lock by that name by now.
      if (!isTheDeadOne) fs.linkSync(aside, file)
      return isTheDeadOne
    } finally {
      fs.rmSync(aside, { force: true })
    }
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    // Who held it has just let go.
    if (errnoOf(error) === 'ENOENT') return true
    throw error
  }
}

function locked(root: OpenedRoot): SyncError {
  return new SyncError(
    'locked',
    27,
    `another run is writing to the replica "${escapeName(root.spec.path)}": nothing was changed`,
  )
}
