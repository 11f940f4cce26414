/**
 * Opening the two roots, and the guards on them: each must be a folder, they must not be one and the same, and
 * neither may lie inside the other. Judged by device and inode of what is held open, so that links, bind mounts
 * and `..` change nothing; the path a user gave is followed once.
 */
import { lstatSync, mkdirSync, realpathSync, rmdirSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Entry, isSameInode, type Side } from '../model/entry.js'
import { errnoOf, meaningOf } from '../model/errno.js'
import { SyncError } from '../model/errors.js'
import type { RelativePath } from '../model/path.js'
import type { HeldWay } from '../model/report.js'
import { refuseForeignLinks, refuseSystemFolder, requireResolved } from './guard-replica.js'
import { type OpenedRoot, openRoot, rootAndAbove } from './local.js'
import { type MountTable, readMountTable, sharedMount } from './mounts.js'
import { escapeName } from './names.js'
import { chooseWay, openTree, type WayWanted } from './open-tree.js'
import { entryOfStats } from './stat.js'
import { openToOwner } from './umask.js'

export interface RootPaths extends WayWanted {
  readonly source: string
  readonly replica: string
  /** Whether other file systems mounted below the source are left out. */
  readonly oneFileSystem: boolean
  /** Whether the replica may be a folder of the system, or a home. */
  readonly allowSystemReplica: boolean
}

export interface Roots {
  readonly source: OpenedRoot
  /** Undefined while the replica does not exist. */
  readonly replica: OpenedRoot | undefined
  /** The replica, or the directory it will be made in. */
  readonly nearest: OpenedRoot
  /** What was mounted when both had been opened. */
  readonly mounts: MountTable
  close(): void
}

