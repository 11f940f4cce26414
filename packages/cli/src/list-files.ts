/** Files of rules and of paths, one a line. */
import { readFileSync } from 'node:fs'
import { reasonOf } from './reason-of.js'
import { UsageError } from './usage-error.js'

const newline = 10
const carriageReturn = 13

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
  return [bytesOf(file === '-' ? 0 : file)]
}

/** The paths of a list: ended by NUL where there is one in it, or that is asked for, else by the ends of lines. */
export function pathsIn(list: Uint8Array, endedByNul: boolean): readonly Uint8Array[] {
  const end = endedByNul || list.includes(0) ? 0 : newline
  const paths: Uint8Array[] = []
  for (let from = 0; from < list.length; ) {
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
  const bytes = bytesOf(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(
      `takes a file of rules in UTF-8, and '${file}' is not; a ? matches any one character`,
    )
  }
}

function bytesOf(file: string | 0): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new UsageError(
      `cannot read '${file === 0 ? '-' : file}': ${isMissing ? 'it does not exist' : reasonOf(error)}`,
    )
  }
}
