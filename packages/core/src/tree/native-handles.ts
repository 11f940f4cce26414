/** What is held open through the C library: nothing here names an entry by a path. */
import * as fs from 'node:fs'
import type { Entry } from '../model/entry.js'
import { called, type Libc } from './native.js'
import { statOf } from './statx.js'
import type { Directory, FileHandle, Handle } from './tree.js'

const AT_EMPTY_PATH = 0x1000
/** `struct timespec` twice, for the time of access and that of modification. */
const times = new BigInt64Array(4)
const UTIME_OMIT = 0x3ffffffen
const second = 1_000_000_000n

function setTimes(mtimeNs: bigint): BigInt64Array {
  const rest = ((mtimeNs % second) + second) % second
  times[1] = UTIME_OMIT
  times[2] = (mtimeNs - rest) / second
  times[3] = rest
  return times
}

/** An open descriptor of a file or directory. */
export class NativeHandle implements FileHandle, Directory {
  readonly fd: number
  readonly at: string
  protected readonly libc: Libc
  private mayClose: boolean

  /** A shared descriptor belongs to another thread, which closes it. */
  constructor(libc: Libc, fd: number, at: string, shared = false) {
    this.libc = libc
    this.fd = fd
    this.at = at
    this.mayClose = !shared
  }

  stat(): Entry {
    return statOf(this.libc, this.fd)
  }

  setOwner(uid: number, gid: number): void {
    const { libc, fd } = this
    called(libc, 'fchownat', () => libc.fchownat(fd, '', uid, gid, AT_EMPTY_PATH))
  }

  setMode(mode: number): void {
    const { libc, fd } = this
    called(libc, 'fchmod', () => libc.fchmod(fd, mode))
  }

  setMtime(mtimeNs: bigint): void {
    const { libc, fd } = this
    const wanted = setTimes(mtimeNs)
    called(libc, 'futimens', () => libc.futimens(fd, wanted))
  }

  close(): void {
    if (!this.mayClose) return
    // INVARIANT: closed once, even when closing fails: the number may be another thread's file by then.
    this.mayClose = false
    // Linux lets go of the descriptor even when a signal interrupts, so this is not tried again.
    if (this.libc.close(this.fd) !== 0) called(this.libc, 'close', () => -1)
  }

  read(into: Uint8Array, length: number): number {
    return fs.readSync(this.fd, into, 0, length, null)
  }

  write(from: Uint8Array, length: number): void {
    for (let written = 0; written < length; )
      written += fs.writeSync(this.fd, from, written, length - written)
  }
}

/**
 * An entry pinned with O_PATH: never opened, so a FIFO cannot hang and an unreadable file can be pinned. The mode
 * of such a descriptor can only be set through /proc, which leads to the very entry.
 */
export class NativePin implements Handle {
  private readonly libc: Libc
  private readonly fd: number

  constructor(libc: Libc, fd: number) {
    this.libc = libc
    this.fd = fd
  }

  stat(): Entry {
    return statOf(this.libc, this.fd)
  }

  setOwner(uid: number, gid: number): void {
    const { libc, fd } = this
    called(libc, 'fchownat', () => libc.fchownat(fd, '', uid, gid, AT_EMPTY_PATH))
  }

  setMode(mode: number): void {
    fs.chmodSync(`/proc/self/fd/${this.fd}`, mode)
  }

  setMtime(mtimeNs: bigint): void {
    const { libc, fd } = this
    const wanted = setTimes(mtimeNs)
    const path = `/proc/self/fd/${fd}`
    called(libc, 'utimensat', () => libc.utimensat(fd, path, wanted, 0))
  }

  close(): void {
    if (this.libc.close(this.fd) !== 0) called(this.libc, 'close', () => -1)
  }
}
