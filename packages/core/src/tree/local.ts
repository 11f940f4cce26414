/**
 * A tree on a local file system, by plain Node.
 *
 * In the `proc` way a directory is a descriptor, and `/proc/self/fd/N/name` names what lies beneath it: what
 * `openat` does, immune to a parent being swapped for a link, and without a limit on the length of paths. In
 * the `paths` way a directory is a path that is looked at when it is opened.
 */
import * as fs from 'node:fs'
import type { Entry, Side } from '../model/entry.js'
import { isSameInode } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { HeldWay } from '../model/report.js'
import { flushByProgram } from './sync-program.js'
import { OpenHandle, PathHandle, PinnedHandle } from './handles.js'
import { procPrefix } from './hold-by-proc.js'
import { nameEncoding, nameFromSystem, systemPath } from './names.js'
import { entryOfStats, entryOrNothing } from './stat.js'
import type { Directory, FileHandle, Tree, TreeSpec } from './tree.js'
import { openFollowing, targetOf } from './unfollowable.js'
import { OwnersRights } from './umask.js'
import { hasNoUnnamed } from './unnamed.js'
import { noXattrs, type Xattrs } from './xattrs.js'

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants
// Windows and some others lack these; there they are nothing.
const { O_NOFOLLOW = 0, O_DIRECTORY = 0, O_NONBLOCK = 0, O_NOATIME = 0 } = fs.constants
/** Linux only, and not named by Node. */
const O_PATH = 0o10000000
const O_TMPFILE = process.platform === 'linux' ? 0o20000000 | O_DIRECTORY : 0

/** Whether the system gives a second name to what a symbolic link leads to. Linux and Windows take the link itself. */
const followsToLink = process.platform !== 'linux' && process.platform !== 'win32'

const bigintOrNothing = { bigint: true, throwIfNoEntry: false } as const
const privateFile = 0o600
const privateDirectory = 0o700

/** Opens the tree of a spec in one of the ways of plain Node. */
export function openLocalTree(spec: TreeSpec): Tree {
  return new LocalTree(spec)
}

class LocalTree implements Tree {
  readonly side: Side
  readonly way: HeldWay
  readonly root: Directory
  private readonly rootPath: string
  private readonly follows: boolean
  /** For what may be a link that is followed. */
  private readonly noFollow: number
  /** O_NOATIME is refused to who does not own the file: after the first refusal it is not asked for again. */
  private noAtime = O_NOATIME
  private readonly ownersRights = new OwnersRights()

  constructor(spec: TreeSpec) {
    this.side = spec.side
    this.way = spec.way
    this.rootPath = spec.path
    this.follows = spec.follows === true
    this.noFollow = this.follows ? 0 : O_NOFOLLOW
    const at = spec.way === 'proc' ? procPrefix(spec.fd) : `${spec.path}/`
    this.root = spec.way === 'proc' ? new OpenHandle(spec.fd, at, true) : new PathHandle(spec.path, at)
  }

  openDirectory(parent: Directory, name: Name): Directory {
    const path = systemPath(parent.at, name)
    if (this.way === 'proc') return this.hold(path)
    const held = new PathHandle(path, `${parent.at}${name}/`, this.follows)
    if (held.stat().kind !== 'directory')
      throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' })
    return held
  }

  openParent(directory: Directory): Directory {
    if (this.way === 'proc') return this.hold(`${directory.at}..`)
    const at = directory.at.slice(0, directory.at.lastIndexOf('/', directory.at.length - 2) + 1)
    return new PathHandle(systemPath(at.slice(0, -1), ''), at)
  }

  list(directory: Directory): Name[] {
    const listed = fs.readdirSync(systemPath(directory.at, ''), { encoding: nameEncoding as 'utf8' })
    for (let index = 0; index < listed.length; index++) listed[index] = nameFromSystem(listed[index] ?? '')
    return listed as Name[]
  }

  *listInParts(directory: Directory): Generator<readonly Name[], void> {
    yield this.list(directory)
  }

  stat(directory: Directory, name: Name): Entry | undefined {
    const path = systemPath(directory.at, name)
    const entry = entryOrNothing(fs.lstatSync(path, bigintOrNothing))
    if (!this.follows || entry?.kind !== 'symlink') return entry
    return targetOf(() => entryOrNothing(fs.statSync(path, bigintOrNothing)))
  }

  xattrs(): Xattrs {
    return noXattrs
  }

  readLink(directory: Directory, name: Name): string {
    return nameFromSystem(
      fs.readlinkSync(systemPath(directory.at, name), { encoding: nameEncoding as 'utf8' }),
    )
  }

  openFile(directory: Directory, name: Name): FileHandle {
    const open = (): FileHandle => this.openToRead(systemPath(directory.at, name), O_NOFOLLOW)
    if (!this.follows) return open()
    return openFollowing(
      open,
      () => this.pin(directory, name),
      path => this.openToRead(path, 0),
    )
  }

