/**
 * What is held open, by descriptor or, where that is not to be had, by path.
 */
import * as fs from 'node:fs'
import type { Entry } from '../model/entry.js'
import { entryOfStats } from './stat.js'
import { timeArgument } from './times.js'
import type { DataRange, Directory, FileHandle, Handle } from './tree.js'
import { noXattrs, type Xattrs } from './xattrs.js'

const bigint = { bigint: true } as const

/** Access times are not mirrored: setting a modification time sets the access time to now. */
function now(): number {
  return Date.now() / 1000
}

/** Node has no call for extended attributes. */
class WithoutXattrs {
  xattrs(): Xattrs {
    return noXattrs
  }

  setXattr(_name: string, _value: Uint8Array | undefined): void {
    throw notByNode()
  }
}

function notByNode(): NodeJS.ErrnoException {
  return Object.assign(new Error('Node has no call for this'), { code: 'ENOSYS' })
}

/** An open descriptor of a file or directory. */
export class OpenHandle extends WithoutXattrs implements FileHandle, Directory {
  readonly fd: number
  readonly at: string
  private mayClose: boolean
  /** Null: where the system has it, which is where the last read or write ended. */
  private position: number | null = null

  /** A shared descriptor belongs to another thread, which closes it. */
  constructor(fd: number, at: string, shared = false) {
    super()
    this.fd = fd
    this.at = at
    this.mayClose = !shared
  }

  stat(): Entry {
    return entryOfStats(fs.fstatSync(this.fd, bigint))
  }

  setOwner(uid: number, gid: number): void {
    fs.fchownSync(this.fd, uid, gid)
  }

  setMode(mode: number): void {
    fs.fchmodSync(this.fd, mode)
  }

  setMtime(mtimeNs: bigint): void {
    fs.futimesSync(this.fd, now(), timeArgument(mtimeNs))
  }

  close(): void {
    if (!this.mayClose) return
    // INVARIANT: closed once, even when closing fails: the number may be another thread's file by then.
    this.mayClose = false
    this.release()
  }

  protected release(): void {
    fs.closeSync(this.fd)
  }

  read(into: Uint8Array, length: number): number {
    const count = fs.readSync(this.fd, into, 0, length, this.position)
    this.advance(count)
    return count
  }

  write(from: Uint8Array, length: number): void {
    for (let written = 0; written < length; ) {
      const count = fs.writeSync(this.fd, from, written, length - written, this.position)
      this.advance(count)
      written += count
    }
  }

  seek(position: number): void {
    this.position = position
  }

  setSize(size: number): void {
    fs.ftruncateSync(this.fd, size)
  }

  punchHole(_position: number, _length: number): void {
    throw notByNode()
  }

  nextData(position: number, size: number): DataRange {
    return { start: position, end: size }
  }

  shareBlocks(_source: FileHandle): void {
    throw notByNode()
  }

  copyFrom(_source: FileHandle, _length: number): number {
    throw notByNode()
  }

  flush(): void {
    fs.fsyncSync(this.fd)
  }

  private advance(count: number): void {
    if (this.position !== null) this.position += count
  }
}

/**
 * An entry pinned with O_PATH: never opened, so a FIFO cannot hang and an unreadable file can be pinned, and
 * reached through /proc whatever its name is by now. Linux refuses `fchmod` and the like on such a descriptor.
 */
export class PinnedHandle extends WithoutXattrs implements Handle {
  protected readonly fd: number
  /** Leads to the very entry. */
  readonly path: string

  constructor(fd: number) {
    super()
    this.fd = fd
    this.path = `/proc/self/fd/${fd}`
  }

  stat(): Entry {
    return entryOfStats(fs.fstatSync(this.fd, bigint))
  }

  setOwner(uid: number, gid: number): void {
    fs.chownSync(this.path, uid, gid)
  }

  setMode(mode: number): void {
    fs.chmodSync(this.path, mode)
  }

  setMtime(mtimeNs: bigint): void {
    fs.utimesSync(this.path, now(), timeArgument(mtimeNs))
  }

  close(): void {
    fs.closeSync(this.fd)
  }
}

/**
 * An entry named by path, looked at before each call.
 *
 * RACE: between the look and the call the path can be made to lead elsewhere by someone who may write there.
 * Node has nothing better without /proc; the Report lists it as a residual.
 */
export class PathHandle extends WithoutXattrs implements Directory {
  readonly at: string
  readonly fd = -1
  readonly path: string | Buffer
  private readonly follows: boolean
  private readonly seen: Entry

  /** @param follows whether what a link leads to is held: only for reading */
  constructor(path: string | Buffer, at: string, follows = false) {
    super()
    this.path = path
    this.at = at
    this.follows = follows
    this.seen = this.stat()
  }

  stat(): Entry {
    return entryOfStats(this.follows ? fs.statSync(this.path, bigint) : fs.lstatSync(this.path, bigint))
  }

  setOwner(uid: number, gid: number): void {
    this.requireUnchanged()
    fs.lchownSync(this.path, uid, gid)
  }

  setMode(mode: number): void {
    // There is no lchmod; a link has no mode of its own, so none is ever set.
    if (this.requireUnchanged().kind !== 'symlink') fs.chmodSync(this.path, mode)
  }

  setMtime(mtimeNs: bigint): void {
    this.requireUnchanged()
    fs.lutimesSync(this.path, now(), timeArgument(mtimeNs))
  }

  flush(): void {
    // Windows has no such call for a directory.
    if (process.platform === 'win32') return
    const fd = fs.openSync(this.path, 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  }

  close(): void {
    // Nothing is open.
  }

  private requireUnchanged(): Entry {
    const entry = this.stat()
    if (
      entry.inode !== this.seen.inode ||
      entry.device !== this.seen.device ||
      entry.kind !== this.seen.kind
    ) {
      throw Object.assign(new Error('replaced while in use'), { code: 'ELOOP' })
    }
    return entry
  }
}
