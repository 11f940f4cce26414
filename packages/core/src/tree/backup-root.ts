/**
 * The folder that a run keeps in what it overwrites or deletes. It must lie outside both roots: in the source it would be
 * mirrored, in the replica deleted. Made where it is missing, for nobody else to look into.
 */
import { lstatSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { errnoOf, meaningOf } from '../model/errno.js'
import { SyncError } from '../model/errors.js'
import type { HeldWay } from '../model/report.js'
import { refuseForeignLinks, requireResolved } from './guard-replica.js'
import { type OpenedRoot, openRoot } from './local.js'
import { makeFolder } from './make-folder.js'
import { escapeName } from './names.js'
import { openTree } from './open-tree.js'
import { isInside } from './roots.js'

/** The roots it may not lie in. */
export interface Outside {
  readonly source: OpenedRoot | undefined
  readonly replica: OpenedRoot | undefined
  /** Where the replica will be made, if it is not there. */
  readonly replicaPath: string
}

/** Refuses one in a root; also before it is made, by the folder it would be made in. */
export function refuseBackupInRoots(backup: string, way: HeldWay, outside: Outside): void {
  if (`${backup}${sep}`.startsWith(`${outside.replicaPath}${sep}`)) throw inside(backup, 'replica')
  const nearest = openNearest(backup, way)
  try {
    for (const root of [outside.source, outside.replica])
      if (root !== undefined && isInside(nearest, root.entry)) throw inside(backup, root.spec.side)
  } finally {
    nearest.close()
  }
}

/** Opens it, and makes it first where that is wanted. */
export function openBackupRoot(backup: string, way: HeldWay, isToBeMade: boolean): OpenedRoot {
  try {
    if (isToBeMade) makeFolder(backup)
    return openRoot('replica', backup, way)
  } catch (error) {
    const what = isToBeMade ? 'made or opened' : 'opened'
    throw refuse(
      `the backup folder ${shown(backup)} cannot be ${what}: ${meaningOf(error)}; nothing was changed`,
      error,
    )
  }
}

/** Has the storage take its name, and those of the folders above it on its file system: any of them may be new. */
export function flushNamesOf({ spec, entry }: OpenedRoot, way: HeldWay): void {
  for (let path = dirname(spec.path); ; path = dirname(path)) {
    let above: OpenedRoot
    try {
      above = openRoot('replica', path, way)
    } catch (error) {
      // What this user may not list has no new names by this run.
      if (errnoOf(error) === 'EACCES') return
      throw error
    }
    try {
      if (above.entry.device !== entry.device) return
      openTree(above.spec).root.flush()
    } finally {
      above.close()
    }
    if (dirname(path) === path) return
  }
}

/** The folder itself, or the lowest above it that is there. */
function openNearest(backup: string, way: HeldWay): OpenedRoot {
  let path = backup
  while (!isThere(path)) path = dirname(path)
  try {
    return openRoot('replica', path, way)
  } catch (error) {
    throw refuse(
      `the backup folder ${shown(backup)} cannot be opened: ${meaningOf(error)}; expected a folder, or nothing`,
      error,
    )
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && dirname(path) !== path) return false
    throw refuse(`the backup folder ${shown(path)} cannot be looked at: ${meaningOf(error)}`, error)
  }
}

function inside(backup: string, side: 'source' | 'replica'): SyncError {
  const harm = side === 'source' ? 'would be mirrored' : 'would be deleted'
  return refuse(
    `the backup folder ${shown(backup)} lies inside the ${side}, where what it keeps ${harm}: name a folder beside it`,
  )
}

function refuse(message: string, cause?: unknown): SyncError {
  return new SyncError('root-refused', 26, message, { cause })
}

function shown(path: string): string {
  return `"${escapeName(path)}"`
}

/** Opens a replica that is to be put back: it must be there. */
export function openReplicaRoot(path: string, way: HeldWay): OpenedRoot {
  const resolved = refuseForeignLinks(path)
  let root: OpenedRoot
  try {
    root = openRoot('replica', path, way)
  } catch (error) {
    throw refuse(
      `replica ${shown(path)} cannot be opened: ${meaningOf(error)}; expected the folder of a run`,
      error,
    )
  }
  try {
    requireResolved(root, resolved)
    if (root.entry.kind !== 'directory') throw refuse(`replica ${shown(path)} is not a folder`)
    return root
  } catch (error) {
    root.close()
    throw error
  }
}
