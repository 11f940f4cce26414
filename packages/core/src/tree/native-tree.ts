/**
 * A tree on a local file system, through the C library: each call names one component beneath a directory that is
 * held open, which is immune to a parent being swapped for a link, and has no limit on the length of paths.
 */
import * as fs from 'node:fs'
import { constants } from 'node:fs'
import type { Entry, Side } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { HeldWay } from '../model/report.js'
import { closeRead } from './close-read.js'
import { called, cName, type Libc, systemError } from './native.js'
import { NativeHandle, NativePin } from './native-handles.js'
import { xattrsAt, xattrsOfTarget } from './native-xattrs.js'
import { canListNatively, namesOf, rewind } from './native-list.js'
import { nameEncoding, nameFromBytes, nameFromSystem } from './names.js'
import { formatOfKind } from './stat.js'
import { following, statAt } from './statx.js'
import type { Directory, FileHandle, Tree, TreeSpec } from './tree.js'
import { openFollowing, targetOf } from './unfollowable.js'
import { OwnersRights } from './umask.js'
import { hasNoUnnamed } from './unnamed.js'
import type { Xattrs } from './xattrs.js'

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK, O_NOATIME } = constants
/** Not named by Node: nothing is opened, and no child inherits it. */
const O_PATH = 0o10000000
const O_CLOEXEC = 0o2000000
const O_TMPFILE = 0o20000000 | O_DIRECTORY
const AT_REMOVEDIR = 0x200
const AT_FDCWD = -100

const privateFile = 0o600
const privateDirectory = 0o700
/** Longer than any target that Linux keeps. */
const targetSize = 1 << 16

function pathOf(fd: number): string {
  return `/proc/self/fd/${fd}`
}

export class NativeTree implements Tree {
  readonly side: Side
  readonly way: HeldWay = 'libc'
  readonly root: Directory
  private readonly libc: Libc
  private readonly follows: boolean
  /** For what may be a link that is followed. */
  private readonly noFollow: number
  /** O_NOATIME is refused to who does not own the file: after the first refusal it is not asked for again. */
  private noAtime = O_NOATIME
  private readonly ownersRights = new OwnersRights()
  /** By descriptor which list of it was the last. */
  private readonly listings = new Map<number, object>()

  constructor(libc: Libc, spec: TreeSpec) {
    this.libc = libc
    this.side = spec.side
    this.follows = spec.follows === true
    this.noFollow = this.follows ? 0 : O_NOFOLLOW
    this.root = new NativeHandle(libc, spec.fd, true)
  }

  openDirectory(parent: Directory, name: Name): Directory {
    const fd = this.open(parent.fd, name, O_RDONLY | O_DIRECTORY | this.noFollow)
    return new NativeHandle(this.libc, fd)
  }

  openParent(directory: Directory): Directory {
    return this.openDirectory(directory, '..' as Name)
  }

  list(directory: Directory): Name[] {
    const all: Name[] = []
    for (const names of this.listInParts(directory)) for (const name of names) all.push(name)
    return all
  }

  *listInParts(directory: Directory): Generator<Name[], void> {
    const { libc, listings } = this
    const { fd } = directory
    if (!canListNatively) return yield this.listByNode(fd)
    if (fd === this.root.fd) return yield* this.listRoot()
    rewind(libc, fd)
    const listing = {}
    listings.set(fd, listing)
    for (const names of namesOf(libc, fd)) {
      yield names
      // INVARIANT: two lists of one descriptor would each have a part, and take it for the whole.
      if (listings.get(fd) !== listing) throw new Error('a directory was listed again while it was listed')
    }
  }

  stat(directory: Directory, name: Name): Entry | undefined {
    const { libc } = this
    const { fd } = directory
    const entry = statAt(libc, fd, cName(name))
    if (!this.follows || entry?.kind !== 'symlink') return entry
    return targetOf(() => statAt(libc, fd, cName(name), following))
  }

  xattrs(directory: Directory, name: Name): Xattrs {
    const { libc, follows } = this
    return follows ? xattrsOfTarget(libc, directory.fd, name) : xattrsAt(libc, directory.fd, name)
  }

  readLink(directory: Directory, name: Name): string {
    const { libc } = this
    const { fd } = directory
    const target = Buffer.allocUnsafe(targetSize)
    const length = called(libc, 'readlinkat', () => libc.readlinkat(fd, cName(name), target, targetSize))
    return nameFromBytes(target.subarray(0, length))
  }

