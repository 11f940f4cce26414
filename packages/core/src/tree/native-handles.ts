/**
 * What is held open through the C library: as by plain Node, but looked at by `statx`, with times to the
 * nanosecond, and with extended attributes.
 */
import type { Entry } from '../model/entry.js'
import { OpenHandle, PinnedHandle } from './handles.js'
import { called, type Libc } from './native.js'
import { setXattrOf, xattrsOfFile, xattrsOfPinned } from './native-xattrs.js'
import { statOf } from './statx.js'
import type { DataRange, FileHandle } from './tree.js'
import type { Xattrs } from './xattrs.js'

/** `struct timespec` twice, for the time of access and that of modification. */
const times = new BigInt64Array(4)
const second = 1_000_000_000n

function setTimes(mtimeNs: bigint): BigInt64Array {
  const rest = ((mtimeNs % second) + second) % second
  // Access times are not mirrored. Both are given: many a file system in user space takes no notice of one alone.
  times[0] = BigInt(Math.floor(Date.now() / 1000))
  times[2] = (mtimeNs - rest) / second
  times[3] = rest
  return times
}

const SEEK_SET = 0
const SEEK_DATA = 3
const SEEK_HOLE = 4
const ENXIO = 6
/** Of a size that stays: `FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE`. */
const PUNCH_HOLE = 3
/** Asks for the blocks of another file to be shared. */
const FICLONE = 0x40049409

/** Node keeps books of what it opened, and warns of closing what it did not. */
function closeDescriptor(libc: Libc, fd: number): void {
  // Linux lets go of the descriptor even when a signal interrupts, so this is not tried again.
  if (libc.close(fd) !== 0) called(libc, 'close', () => -1)
}

/** An open descriptor of a file or directory. */
export class NativeHandle extends OpenHandle {
  private readonly libc: Libc

  /** A shared descriptor belongs to another thread, which closes it. */
  constructor(libc: Libc, fd: number, shared = false) {
    super(fd, '', shared)
    this.libc = libc
  }

  override stat(): Entry {
    return statOf(this.libc, this.fd)
  }

  override setMtime(mtimeNs: bigint): void {
    const { libc, fd } = this
    const wanted = setTimes(mtimeNs)
    called(libc, 'futimens', () => libc.futimens(fd, wanted))
  }

  override xattrs(): Xattrs {
    return xattrsOfFile(this.libc, this.fd)
  }

  override setXattr(name: string, value: Uint8Array | undefined): void {
    setXattrOf(this.libc, `/proc/self/fd/${this.fd}`, name, value)
  }

  override seek(position: number): void {
    const { libc, fd } = this
    called(libc, 'lseek', () => libc.lseek(fd, position, SEEK_SET))
  }

  override punchHole(position: number, length: number): void {
    const { libc, fd } = this
    called(libc, 'fallocate', () => libc.fallocate(fd, PUNCH_HOLE, position, length))
  }

  override nextData(position: number, size: number): DataRange {
    const { libc, fd } = this
    const start = libc.lseek(fd, position, SEEK_DATA)
    // Only a hole follows. Anything else means that this file system does not know.
    if (start < 0) return libc.errno() === ENXIO ? { start: size, end: size } : { start: position, end: size }
    if (start >= size) return { start: size, end: size }
    const end = libc.lseek(fd, start, SEEK_HOLE)
    return { start, end: end < 0 ? size : Math.min(end, size) }
  }

  override shareBlocks(source: FileHandle): void {
    const { libc, fd } = this
    called(libc, 'ioctl', () => libc.ioctl(fd, FICLONE, source.fd))
  }

  override copyFrom(source: FileHandle, length: number): number {
    const { libc, fd } = this
    return called(libc, 'copy_file_range', () => libc.copy_file_range(source.fd, null, fd, null, length, 0))
  }

  protected override release(): void {
    closeDescriptor(this.libc, this.fd)
  }
}

/** An entry pinned with O_PATH, whose attributes are set through /proc, which leads to the very entry. */
export class NativePin extends PinnedHandle {
  private readonly libc: Libc

  constructor(libc: Libc, fd: number) {
    super(fd)
    this.libc = libc
  }

  override stat(): Entry {
    return statOf(this.libc, this.fd)
  }

  override setMtime(mtimeNs: bigint): void {
    const { libc, fd, path } = this
    const wanted = setTimes(mtimeNs)
    called(libc, 'utimensat', () => libc.utimensat(fd, path, wanted, 0))
  }

  override xattrs(): Xattrs {
    return xattrsOfPinned(this.libc, this.path)
  }

  override setXattr(name: string, value: Uint8Array | undefined): void {
    setXattrOf(this.libc, this.path, name, value)
  }

  override close(): void {
    closeDescriptor(this.libc, this.fd)
  }
}
