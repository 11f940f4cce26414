/**
 * Excludes, judged by us and not by the walking library, whose `ignore` drops a directory and still hands on
 * what lies in it. Compiled in each thread from plain data.
 */
import picomatch from 'picomatch'
import { baseName, type RelativePath } from '../model/path.js'
import { hideSpecials } from './glob-names.js'
import type { Pattern } from './patterns.js'

/** Whether filters leave a path out; its ancestors are known not to be. */
export type Excludes = (path: RelativePath, isDirectory: boolean) => boolean

// `fastpaths` skips the parser for simple globs, with other results for names with a dot. `posix` makes `[!a]`
// what it is to the walking library: any other character.
const matching = { dot: true, flags: 's', fastpaths: false, posix: true } as const

/** Compiles exclude patterns; undefined when there are none. */
export function compileExcludes(patterns: readonly Pattern[]): Excludes | undefined {
  if (patterns.length === 0) return undefined
  const rules = patterns.map(({ glob, anyDepth, directoriesOnly }) => ({
    anyDepth,
    directoriesOnly,
    // The expression and not `picomatch()`, which also takes a name for a match that reads like the glob.
    expression: picomatch.makeRe(glob, matching),
  }))
  return (path, isDirectory) => {
    const hiddenPath = hideSpecials(path)
    const hiddenName = baseName(hiddenPath)
    return rules.some(
      rule =>
        (isDirectory || !rule.directoriesOnly) &&
        rule.expression.test(rule.anyDepth ? hiddenName : hiddenPath),
    )
  }
}
