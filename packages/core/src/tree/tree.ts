/**
 * The port to a file system bound to one root. There is no absolute path above it, and no name leads out of it:
 * each call names one component beneath a directory that is held open, and follows no symbolic link. But a source
 * whose links are to be followed shows, opens and enters what each of them leads to, wherever that is.
 *
 * All calls are synchronous and throw the system's own error (see `model/errno.ts`): async calls cost three
 * times as much, and whole jobs run in worker threads instead. Descriptors belong to the thread that opened
 * them, except those of the two roots.
 */
import type { Entry, Side } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { HeldWay } from '../model/report.js'
import type { Xattrs } from './xattrs.js'

/** Something held open, whose attributes can be read and set whatever its name is by now. */
export interface Handle {
  stat(): Entry
  setOwner(uid: number, gid: number): void
  setMode(mode: number): void
  /** At the precision the platform can set; Node 20 and 22 truncate to microseconds. */
  setMtime(mtimeNs: bigint): void
  /** Extended attributes; none where this way of working cannot read them. */
  xattrs(): Xattrs
  /** Sets one, or removes it where there is no value. */
  setXattr(name: string, value: Uint8Array | undefined): void
  close(): void
}

/** A directory held open. */
export interface Directory extends Handle {
  /** For this port's own use: what a name beneath it is appended to, or its descriptor; -1 where it is held by path. */
  readonly at: string
  readonly fd: number
  /** Has the storage take its names, where the system can be asked for that. */
  flush(): void
}

/** A stretch of a file that holds data: from `start` up to, but not with, `end`. */
export interface DataRange {
  readonly start: number
  readonly end: number
}

/** A regular file held open; reads and writes go on where the last one ended. */
export interface FileHandle extends Handle {
  /** For this port's own use: its descriptor. */
  readonly fd: number
  /** Returns the number of bytes read; 0 at the end. */
  read(into: Uint8Array, length: number): number
  /** Writes all of the bytes, or throws. */
  write(from: Uint8Array, length: number): void
  /** Where the next read or write goes on, also beyond the end. */
  seek(position: number): void
  /** Makes the file end there: cut off, or with a hole at its end. */
  setSize(size: number): void
  /** Makes a stretch within the file a hole. Throws where the file system cannot. */
  punchHole(position: number, length: number): void
  /**
   * The next data at or after a position, in a file of a size; empty, at its end, where only a hole follows. All
   * is data where holes cannot be told. Moves the place where reads go on.
   */
  nextData(position: number, size: number): DataRange
  /** Makes the whole file share the blocks of another one. Throws where the file system cannot. */
  shareBlocks(source: FileHandle): void
  /**
   * Has the system copy from where reads of another file go on to where writes of this one do, and moves both on.
   * Returns how many bytes it copied, maybe fewer; 0 at the end. Throws where it cannot.
   */
  copyFrom(source: FileHandle, length: number): number
  /** Has the storage take its content and attributes. */
  flush(): void
}

/** Which owners a thread may give away. */
export interface OwnerRights {
  /** May set any owner and group. */
  readonly anyOwner: boolean
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

export interface Tree {
  readonly side: Side
  readonly way: HeldWay
  /** The root, held for as long as the tree is used. */
  readonly root: Directory
  /** Opens a directory for what lies beneath it. Fails on a symbolic link. */
  openDirectory(parent: Directory, name: Name): Directory
  /** Opens the parent of a directory; the caller checks that it is the one expected. */
  openParent(directory: Directory): Directory
  /** All names in a directory, in no order. */
  list(directory: Directory): Name[]
  /** The same, some at a time, where that can be had. A list is whole when it ends; it fails where that would. */
  listInParts(directory: Directory): Generator<readonly Name[], void>
  /**
   * The entry of a name, itself and not what it links to; undefined when there is none. Where links are followed, of what
   * it leads to; an `Unfollowable` is thrown for one that leads nowhere.
   */
  stat(directory: Directory, name: Name): Entry | undefined
  /** The extended attributes of a name, itself and not what it links to; none where they cannot be read. */
  xattrs(directory: Directory, name: Name): Xattrs
  /** A link's target, in the lossless form of names. */
  readLink(directory: Directory, name: Name): string
  /** Opens a regular file for reading. Fails on a link; never waits for a FIFO. */
  openFile(directory: Directory, name: Name): FileHandle
  /** Holds an entry of any kind but opens nothing: for its attributes only. */
  pin(directory: Directory, name: Name): Handle
  /** Creates a file that must not exist, private to the user, for writing and reading. */
  createFile(directory: Directory, name: Name): FileHandle
  /** Opens a file for writing and reading that this user made. Fails on a link; never waits for a FIFO. */
  reopenFile(directory: Directory, name: Name): FileHandle
  /** Creates a file without a name in the file system of a directory; undefined where it has no such files. */
  createUnnamed(directory: Directory): FileHandle | undefined
  /** Creates a directory, private to the user. */
  makeDirectory(directory: Directory, name: Name): void
  makeLink(directory: Directory, name: Name, target: string): void
  /** Gives what a name stands for, itself and not what it links to, a second name, which must not exist. */
  link(from: Directory, name: Name, to: Directory, newName: Name): void
  /** Creates a FIFO, socket or device, private to the user. Only the way `libc` can. */
  makeSpecial(directory: Directory, name: Name, entry: Pick<Entry, 'kind' | 'deviceNumber'>): void
  /** Moves within the tree; replaces what is not a directory. */
  rename(from: Directory, name: Name, to: Directory, newName: Name): void
  /** Removes what is not a directory. */
  unlink(directory: Directory, name: Name): void
  removeDirectory(directory: Directory, name: Name): void
  /** Has the storage take all that was written to the file system of a directory: the way of flushing `whole`. */
  flush(directory: Directory): void
  /** Bytes that this user can still write. */
  freeBytes(): number
  /** The number that the system knows the kind of file system by. */
  fileSystemType(): number
}

/** What another thread needs to open the same tree: plain data. */
export interface TreeSpec {
  readonly side: Side
  readonly way: HeldWay
  /** The absolute path of the root. */
  readonly path: string
  /** The descriptor of the root; -1 where directories are named by path. */
  readonly fd: number
  /** What symbolic links lead to is taken in their place: only of a source, and only if that is asked for. */
  readonly follows?: boolean | undefined
}

/** A module that wraps trees, and what it is told. Named rather than passed, so that it reaches every thread. */
export interface DecoratorSpec {
  readonly module: string
  readonly data: unknown
}

/** What a module named by {@link DecoratorSpec} exports. */
export interface TreeDecorator {
  readonly decorate: (tree: Tree, data: unknown) => Tree
}
