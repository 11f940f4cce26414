/**
 * A replica of which all changes are recorded, so that they can be undone. It wraps the port: whatever makes a change, in
 * whatever order, goes through here, and is undone by the opposite in the opposite order.
 *
 * Each step is written before it is made, and what it overwrites or removes is kept. What is done in staging is not told.
 */
import type { Entry, Side } from '../model/entry.js'
import { joinPath, type Name, parentPath, type RelativePath } from '../model/path.js'
import type { HeldWay } from '../model/report.js'
import type { Directory, FileHandle, Handle, Tree } from '../tree/tree.js'
import type { Xattrs } from '../tree/xattrs.js'
import type { Journal } from './journal.js'
import { keepAround, type KeepingIn, type Losing } from './keep-around.js'
import type { Keeper } from './keeper.js'
import { OwnNames } from './own-names.js'
import { pathOf, plain, RecordedDirectory, RecordedHandle } from './recorded-handles.js'
import { ToldDirectories } from './told-directories.js'
import { type Kept, type Step, wasOf } from './records.js'

export class RecordingTree implements Tree {
  readonly side: Side
  readonly way: HeldWay
  readonly root: Directory
  /** Directories that the journal of this thread tells of. */
  readonly touched: Set<RelativePath> = new Set()
  private readonly told = new ToldDirectories()
  private readonly inner: Tree
  private readonly journal: Journal
  private readonly keeper: Keeper
  private readonly keepsIn: KeepingIn
  private readonly own: OwnNames

  /** @param staging the staging directory of the run, if it has one */
  constructor(inner: Tree, journal: Journal, keeper: Keeper, staging: Name | undefined) {
    this.inner = inner
    this.journal = journal
    this.keeper = keeper
    this.keepsIn = { journal, keeper }
    this.own = new OwnNames(staging)
    this.side = inner.side
    this.way = inner.way
    this.root = this.recorded(inner.root, '')
  }

  openDirectory(parent: Directory, name: Name): Directory {
    const opened = this.inner.openDirectory(plain(parent), name)
    return parent instanceof RecordedDirectory ? this.recorded(opened, joinPath(parent.path, name)) : opened
  }

  openParent(directory: Directory): Directory {
    const opened = this.inner.openParent(plain(directory))
    return directory instanceof RecordedDirectory ? this.recorded(opened, parentPath(directory.path)) : opened
  }

  list(directory: Directory): Name[] {
    return this.inner.list(plain(directory))
  }

  listInParts(directory: Directory): Generator<readonly Name[], void> {
    return this.inner.listInParts(plain(directory))
  }

  stat(directory: Directory, name: Name): Entry | undefined {
    return this.inner.stat(plain(directory), name)
  }

  xattrs(directory: Directory, name: Name): Xattrs {
    return this.inner.xattrs(plain(directory), name)
  }

  readLink(directory: Directory, name: Name): string {
    return this.inner.readLink(plain(directory), name)
  }

  openFile(directory: Directory, name: Name): FileHandle {
    return this.inner.openFile(plain(directory), name)
  }

  pin(directory: Directory, name: Name): Handle {
    const path = this.own.placeOf(pathOf(directory, name))
    const pinned = this.inner.pin(plain(directory), name)
    if (path === undefined) return pinned
    return new RecordedHandle(pinned, {
      before: () => {
        const entry = pinned.stat()
        if (entry.kind === 'directory') this.touch(path, pinned)
        else this.journal.write({ op: 'set', path, was: wasOf(entry, pinned.xattrs()) })
      },
      after: () => this.journal.now(path, pinned.stat()),
    })
  }

  /** Only of what is staged. */
  reopenFile(directory: Directory, name: Name): FileHandle {
    return this.inner.reopenFile(plain(directory), name)
  }

  createFile(directory: Directory, name: Name): FileHandle {
    this.beforeTemporary(directory, name)
    return this.inner.createFile(plain(directory), name)
  }

  createUnnamed(directory: Directory): FileHandle | undefined {
    return this.inner.createUnnamed(plain(directory))
  }

  makeDirectory(directory: Directory, name: Name): void {
    const path = this.replicaPath(directory, name)
    if (path === undefined) return this.inner.makeDirectory(plain(directory), name)
    this.touchParent(directory)
    this.journal.around({ op: 'makeDirectory', path }, () => this.inner.makeDirectory(plain(directory), name))
    this.journal.now(path, this.inner.stat(plain(directory), name))
  }

  makeLink(directory: Directory, name: Name, target: string): void {
    this.beforeTemporary(directory, name)
    this.inner.makeLink(plain(directory), name, target)
  }

  makeSpecial(directory: Directory, name: Name, entry: Pick<Entry, 'kind' | 'deviceNumber'>): void {
    this.beforeTemporary(directory, name)
    this.inner.makeSpecial(plain(directory), name, entry)
  }