  openFile(directory: Directory, name: Name): FileHandle {
    const open = (): FileHandle => this.openToRead(directory.fd, name, O_NOFOLLOW)
    if (!this.follows) return open()
    return openFollowing(
      open,
      () => this.pin(directory, name),
      path => this.openToRead(AT_FDCWD, path as Name, 0),
    )
  }

  private openToRead(fd: number, name: Name, noFollow: number): FileHandle {
    const flags = O_RDONLY | noFollow | O_NONBLOCK
    if (this.noAtime !== 0) {
      try {
        return new NativeHandle(this.libc, this.open(fd, name, flags | this.noAtime))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
        this.noAtime = 0
      }
    }
    return new NativeHandle(this.libc, this.open(fd, name, flags))
  }

  pin(directory: Directory, name: Name): NativePin {
    return new NativePin(this.libc, this.open(directory.fd, name, O_PATH | this.noFollow))
  }

  createFile(directory: Directory, name: Name): FileHandle {
    const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
    return new NativeHandle(this.libc, this.open(directory.fd, name, flags, privateFile))
  }

  reopenFile(directory: Directory, name: Name): FileHandle {
    const flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK
    return new NativeHandle(this.libc, this.open(directory.fd, name, flags))
  }

  createUnnamed(directory: Directory): FileHandle | undefined {
    try {
      return new NativeHandle(
        this.libc,
        this.open(directory.fd, '.' as Name, O_RDWR | O_TMPFILE, privateFile),
      )
    } catch (error) {
      if (hasNoUnnamed(error)) return undefined
      throw error
    }
  }

  makeDirectory(directory: Directory, name: Name): void {
    const { libc } = this
    called(libc, 'mkdirat', () => libc.mkdirat(directory.fd, cName(name), privateDirectory))
    this.ownersRights.restore(this, directory, name)
  }

  makeLink(directory: Directory, name: Name, target: string): void {
    const { libc } = this
    called(libc, 'symlinkat', () => libc.symlinkat(cName(target), directory.fd, cName(name)))
  }

  link(from: Directory, name: Name, to: Directory, newName: Name): void {
    const { libc } = this
    called(libc, 'linkat', () => libc.linkat(from.fd, cName(name), to.fd, cName(newName), 0))
  }

  makeSpecial(
    directory: Directory,
    name: Name,
    { kind, deviceNumber }: Pick<Entry, 'kind' | 'deviceNumber'>,
  ): void {
    const { libc } = this
    const mode = formatOfKind(kind) | privateFile
    called(libc, 'mknodat', () => libc.mknodat(directory.fd, cName(name), mode, deviceNumber))
  }

  rename(from: Directory, name: Name, to: Directory, newName: Name): void {
    const { libc } = this
    called(libc, 'renameat', () => libc.renameat(from.fd, cName(name), to.fd, cName(newName)))
  }

  unlink(directory: Directory, name: Name): void {
    const { libc } = this
    called(libc, 'unlinkat', () => libc.unlinkat(directory.fd, cName(name), 0))
  }

  removeDirectory(directory: Directory, name: Name): void {
    const { libc } = this
    called(libc, 'unlinkat', () => libc.unlinkat(directory.fd, cName(name), AT_REMOVEDIR))
  }

  flush(directory: Directory): void {
    // INVARIANT: asked once. After a failure the system counts what it could not write as written.
    if (this.libc.syncfs(directory.fd) !== 0) throw systemError(this.libc.errno(), 'syncfs')
  }

  freeBytes(): number {
    const stats = fs.statfsSync(pathOf(this.root.fd))
    return stats.bavail * stats.bsize
  }

  fileSystemType(): number {
    return fs.statfsSync(pathOf(this.root.fd)).type
  }

  /** INVARIANT: where a list goes on is one place for all who share a descriptor, so each list of the root has its own. */
  private *listRoot(): Generator<Name[], void> {
    const fd = this.open(AT_FDCWD, pathOf(this.root.fd) as Name, O_RDONLY | O_DIRECTORY)
    const own = new NativeHandle(this.libc, fd)
    try {
      yield* namesOf(this.libc, fd)
    } finally {
      closeRead(own)
    }
  }

  private listByNode(fd: number): Name[] {
    const listed = fs.readdirSync(`${pathOf(fd)}/`, { encoding: nameEncoding as 'utf8' })
    for (let index = 0; index < listed.length; index++) listed[index] = nameFromSystem(listed[index] ?? '')
    return listed as Name[]
  }

  private open(at: number, name: Name, flags: number, mode = 0): number {
    const { libc } = this
    const path = cName(name)
    return called(libc, 'openat', () => libc.openat(at, path, flags | O_CLOEXEC, mode))
  }
}
