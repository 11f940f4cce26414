/**
 * The other names of a file that comes back from a copy. A name is given back by a link to one of them: to one that came
 * back already, or to one that the replica has still, which is looked for once, and only if there is need.
 *
 * Steps are taken back in reverse, so the last name that was lost comes back first. What had no other name then is a file
 * of its own, and all that is known of its number before is of another file: numbers are used again.
 */
import type { Entry } from '../model/entry.js'
import { errnoOf, isSwapped } from '../model/errno.js'
import { baseName, isWithin, joinPath, parentPath, type RelativePath } from '../model/path.js'
import { HeldDirectories } from '../tree/held-directories.js'
import { isSameTime } from '../tree/times.js'
import type { Tree } from '../tree/tree.js'
import type { Told } from './read-journal.js'
import type { Facts, Kept } from './records.js'

/** How many names a file had, and one of those that came back. */
interface Group {
  names: number
  path: RelativePath
}

/** A file that has fewer names than it had. */
export interface LessNames {
  readonly path: RelativePath
  readonly names: number
  readonly are: number
}

export class OtherNames {
  private readonly replica: Tree
  /** Numbers of files that had other names when they were copied. */
  private readonly wanted: ReadonlySet<string>
  private readonly known = new Map<string, Set<RelativePath>>()
  private readonly groups = new Map<string, Group>()
  private isSearched = false

  /** @param replica where nothing that is looked at is recorded */
  constructor(replica: Tree, told: readonly Told[]) {
    this.replica = replica
    this.wanted = new Set(
      told.flatMap(record =>
        'kept' in record && record.kept?.isCopy === true && record.kept.was.links > 1
          ? [record.kept.was.inode]
          : [],
      ),
    )
  }

  /** A name that the one to be given back is to be one with; undefined where there is none. */
  find({ was }: Kept): RelativePath | undefined {
    if (was.links === 1) return undefined
    return this.like(was) ?? (this.search() ? this.like(was) : undefined)
  }

  /** Told of each name that came back from a copy. */
  add({ was }: Kept, path: RelativePath): void {
    if (!this.wanted.has(was.inode)) return
    const { inode, links } = was
    if (links === 1) this.known.delete(inode)
    this.namesOf(inode).add(path)
    this.groups.set(inode, { names: links, path })
  }

  /** Told of each name that is taken away again. */
  removed(inode: string): void {
    const group = this.groups.get(inode)
    if (group !== undefined) group.names -= 1
  }

  /** Told of each move that is taken back. */
  moved(from: RelativePath, to: RelativePath): void {
    if (this.wanted.size === 0) return
    const after = (path: RelativePath): RelativePath =>
      isWithin(path, from) ? `${to}${path.slice(from.length)}` : path
    for (const [inode, paths] of this.known) this.known.set(inode, new Set(Array.from(paths, after)))
    for (const group of this.groups.values()) group.path = after(group.path)
  }

  /** Files that have fewer names than they had. */
  *missing(): Generator<LessNames> {
    const held = new HeldDirectories(this.replica)
    try {
      for (const { path, names } of this.groups.values()) {
        const are = this.stat(held, path)?.links ?? names
        if (are < names) yield { path, names, are }
      }
    } finally {
      held.close()
    }
  }

  private namesOf(inode: string): Set<RelativePath> {
    const names = this.known.get(inode) ?? new Set()
    this.known.set(inode, names)
    return names
  }

  private like(was: Facts): RelativePath | undefined {
    const held = new HeldDirectories(this.replica)
    try {
      for (const path of this.namesOf(was.inode)) {
        const found = this.stat(held, path)
        if (found !== undefined && isLike(found, was)) return path
      }
      return undefined
    } finally {
      held.close()
    }
  }

  /** False where it was searched before. */
  private search(): boolean {
    if (this.isSearched) return false
    this.isSearched = true
    const held = new HeldDirectories(this.replica)
    try {
      const left: RelativePath[] = ['']
      for (let path = left.pop(); path !== undefined; path = left.pop())
        left.push(...this.searchIn(held, path))
    } finally {
      held.close()
    }
    return true
  }

  /** Returns the directories in a directory. Where this user may not look, nothing is found. */
  private searchIn(held: HeldDirectories, path: RelativePath): readonly RelativePath[] {
    const below: RelativePath[] = []
    try {
      const directory = held.enter(path)
      for (const name of this.replica.list(directory)) {
        const found = this.replica.stat(directory, name)
        const at = joinPath(path, name)
        if (found?.kind === 'directory') below.push(at)
        else if (found !== undefined && this.wanted.has(String(found.inode)))
          this.namesOf(String(found.inode)).add(at)
      }
    } catch (error) {
      if (!isSwapped(error) && errnoOf(error) !== 'EACCES') throw error
    }
    return below
  }

  private stat(held: HeldDirectories, path: RelativePath): Entry | undefined {
    try {
      return this.replica.stat(held.enter(parentPath(path)), baseName(path))
    } catch (error) {
      if (isSwapped(error)) return undefined
      throw error
    }
  }
}

/** Nobody changed it since, and no other file has its number by now. */
function isLike(found: Entry, { kind, size, mode, uid, gid, mtime }: Facts): boolean {
  return (
    found.kind === kind &&
    found.size === size &&
    found.mode === mode &&
    found.uid === uid &&
    found.gid === gid &&
    isSameTime(found.mtimeNs, BigInt(mtime))
  )
}