  link(from: Directory, name: Name, to: Directory, newName: Name): void {
    this.beforeTemporary(to, newName)
    this.inner.link(plain(from), name, plain(to), newName)
    this.own.isAlso(pathOf(to, newName), this.replicaPath(from, name))
  }

  rename(from: Directory, name: Name, to: Directory, newName: Name): void {
    const old = this.replicaPath(from, name)
    const path = this.replicaPath(to, newName)
    const rename = (): void => this.inner.rename(plain(from), name, plain(to), newName)
    if (path === undefined) {
      if (old !== undefined) this.takeAside(from, name, old, rename)
      else rename()
      return
    }
    const moved = this.inner.stat(plain(from), name)
    const there = this.inner.stat(plain(to), newName)
    // Two names of one file: the system does nothing then.
    if (moved === undefined || (there?.inode === moved.inode && there.device === moved.device))
      return rename()
    if (old !== undefined) this.touchParent(from)
    this.touchParent(to)
    const lost = there?.kind === 'directory' ? undefined : there
    const inode = String(moved.inode)
    const stepOf = (kept: Kept | undefined): Step =>
      old === undefined ? { op: 'put', path, inode, kept } : { op: 'move', from: old, path, inode, kept }
    if (lost === undefined) this.journal.around(stepOf(undefined), rename)
    else keepAround(this.keepsIn, this.losing(plain(to), newName, path, lost), stepOf, rename)
    this.journal.now(path, this.inner.stat(plain(to), newName))
  }

  unlink(directory: Directory, name: Name): void {
    const path = this.replicaPath(directory, name)
    const entry = path === undefined ? undefined : this.inner.stat(plain(directory), name)
    if (path === undefined || entry === undefined || entry.kind === 'directory')
      return this.inner.unlink(plain(directory), name)
    this.touchParent(directory)
    const moved = this.keeper.placeFor(entry)
    if (moved !== undefined) {
      let isMoved = false
      this.journal.around(
        { op: 'take', path, kept: moved },
        () => (isMoved = this.keeper.move(plain(directory), name, moved)),
      )
      if (isMoved) return
      this.journal.write({ op: 'failed' })
    }
    const kept = this.keeper.copy(plain(directory), name, entry)
    this.journal.around({ op: 'take', path, kept }, () => this.inner.unlink(plain(directory), name))
  }

  removeDirectory(directory: Directory, name: Name): void {
    const path = this.replicaPath(directory, name)
    const remove = (): void => this.inner.removeDirectory(plain(directory), name)
    const entry = path === undefined ? undefined : this.inner.stat(plain(directory), name)
    if (path === undefined || entry === undefined) return remove()
    this.touchParent(directory)
    const was = wasOf(entry, this.inner.xattrs(plain(directory), name))
    this.journal.around({ op: 'removeDirectory', path, was }, remove)
  }

  flush(directory: Directory): void {
    this.inner.flush(plain(directory))
  }

  freeBytes(): number {
    return this.inner.freeBytes()
  }

  fileSystemType(): number {
    return this.inner.fileSystemType()
  }

  /** Notes a directory as it is, before anything in it, or of it, is changed by this thread. */
  touch(path: RelativePath, directory: Handle): void {
    if (this.own.has(path)) return
    this.told.around(directory, entry => {
      this.journal.write({ op: 'directory', path, was: wasOf(entry, directory.xattrs()) })
    })
    this.touched.add(path)
  }

  private recorded(directory: Directory, path: RelativePath): RecordedDirectory {
    return new RecordedDirectory(directory, path, self => this.touch(self.path, self))
  }

  private touchParent(directory: Directory): void {
    if (directory instanceof RecordedDirectory) this.touch(directory.path, directory)
  }

  /** Undefined for what is temporary, or lies outside of the replica. */
  private replicaPath(directory: Directory, name: Name): RelativePath | undefined {
    const path = pathOf(directory, name)
    return path === undefined || this.own.has(path) ? undefined : path
  }

  private beforeTemporary(directory: Directory, name: Name): void {
    const path = this.replicaPath(directory, name)
    if (path === undefined) return
    this.touchParent(directory)
    this.journal.write({ op: 'temporary', path })
    this.own.add(path)
  }

  /** What is moved to where it will be removed. */
  private takeAside(from: Directory, name: Name, path: RelativePath, rename: () => void): void {
    const entry = this.inner.stat(plain(from), name)
    if (entry === undefined) return rename()
    this.touchParent(from)
    const losing = this.losing(plain(from), name, path, entry)
    keepAround(this.keepsIn, losing, kept => ({ op: 'take', path, kept }), rename)
  }

  private losing(directory: Directory, name: Name, path: RelativePath, entry: Entry): Losing {
    const now = (): Entry | undefined => this.inner.stat(directory, name)
    return { directory, name, path, entry, now }
  }
}