  private openToRead(path: string | Buffer, noFollow: number): FileHandle {
    const flags = O_RDONLY | noFollow | O_NONBLOCK
    if (this.noAtime !== 0) {
      try {
        return new OpenHandle(fs.openSync(path, flags | this.noAtime), '')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
        this.noAtime = 0
      }
    }
    return new OpenHandle(fs.openSync(path, flags), '')
  }

  pin(directory: Directory, name: Name): PathHandle | PinnedHandle {
    const path = systemPath(directory.at, name)
    if (this.way === 'paths') return new PathHandle(path, '', this.follows)
    return new PinnedHandle(fs.openSync(path, O_PATH | this.noFollow))
  }

  createFile(directory: Directory, name: Name): FileHandle {
    const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
    return new OpenHandle(fs.openSync(systemPath(directory.at, name), flags, privateFile), '')
  }

  reopenFile(directory: Directory, name: Name): FileHandle {
    const flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK
    return new OpenHandle(fs.openSync(systemPath(directory.at, name), flags), '')
  }

  createUnnamed(directory: Directory): FileHandle | undefined {
    if (O_TMPFILE === 0) return undefined
    try {
      return new OpenHandle(fs.openSync(systemPath(directory.at, ''), O_RDWR | O_TMPFILE, privateFile), '')
    } catch (error) {
      if (hasNoUnnamed(error)) return undefined
      throw error
    }
  }

  makeDirectory(directory: Directory, name: Name): void {
    fs.mkdirSync(systemPath(directory.at, name), privateDirectory)
    this.ownersRights.restore(this, directory, name)
  }

  makeLink(directory: Directory, name: Name, target: string): void {
    fs.symlinkSync(systemPath('', target), systemPath(directory.at, name))
  }

  link(from: Directory, name: Name, to: Directory, newName: Name): void {
    const path = systemPath(from.at, name)
    if (followsToLink && fs.lstatSync(path).isSymbolicLink())
      throw Object.assign(new Error('the system would link what it leads to'), { code: 'ENOTSUP' })
    fs.linkSync(path, systemPath(to.at, newName))
  }

  makeSpecial(): void {
    throw Object.assign(new Error('Node cannot create special files'), { code: 'ENOSYS' })
  }

  rename(from: Directory, name: Name, to: Directory, newName: Name): void {
    fs.renameSync(systemPath(from.at, name), systemPath(to.at, newName))
  }

  unlink(directory: Directory, name: Name): void {
    fs.unlinkSync(systemPath(directory.at, name))
  }

  removeDirectory(directory: Directory, name: Name): void {
    fs.rmdirSync(systemPath(directory.at, name))
  }

  flush(directory: Directory): void {
    flushByProgram(directory.at)
  }

  freeBytes(): number {
    const stats = fs.statfsSync(this.way === 'proc' ? this.root.at : this.rootPath)
    return stats.bavail * stats.bsize
  }

  fileSystemType(): number {
    return fs.statfsSync(this.way === 'proc' ? this.root.at : this.rootPath).type
  }

  private hold(path: string | Buffer): Directory {
    const fd = fs.openSync(path, O_RDONLY | O_DIRECTORY | this.noFollow)
    return new OpenHandle(fd, procPrefix(fd))
  }
}

/** A root that was opened, before it is a tree. */
export interface OpenedRoot {
  readonly spec: TreeSpec
  readonly entry: Entry
  close(): void
}

/** Opens a root by its absolute path, following links: a root is what the user names. */
export function openRoot(side: Side, path: string, way: HeldWay): OpenedRoot {
  if (way === 'paths') {
    const real = fs.realpathSync.native(path)
    const entry = entryOfStats(fs.lstatSync(real, { bigint: true }))
    return { spec: { side, way, path: real, fd: -1 }, entry, close: () => undefined }
  }
  const fd = fs.openSync(path, O_RDONLY | O_DIRECTORY)
  const entry = entryOfStats(fs.fstatSync(fd, { bigint: true }))
  return { spec: { side, way, path, fd }, entry, close: () => fs.closeSync(fd) }
}

/**
 * A root held by descriptor, then each directory above it, up to the top of the system. They are opened with
 * O_PATH, because many a folder that may be passed through may not be read.
 */
export function* rootAndAbove({ spec, entry }: OpenedRoot): Generator<Entry> {
  yield entry
  let { fd } = spec
  try {
    for (let below = entry; ; ) {
      const above = fs.openSync(`${procPrefix(fd)}..`, O_PATH | O_DIRECTORY | O_NOFOLLOW)
      if (fd !== spec.fd) fs.closeSync(fd)
      fd = above
      const found = entryOfStats(fs.fstatSync(fd, { bigint: true }))
      if (isSameInode(found, below)) return
      yield found
      below = found
    }
  } finally {
    if (fd !== spec.fd) fs.closeSync(fd)
  }
}
