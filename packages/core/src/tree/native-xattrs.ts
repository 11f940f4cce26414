/**
 * Extended attributes through the C library. Each entry of both trees is asked for the names of its own, so that is
 * one call beneath the directory where Linux has it (since 6.13); values are few, and are read through /proc.
 */
import * as os from 'node:os'
import { called, cName, type Libc, systemError } from './native.js'
import { nameFromBytes } from './names.js'
import { noXattrs, type Xattrs } from './xattrs.js'

/** The number is the same on every processor, as of all calls since Linux 5.1. */
const listxattrat = 465
const AT_SYMLINK_NOFOLLOW = 0x100
const AT_EMPTY_PATH = 0x1000

const { ENODATA, ENOENT, ENOTSUP, EACCES, EPERM, EINTR } = os.constants.errno

/** As long as Linux lets a list of names, or a value, be. */
const size = 1 << 16
const bytes = Buffer.alloc(size)

let canListAt: boolean | undefined

/** The attributes of what a name beneath an open directory leads to, if it is a link. */
export function xattrsOfTarget(libc: Libc, fd: number, name: string): Xattrs {
  const path = cName(beneath(fd, name))
  const length = listed(libc, () => libc.listxattr(path, bytes, size))
  if (length === 0) return noXattrs
  return valuesOf(libc, length, attribute => libc.getxattr(path, cName(attribute), bytes, size))
}

/** The attributes of a name beneath an open directory: of the entry itself, and not of what it links to. */
export function xattrsAt(libc: Libc, fd: number, name: string): Xattrs {
  canListAt ??= libc.syscall(listxattrat, fd, '', AT_EMPTY_PATH, bytes, size) >= 0 || libc.errno() === ENOTSUP
  const length = canListAt
    ? listed(libc, () => libc.syscall(listxattrat, fd, cName(name), AT_SYMLINK_NOFOLLOW, bytes, size))
    : listed(libc, () => libc.llistxattr(cName(beneath(fd, name)), bytes, size))
  if (length === 0) return noXattrs
  const path = cName(beneath(fd, name))
  return valuesOf(libc, length, attribute => libc.lgetxattr(path, cName(attribute), bytes, size))
}

/** The attributes of what an open descriptor holds. */
export function xattrsOfFile(libc: Libc, fd: number): Xattrs {
  const length = listed(libc, () => libc.flistxattr(fd, bytes, size))
  if (length === 0) return noXattrs
  return valuesOf(libc, length, attribute => libc.fgetxattr(fd, cName(attribute), bytes, size))
}

/** The attributes of what a descriptor pins that opens nothing; the path leads through /proc to the very entry. */
export function xattrsOfPinned(libc: Libc, path: string): Xattrs {
  const length = listed(libc, () => libc.listxattr(path, bytes, size))
  if (length === 0) return noXattrs
  return valuesOf(libc, length, attribute => libc.getxattr(path, cName(attribute), bytes, size))
}

/** Sets an attribute of what a path through /proc leads to, or removes it. */
export function setXattrOf(libc: Libc, path: string, name: string, value: Uint8Array | undefined): void {
  const attribute = cName(name)
  if (value !== undefined) {
    called(libc, 'setxattr', () => libc.setxattr(path, attribute, value, value.length, 0))
    return
  }
  if (libc.removexattr(path, attribute) === 0) return
  const errno = libc.errno()
  if (errno !== ENODATA) throw systemError(errno, 'removexattr')
}

function beneath(fd: number, name: string): string {
  return `/proc/self/fd/${fd}/${name}`
}

/** The length of a list of names; none of what is gone, or lies where there are no attributes. */
function listed(libc: Libc, call: () => number): number {
  for (;;) {
    const length = call()
    if (length >= 0) return length
    const errno = libc.errno()
    if (errno === ENOTSUP || errno === ENOENT) return 0
    if (errno !== EINTR) throw systemError(errno, 'listxattr')
  }
}

function valuesOf(libc: Libc, length: number, read: (attribute: string) => number): Xattrs {
  const found = new Map<string, Uint8Array | undefined>()
  for (const name of namesIn(bytes.subarray(0, length))) {
    const result = read(name)
    if (result >= 0) {
      found.set(name, Uint8Array.from(bytes.subarray(0, result)))
      continue
    }
    const errno = libc.errno()
    if (errno === EACCES || errno === EPERM) found.set(name, undefined)
    // Removed meanwhile, or listed by a file system that has no value for it.
    else if (errno !== ENODATA && errno !== ENOENT && errno !== ENOTSUP) throw systemError(errno, 'getxattr')
  }
  return found
}

/** Names come one after the other, each ended by a zero. */
function namesIn(list: Buffer): readonly string[] {
  const names: string[] = []
  for (let from = 0; from < list.length; ) {
    const to = list.indexOf(0, from)
    names.push(nameFromBytes(list.subarray(from, to)))
    from = to + 1
  }
  return names
}
