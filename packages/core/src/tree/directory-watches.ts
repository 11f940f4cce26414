/**
 * One watch for each directory of the source, by the path at which a walk came to it. The system watches inodes, and a
 * watch goes along with a directory that is renamed: which directory it is, is kept, and what is no longer at its path is
 * dropped with all below it, to be watched anew by the next walk. Events are hints; nothing here decides what exists.
 */
import { type FSWatcher, lstatSync, watch } from 'node:fs'
import { type Entry, isSameInode } from '../model/entry.js'
import { errnoOf } from '../model/errno.js'
import { baseName, joinPath, type Name, parentPath, type RelativePath } from '../model/path.js'
import { nameFromBytes, nameToBytes } from './names.js'
import { entryOfStats } from './stat.js'
import { unwatchableType } from './watchable.js'

interface Watched {
  readonly watcher: FSWatcher
  readonly entry: Pick<Entry, 'device' | 'inode'>
  readonly children: Set<Name>
  /** The last whole walk that came here. */
  walk: number
}

/** Why something is not watched. */
export interface Unwatched {
  readonly code: 'watches' | 'instances' | 'type' | 'other'
  readonly path: RelativePath
  /** The type of file system, or what the system said. */
  readonly detail: string
}

/** `name` is that of an entry in the directory, or of the directory itself; undefined when the system does not say. */
export type OnTouched = (directory: RelativePath, name: Name | undefined) => void

export class DirectoryWatches {
  /** The first that could not be watched since the last whole walk began. */
  unwatched: Unwatched | undefined
  private readonly source: string
  private readonly onTouched: OnTouched
  private readonly byPath = new Map<RelativePath, Watched>()
  /** Watched directories of which an event said that they came, went, or changed their names. */
  private suspects = new Set<RelativePath>()
  private readonly types = new Map<Entry['device'], string | undefined>()
  private walk = 0

  constructor(source: string, onTouched: OnTouched) {
    this.source = source
    this.onTouched = onTouched
  }

  get size(): number {
    return this.byPath.size
  }

  isWatched(path: RelativePath, entry: Entry): boolean {
    const known = this.byPath.get(path)
    return known !== undefined && isSameInode(known.entry, entry)
  }

  arm(path: RelativePath, entry: Entry): void {
    const known = this.byPath.get(path)
    if (known !== undefined && isSameInode(known.entry, entry)) {
      known.walk = this.walk
      return
    }
    if (known !== undefined) this.drop(path)
    const type = this.typeOf(path, entry)
    if (type !== undefined) this.unwatched ??= { code: 'type', path, detail: type }
    // Where one is refused for want of them, so is each other, until all is walked anew.
    else if (this.unwatched?.code !== 'watches' && this.unwatched?.code !== 'instances')
      this.open(path, entry)
  }

  beginWhole(): void {
    this.walk += 1
    this.unwatched = undefined
    this.types.clear()
  }

  /** Drops what a whole walk did not come to. */
  endWhole(): void {
    for (const [path, { walk }] of this.byPath) if (walk !== this.walk) this.drop(path)
  }

  /** Drops what is no longer where it was watched; called before a run, so that it is entered as something new. */
  settle(): void {
    const suspects = this.suspects
    this.suspects = new Set()
    for (const path of suspects) {
      const known = this.byPath.get(path)
      if (known !== undefined && !this.isStillThere(path, known)) this.drop(path)
    }
  }

  close(): void {
    for (const { watcher } of this.byPath.values()) watcher.close()
    this.byPath.clear()
    this.suspects.clear()
  }

  private open(path: RelativePath, entry: Entry): void {
    try {
      const watcher = watch(this.pathOf(path), { encoding: 'buffer', persistent: false })
      watcher.on('change', (type, name) => this.hear(path, type, name))
      watcher.on('error', () => this.hear(path, 'rename', null))
      const { device, inode } = entry
      this.byPath.set(path, { watcher, entry: { device, inode }, children: new Set(), walk: this.walk })
      if (path !== '') this.byPath.get(parentPath(path))?.children.add(baseName(path))
    } catch (error) {
      this.note(path, error)
    }
  }

  private note(path: RelativePath, error: unknown): void {
    const errno = errnoOf(error)
    // It is gone, which its parent was told too; or nobody may look into it, which the run says.
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES') return
    const code = errno === 'ENOSPC' ? 'watches' : errno === 'EMFILE' ? 'instances' : 'other'
    this.unwatched ??= { code, path, detail: errno ?? String(error) }
  }

  private hear(path: RelativePath, type: string, given: unknown): void {
    const name = given instanceof Uint8Array ? nameFromBytes(given) : undefined
    if (type === 'rename' && name !== undefined) {
      const child = joinPath(path, name)
      if (this.byPath.has(child)) this.suspects.add(child)
    }
    this.onTouched(path, name)
  }

  private drop(path: RelativePath): void {
    if (path !== '') this.byPath.get(parentPath(path))?.children.delete(baseName(path))
    const paths = [path]
    for (let at = paths.pop(); at !== undefined; at = paths.pop()) {
      const known = this.byPath.get(at)
      if (known === undefined) continue
      for (const name of known.children) paths.push(joinPath(at, name))
      this.byPath.delete(at)
      known.watcher.close()
    }
  }

  private isStillThere(path: RelativePath, { entry }: Watched): boolean {
    try {
      return isSameInode(entryOfStats(lstatSync(this.pathOf(path), { bigint: true })), entry)
    } catch {
      return false
    }
  }

  /** One file system has one type: asked once a walk. */
  private typeOf(path: RelativePath, { device }: Entry): string | undefined {
    if (!this.types.has(device)) this.types.set(device, unwatchableType(this.pathOf(path)))
    return this.types.get(device)
  }

  private pathOf(path: RelativePath): Buffer {
    return Buffer.from(nameToBytes(path === '' ? this.source : `${this.source}/${path}`))
  }
}
