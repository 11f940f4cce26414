/**
 * The names in a directory, read through the descriptor that holds it. Node's own call would open it once more, by
 * `/proc`, and hand over all names at once, however many they are.
 *
 * INVARIANT: what was read is whole when the system says that there is no more, with a call of its own. Anything else
 * is an error, and never the end.
 */
import * as os from 'node:os'
import type { Name } from '../model/path.js'
import { called, type Libc, systemError } from './native.js'
import { nameFromBytes } from './names.js'

/** The C library has no function for it that all versions know. Its number differs by processor. */
const numbers: Readonly<Record<string, number>> = { x64: 217, arm64: 61, riscv64: 61, loong64: 61 }
const number = numbers[process.arch]

/** Whether the call is known for this processor. */
export const canListNatively: boolean = number !== undefined

const { ENOENT } = os.constants.errno
const SEEK_SET = 0

/** Some two thousand names, which take about a millisecond to be read. */
const size = 1 << 16
/** One a thread: a list is made of it before anything else is read. */
const bytes = Buffer.alloc(size)

/** Where an entry's fields lie in what the system writes: its length, and its name, which ends with a zero. */
const lengthAt = 16
const nameAt = 19

/** From where the descriptor is at, some names at a time; each part in order. Fails as a whole. */
export function* namesOf(libc: Libc, fd: number): Generator<Name[], void> {
  for (let isFirst = true; ; isFirst = false) {
    const length = read(libc, fd, isFirst)
    if (length === 0) return
    // Most file systems have an order of their own, which leads all over the disk to who looks at one after the other.
    yield namesIn(length).sort()
  }
}

/**
 * Goes back to where the names of a directory begin.
 *
 * INVARIANT: before the first list, too. Btrfs lists what was there when the descriptor was opened, or taken back: what has
 * come since would be taken for absent.
 */
export function rewind(libc: Libc, fd: number): void {
  called(libc, 'lseek', () => libc.lseek(fd, 0, SEEK_SET))
}

function read(libc: Libc, fd: number, isFirst: boolean): number {
  try {
    return called(libc, 'getdents64', () => libc.getdents64(number ?? -1, fd, bytes, size))
  } catch (error) {
    // It was removed while it was held, and so was empty: Node's own call says so, too. Amid the names it is no end.
    if (isFirst && (error as NodeJS.ErrnoException).errno === -ENOENT) return 0
    throw error
  }
}

function namesIn(length: number): Name[] {
  const names: Name[] = []
  for (let at = 0; at < length; ) {
    const begin = at + nameAt
    let all = 0
    let end = begin
    for (let byte = bytes[end] ?? 0; byte !== 0; byte = bytes[++end] ?? 0) all |= byte
    at += entryLength(at, length)
    // Each a string of its own: pieces of one would be made faster, and take twice as long to be looked up in a set.
    const name = bytes.toString('latin1', begin, end)
    if (name === '.' || name === '..') continue
    names.push(all < 0x80 ? (name as Name) : nameFromBytes(bytes.subarray(begin, end)))
  }
  return names
}

function entryLength(at: number, length: number): number {
  const entry = (bytes[at + lengthAt] ?? 0) | ((bytes[at + lengthAt + 1] ?? 0) << 8)
  if (entry > nameAt && at + entry <= length) return entry
  // No system writes such a list: what cannot be read is not taken for its end.
  throw systemError(os.constants.errno.EIO, 'getdents64')
}
