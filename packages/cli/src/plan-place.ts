/** Where a plan may be written. Looked at before the folders are, which may take long. */
import { lstatSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { UsageError } from './usage-error.js'

/**
 * A plan takes the place of what has its name, as one step. So that is a plan before, and not a device that all programs
 * use, or a link. In the source it would itself be something to mirror that nobody planned, and its folder another one
 * than when the plan was made.
 *
 * @throws UsageError
 */
export function requirePlanPlace(file: string, source: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile() && !found.isDirectory()) {
    const what = found.isSymbolicLink() ? 'a symbolic link' : 'no regular file'
    throw new UsageError(
      `the plan cannot be written to ${file}: it is ${what}, and would be replaced; name a new file, or one that is to be replaced`,
    )
  }
  if (!liesIn(dirname(file), source)) return
  throw new UsageError(
    `the plan cannot be written to ${file}: it would lie in the source, which is to be as it was when the plan is applied; put it elsewhere`,
  )
}

function liesIn(folder: string, source: string): boolean {
  try {
    const way = relative(realpathSync.native(source), realpathSync.native(folder))
    return !isAbsolute(way) && !join(way, sep).startsWith(`..${sep}`)
  } catch {
    // One of them is not there, as will be told.
    return false
  }
}
