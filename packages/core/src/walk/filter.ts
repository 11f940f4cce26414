/**
 * Excludes, judged by us and not by the walking library, whose `ignore` drops a directory and still hands on
 * what lies in it. Compiled in each thread from plain data.
 */
import picomatch from 'picomatch'
import { baseName, type RelativePath } from '../model/path.js'
import { hideSpecials } from './glob-names.js'
import type { Pattern } from './patterns.js'
import type { Rule } from './rules.js'

/** Whether filters leave a path out; its ancestors are known not to be. */
export type Excludes = (path: RelativePath, isDirectory: boolean) => boolean

// `fastpaths` skips the parser for simple globs, with other results for names with a dot. `posix` makes `[!a]`
// what it is to the walking library: any other character.
const matching = { dot: true, flags: 's', fastpaths: false, posix: true } as const

/** Compiles exclude patterns, and rules of which the first that matches decides; undefined when there are neither. */
export function compileExcludes(
  patterns: readonly Pattern[],
  rules: readonly Rule[] = [],
): Excludes | undefined {
  if (patterns.length + rules.length === 0) return undefined
  const excluding = patterns.map(compile)
  const deciding = rules.map(({ includes, pattern }) => ({ includes, matches: compile(pattern) }))
  return (path, isDirectory) => {
    const hiddenPath = hideSpecials(path)
    const asked = { path: hiddenPath, name: baseName(hiddenPath), isDirectory }
    if (excluding.some(matches => matches(asked))) return true
    return deciding.find(({ matches }) => matches(asked))?.includes === false
  }
}

interface Asked {
  readonly path: RelativePath
  readonly name: string
  readonly isDirectory: boolean
}

function compile({ glob, anyDepth, directoriesOnly }: Pattern): (asked: Asked) => boolean {
  // The expression and not `picomatch()`, which also takes a name for a match that reads like the glob.
  const expression = picomatch.makeRe(glob, matching)
  return ({ path, name, isDirectory }) =>
    (isDirectory || !directoriesOnly) && expression.test(anyDepth ? name : path)
}
