/**
 * What `statx` says of an entry. Its structure is the same on every processor, unlike that of `stat`, and is read
 * from one buffer a thread, for it is asked about each entry of both trees.
 */
import { constants } from 'node:fs'
import { type Entry, isDevice } from '../model/entry.js'
import { called, type CName, type Libc, systemError } from './native.js'
import { blockUnit, kindOfFormat } from './stat.js'

const size = 256
/** STATX_BASIC_STATS: what `stat` knows. */
const mask = 0x7ff
const AT_SYMLINK_NOFOLLOW = 0x100
const AT_EMPTY_PATH = 0x1000
const ENOENT = 2
const EINTR = 4

const bytes = new Uint8Array(size)
const words = new Uint32Array(bytes.buffer)
const longs = new BigInt64Array(bytes.buffer)
const unsigned = new BigUint64Array(bytes.buffer)

/** Where a field lies: in 32-bit words, or, for `long`, in 64-bit ones. */
const At = {
  links: 4,
  uid: 5,
  gid: 6,
  mode: 7,
  size: 10,
  blocks: 12,
  ctimeNs: 26,
  mtimeNs: 30,
  number: 32,
  device: 34,
} as const
const LongAt = { inode: 4, ctime: 12, mtime: 14 } as const

/** Of a link, what is asked for is what it leads to. */
export const following = 0

/** The entry of a name beneath an open directory, itself and not what it links to; undefined when there is none. */
export function statAt(
  libc: Libc,
  at: number,
  name: CName,
  flags: number = AT_SYMLINK_NOFOLLOW,
): Entry | undefined {
  while (libc.statx(at, name, flags, mask, bytes) !== 0) {
    const errno = libc.errno()
    if (errno === ENOENT) return undefined
    if (errno !== EINTR) throw systemError(errno, 'statx')
  }
  return readEntry()
}

/** The entry of what is held open. */
export function statOf(libc: Libc, fd: number): Entry {
  called(libc, 'statx', () => libc.statx(fd, '', AT_EMPTY_PATH, mask, bytes))
  return readEntry()
}

function word(at: number): number {
  return words[at] ?? 0
}

function long(at: number): number {
  return word(at) + word(at + 1) * 2 ** 32
}

function readEntry(): Entry {
  const mode = word(At.mode) & 0xffff
  const kind = kindOfFormat(mode & constants.S_IFMT)
  return {
    kind,
    size: long(At.size),
    allocated: long(At.blocks) * blockUnit,
    mode: mode & 0o7777,
    uid: word(At.uid),
    gid: word(At.gid),
    mtimeNs: nanoseconds(LongAt.mtime, At.mtimeNs),
    ctimeNs: nanoseconds(LongAt.ctime, At.ctimeNs),
    device: device(word(At.device), word(At.device + 1)),
    inode: unsigned[LongAt.inode] ?? 0n,
    links: word(At.links),
    deviceNumber: isDevice(kind) ? Number(makeDevice(word(At.number), word(At.number + 1))) : 0,
  }
}

function nanoseconds(secondsAt: number, nanosecondsAt: number): bigint {
  return (longs[secondsAt] ?? 0n) * 1_000_000_000n + BigInt(word(nanosecondsAt))
}

/** One number of two, as glibc and Node make it. */
function makeDevice(major: number, minor: number): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)]
  return (
    (low & 0xffn) | ((high & 0xfffn) << 8n) | ((low & 0xffffff00n) << 12n) | ((high & 0xfffff000n) << 32n)
  )
}

let lastMajor = -1
let lastMinor = -1
let lastDevice = 0n

/** Most entries lie on the device of the one before. */
function device(major: number, minor: number): bigint {
  if (major !== lastMajor || minor !== lastMinor) {
    lastDevice = makeDevice(major, minor)
    lastMajor = major
    lastMinor = minor
  }
  return lastDevice
}
