import type { Settings } from './settings.js'
import { includesAll } from './walk/include.js'

/**
 * Whether whole directories are renamed. What they hold may else be excluded, or out of scope, at the one path and not at
 * the other.
 */
export function renamesDirectories({
  renames,
  movesDirectories,
  delete: deletes,
  include,
  exclude,
  rules,
  ignoreFile,
  filter,
  files,
  compare,
  hasher,
}: Settings): boolean {
  const judgesByName =
    filter === undefined &&
    files === undefined &&
    ignoreFile === undefined &&
    includesAll(include) &&
    exclude.every(({ anyDepth }) => anyDepth) &&
    rules.every(({ pattern }) => pattern.anyDepth)
  // The caller's own hasher reads both sides by one path.
  const readsByPath = compare === 'content' && typeof hasher === 'object'
  return !readsByPath && renames && movesDirectories && deletes && judgesByName
}
