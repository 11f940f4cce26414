/** Files of rules and of paths, one a line. */
import { closeSync, openSync, readSync } from 'node:fs'
import { reasonOf } from './reason-of.js'
import { UsageError } from './usage-error.js'

const standardInput = 0
const retryMs = 10
const chunkSize = 1 << 16
const mib = 1 << 20
/** More than the rules that are taken need, and paths enough for anybody. */
const longestRules = 16 * mib
const longestList = 256 * mib
const newline = 10
const carriageReturn = 13
/** What Windows puts before a text in UTF-8. A name of its own that begins like that can be written as `./`, and itself. */
const byteOrderMark = [0xef, 0xbb, 0xbf] as const

/** The rules of all files, in the order they are given: empty lines and those that begin with `#` are none. */
export function rulesFrom(files: readonly string[]): readonly string[] {
  return files.flatMap(file => {
    const text = textOf(file)
    return text.split('\n').flatMap((given, index) => {
      const line = given.endsWith('\r') ? given.slice(0, -1) : given
      if (/^(?:#|\s*$)/.test(line)) return []
      if (/^[+-] ./.test(line)) return [line]
      throw new UsageError(
        `takes a file of rules, and line ${index + 1} of '${file}' is none: expected '+ PATTERN', '- PATTERN', a comment that begins with #, or nothing, and found '${line}'`,
      )
    })
  })
}

/** What a list of paths holds; `-` is standard input. It is split when it is known how. */
export function bytesOfList(file: string): readonly Uint8Array[] {
  return [bytesOf(file, longestList, file === '-' ? standardInput : undefined)]
}

/** The paths of a list: ended by NUL where there is one in it, or that is asked for, else by the ends of lines. */
export function pathsIn(list: Uint8Array, endedByNul: boolean): readonly Uint8Array[] {
  const end = endedByNul || list.includes(0) ? 0 : newline
  const paths: Uint8Array[] = []
  const isMarked = end === newline && byteOrderMark.every((byte, at) => list[at] === byte)
  for (let from = isMarked ? byteOrderMark.length : 0; from < list.length; ) {
    const found = list.indexOf(end, from)
    const to = found < 0 ? list.length : found
    const isAfterReturn = end === newline && list[to - 1] === carriageReturn && to > from
    const path = list.subarray(from, isAfterReturn ? to - 1 : to)
    if (path.length > 0) paths.push(path)
    from = to + 1
  }
  return paths
}

function textOf(file: string): string {
  const bytes = bytesOf(file, longestRules)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(
      `takes a file of rules in UTF-8, and '${file}' is not; a ? matches any one character`,
    )
  }
}

function bytesOf(file: string, longest: number, open?: number): Uint8Array {
  let fd = open
  try {
    fd ??= openSync(file, 'r')
    return readWhole(fd, longest)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = error instanceof TooLong ? error.message : reasonOf(error)
    throw new UsageError(`cannot read '${file}': ${isMissing ? 'it does not exist' : reason}`)
  } finally {
    if (fd !== undefined && fd !== open) closeSync(fd)
  }
}

class TooLong extends Error {}

/** A device or a FIFO may have no end. */
function readWhole(fd: number, longest: number): Uint8Array {
  const chunks: Uint8Array[] = []
  const chunk = new Uint8Array(chunkSize)
  for (let length = 0; length <= longest; ) {
    const count = readWaiting(fd, chunk)
    if (count === 0) return Buffer.concat(chunks)
    chunks.push(chunk.slice(0, count))
    length += count
  }
  throw new TooLong(`it has no end, or one beyond ${longest / mib} MiB`)
}

/** What is inherited may have been made not to wait by whoever else has it, and then says that there is nothing yet. */
function readWaiting(fd: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, into)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs)
    }
  }
}