/** Opens both roots and refuses what must not be mirrored. */
export function openRoots({ source, replica, ...wanted }: RootPaths): Roots {
  const way = chooseWay(wanted)
  const opened: OpenedRoot[] = []
  const close = (): void => {
    for (const root of opened.splice(0)) root.close()
  }
  try {
    const sourceRoot = openExisting('source', source, way)
    opened.push(sourceRoot)
    const isThere = exists(replica)
    const resolved = refuseForeignLinks(isThere ? replica : dirname(replica))
    const replicaRoot = isThere ? openExisting('replica', replica, way) : undefined
    const nearest = replicaRoot ?? openParentOf(replica, way)
    opened.push(nearest)
    requireResolved(nearest, resolved)
    if (isThere && !wanted.allowSystemReplica) refuseSystemFolder(nearest.entry, replica)
    refuseOverlap(sourceRoot, nearest, replicaRoot !== undefined, { source, replica })
    const mounts = readMountTable()
    refuseSharedMount({ source, replica }, !wanted.oneFileSystem, mounts)
    return { source: sourceRoot, replica: replicaRoot, nearest, mounts, close }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * Makes a replica that did not exist; its parent does. Private until the run gives it its attributes. Undefined when it is
 * there by now.
 */
export function makeReplicaRoot(path: string, way: HeldWay): OpenedRoot | undefined {
  try {
    mkdirSync(path, 0o700)
    openToOwner(path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined
    throw new SyncError('storage-failed', 11, `cannot make the replica ${shown(path)}: ${meaningOf(error)}`, {
      cause: error,
    })
  }
  return openExisting('replica', path, way)
}

/** Removes a replica that was made and holds nothing. */
export function removeReplicaRoot(path: string): void {
  rmdirSync(path)
}

/** Refuses when the walk met one root inside the other, which bind mounts can hide from the paths. */
export function refuseNested(metAt: RelativePath | undefined): void {
  if (metAt === undefined) return
  throw refuse(
    `one of the two roots lies inside the other, in ${shown(metAt === '' ? '.' : metAt)}: nothing was changed`,
  )
}

/** Refuses to begin what the replica's file system has no room for. */
export function requireSpace({ source, replica, nearest }: Roots, needed: number): void {
  if (mayShareBlocks(source.spec.path, nearest.spec.path)) return
  const free = openTree((replica ?? nearest).spec).freeBytes()
  if (needed <= free) return
  const at = shown((replica ?? nearest).spec.path)
  const message = `the replica needs ${needed} bytes more, and the file system of ${at} has ${free} bytes free: nothing was changed`
  throw new SyncError('storage-failed', 11, message)
}

/** btrfs and XFS. */
const sharing: ReadonlySet<number> = new Set([0x9123683e, 0x58465342])

/** Whether both lie on one file system whose files can share blocks: then a copy may take no room at all. */
function mayShareBlocks(source: string, replica: string): boolean {
  try {
    const [a, b] = [statfsSync(source), statfsSync(replica)]
    // Parts of one btrfs have devices of their own.
    return sharing.has(a.type >>> 0) && a.type === b.type && a.blocks === b.blocks && a.bfree === b.bfree
  } catch {
    // One of them is gone, as the look at both that follows will tell.
    return false
  }
}

/** `device:inode` of files the caller writes, in whatever directory; refused inside the replica. */
export function identifyOwnFiles(
  files: readonly string[],
  replica: OpenedRoot | undefined,
): readonly string[] {
  return files.flatMap(file => {
    const parent = openFolderOf(file, replica?.spec.way ?? chooseWay({ held: 'auto', native: false }))
    try {
      if (replica !== undefined && isInside(parent, replica.entry)) {
        throw refuse(
          `${shown(file)} is written by this run and lies inside the replica, where it would be deleted: put it elsewhere`,
        )
      }
    } finally {
      parent.close()
    }
    const entry = statOrUndefined(file)
    return entry === undefined ? [] : [`${entry.device}:${entry.inode}`]
  })
}

/** The folder a file lies in, or will be made in; of a link, the folder of what it leads to. */
function openFolderOf(file: string, way: HeldWay): OpenedRoot {
  const isThere = statOrUndefined(file) !== undefined
  try {
    return openRoot('replica', dirname(isThere ? realpathSync.native(file) : file), way)
  } catch (error) {
    throw refuse(`the folder of ${shown(file)}, which this run writes, cannot be opened: ${meaningOf(error)}`)
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw refuse(`replica ${shown(path)} cannot be looked at: ${meaningOf(error)}`)
  }
}

function openExisting(side: Side, path: string, way: HeldWay): OpenedRoot {
  let root: OpenedRoot
  try {
    root = openRoot(side, path, way)
  } catch (error) {
    const name = errnoOf(error)
    if (name === 'ENOENT' && side === 'source')
      throw refuse(`source ${shown(path)} does not exist: expected a folder`)
    if (name === 'ENOENT')
      throw refuse(`replica ${shown(path)} is a link that leads nowhere: expected a folder, or nothing`)
    if (name === 'ENOTDIR') throw refuse(`${side} ${shown(path)} is not a folder`)
    throw refuse(`${side} ${shown(path)} cannot be opened: ${meaningOf(error)}`)
  }
  if (root.entry.kind === 'directory') return root
  root.close()
  throw refuse(`${side} ${shown(path)} is not a folder`)
}

function openParentOf(replica: string, way: HeldWay): OpenedRoot {
  const parent = dirname(replica)
  try {
    return openRoot('replica', parent, way)
  } catch (error) {
    const what =
      errnoOf(error) === 'ENOENT' ? 'does not exist: make it first' : `cannot be opened: ${meaningOf(error)}`
    throw refuse(
      `the folder ${shown(parent)}, in which the replica ${shown(basename(replica))} would be made, ${what}`,
    )
  }
}

function refuseOverlap(
  source: OpenedRoot,
  nearest: OpenedRoot,
  exists: boolean,
  paths: { source: string; replica: string },
): void {
  const both = `source ${shown(paths.source)} and replica ${shown(paths.replica)}`
  if (exists && isSameInode(source.entry, nearest.entry)) throw refuse(`${both} are the same folder`)
  if (isInside(nearest, source.entry)) {
    throw refuse(`${both}: the replica lies inside the source, and would be mirrored into itself`)
  }
  if (exists && isInside(source, nearest.entry)) {
    throw refuse(`${both}: the source lies inside the replica, and would be deleted`)
  }
}

/** Climbing shows one root above the other; a mount can put one into the other from aside. */
function refuseSharedMount(paths: Pick<RootPaths, Side>, entersMounts: boolean, mounts: MountTable): void {
  const point = sharedMount(paths, entersMounts, mounts)
  if (point === undefined) return
  throw refuse(
    `one of the two roots, or part of it, lies inside the other through what is mounted at ${shown(point)}: nothing was changed`,
  )
}

/** Whether a directory is, or lies below, the one of an entry: climbs to the top of the system. */
export function isInside(inner: OpenedRoot, outer: Entry): boolean {
  if (inner.spec.way === 'paths') return isInsideByPath(inner, outer)
  try {
    for (const entry of rootAndAbove(inner)) if (isSameInode(entry, outer)) return true
    return false
  } catch (error) {
    throw refuse(`what ${shown(inner.spec.path)} lies in cannot be looked at: ${meaningOf(error)}`)
  }
}

function isInsideByPath(inner: OpenedRoot, outer: Entry): boolean {
  for (let path = inner.spec.path; ; path = dirname(path)) {
    const entry = statOrUndefined(path)
    if (entry !== undefined && isSameInode(entry, outer)) return true
    if (path === dirname(path)) return false
  }
}

function statOrUndefined(path: string): Entry | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? undefined : entryOfStats(stats)
}

function refuse(message: string): SyncError {
  return new SyncError('root-refused', 26, message)
}

function shown(path: string): string {
  return `"${escapeName(path)}"`
}
