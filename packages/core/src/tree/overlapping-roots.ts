/**
 * The guard on several replicas of one source: none of these folders may be, hold or lie in another one. Judged by what is
 * there, so that links, bind mounts and `..` change nothing; what is still to be made, by where that will be.
 */
import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Identity, isSameInode } from '../model/entry.js'
import { isGone } from '../model/errno.js'
import type { HeldWay } from '../model/report.js'
import { openRoot, rootAndAbove } from './local.js'
import { type MountTable, readMountTable, sharedMount } from './mounts.js'
import { escapeName } from './names.js'

export interface RootsTogether {
  readonly source: string
  readonly replicas: readonly string[]
  /** Where what is overwritten or deleted is kept, of all of them. */
  readonly backupDir: string | undefined
  /** What is remembered from run to run. */
  readonly stateFolder: string
  readonly way: HeldWay
  /** Whether what is mounted below the source belongs to it. */
  readonly entersMounts: boolean
}

/** Where a folder is, or will be. */
interface Located {
  readonly words: string
  readonly path: string
  /** The deepest folder on the way to it that is there, then those above. */
  readonly there: readonly Identity[]
  /** What is still to be made below that; empty for a folder that is there. */
  readonly missing: readonly string[]
}

const nothingChanged = 'nothing was changed in any replica'

/** Why they must not be mirrored together, in a sentence; undefined when they may. */
export function overlapOf({
  source,
  replicas,
  backupDir,
  stateFolder,
  way,
  entersMounts,
}: RootsTogether): string | undefined {
  const all = [
    locate(`source ${shown(source)}`, source, way),
    ...replicas.map(replica => locate(`replica ${shown(replica)}`, replica, way)),
  ]
  const mounts = readMountTable()
  for (const [index, one] of all.entries()) {
    for (const other of all.slice(index + 1)) {
      const why = overlapOfTwo(one, other) ?? sharedMountOf(one, other, index > 0 || entersMounts, mounts)
      if (why !== undefined) return `${why}; ${nothingChanged}`
    }
  }
  // Each run looks whether they lie in its own replica. What others keep there would be deleted by a later run.
  return (
    (backupDir === undefined ? undefined : holderOf('backup', backupDir, all, way)) ??
    holderOf('state', stateFolder, all.slice(1), way)
  )
}

function holderOf(sort: string, folder: string, roots: readonly Located[], way: HeldWay): string | undefined {
  const located = locate('', folder, way)
  const holder = roots.find(root => isWithin(located, root))
  if (holder === undefined) return undefined
  return `the ${sort} folder ${shown(folder)} lies inside the ${holder.words}: name a folder beside them; ${nothingChanged}`
}

function overlapOfTwo(one: Located, other: Located): string | undefined {
  const both = `${one.words} and ${other.words}`
  const [inOther, inOne] = [isWithin(one, other), isWithin(other, one)]
  if (inOther && inOne) return `${both} are the same folder`
  if (inOther) return `${both}: the first lies inside the second`
  return inOne ? `${both}: the second lies inside the first` : undefined
}

/** Whether a folder is, or lies below, another one. */
function isWithin(inner: Located, outer: Located): boolean {
  const [end] = outer.there
  if (end === undefined) return false
  if (outer.missing.length === 0) return inner.there.some(identity => isSameInode(identity, end))
  // What is not there has nothing below it but what is not there either.
  const [from] = inner.there
  if (from === undefined || !isSameInode(from, end)) return false
  return outer.missing.every((name, index) => inner.missing[index] === name)
}

function sharedMountOf(
  one: Located,
  other: Located,
  entersMounts: boolean,
  mounts: MountTable,
): string | undefined {
  // Whose parent is not there either is made by nobody.
  if ([one, other].some(({ there, missing }) => there.length === 0 || missing.length > 1)) return undefined
  const point = sharedMount({ source: one.path, replica: other.path }, entersMounts, mounts)
  if (point === undefined) return undefined
  return `${one.words} and ${other.words}: one of the two, or part of it, lies inside the other through what is mounted at ${shown(point)}`
}

function locate(words: string, path: string, way: HeldWay): Located {
  const missing: string[] = []
  for (let at = path; ; at = dirname(at)) {
    try {
      return { words, path, there: foldersAbove(at, way), missing }
    } catch (error) {
      // What cannot be looked at is told by the run of that replica alone, which will not begin.
      if (!isGone(error) || at === dirname(at)) return { words, path, there: [], missing }
    }
    missing.unshift(basename(at))
  }
}

function foldersAbove(path: string, way: HeldWay): readonly Identity[] {
  const root = openRoot('replica', path, way)
  try {
    return way === 'paths' ? above(root.spec.path) : [...rootAndAbove(root)]
  } finally {
    root.close()
  }
}

function above(path: string): readonly Identity[] {
  const { dev: device, ino: inode } = statSync(path, { bigint: true })
  return path === dirname(path) ? [{ device, inode }] : [{ device, inode }, ...above(dirname(path))]
}

function shown(path: string): string {
  return `"${escapeName(path)}"`
}
