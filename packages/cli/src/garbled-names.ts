/**
 * Node decodes arguments and the name of the working directory as UTF-8, and puts U+FFFD where they are not. Such a
 * name leads to another folder than the one that was meant, so it is refused. Names inside the roots are read as
 * bytes, and a link to a root is followed by the system: neither is concerned.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { UsageError } from './usage-error.js'
import { workingDirectory } from './working-directory.js'

const replacement = '\ufffd'

/** @throws UsageError when an argument may have been garbled */
export function refuseGarbledArguments(argv: readonly string[]): void {
  const garbled = argv.find(arg => arg.includes(replacement))
  if (garbled === undefined) return
  throw new UsageError(
    `the argument '${garbled}' is not UTF-8, or holds U+FFFD, and could mean another name; arguments must be UTF-8, so name such a folder by a link to it`,
  )
}

/**
 * Relative paths are resolved by the name of the working directory.
 *
 * @throws UsageError when one is given and that name was garbled
 */
export function refuseGarbledDirectory(paths: readonly string[]): void {
  if (paths.every(each => path.isAbsolute(each))) return
  const directory = workingDirectory()
  if (directory === undefined || !directory.includes(replacement) || isWorkingDirectory(directory)) return
  throw new UsageError(
    `the name of the working directory '${directory}' is not UTF-8, so relative paths would lead elsewhere; give absolute paths, through a link to it`,
  )
}

/** Whether a name leads to the working directory: U+FFFD may be in the name itself. */
function isWorkingDirectory(directory: string): boolean {
  const named = fs.statSync(directory, { bigint: true, throwIfNoEntry: false })
  const held = fs.statSync('.', { bigint: true })
  return named !== undefined && named.dev === held.dev && named.ino === held.ino
}
