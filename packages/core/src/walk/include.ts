/**
 * Include patterns in the form the walking library takes them.
 *
 * Each `P` becomes `P` and `P/**`. A glob without any magic would be looked up on the disk by the library
 * itself, so it is given an optional part that no name has, which makes it a glob like the others; and one that
 * matches nothing keeps all of them in one walk that starts at the root.
 */
import { matchesNothing } from './glob-names.js'
import type { Pattern } from './patterns.js'

export interface IncludeGlobs {
  readonly globs: readonly string[]
  /** Nothing is left out by patterns: the walk need not match at all. */
  readonly everything: boolean
}

/** Matches no name, one level deep. */
export const neverMatching: string = `*${matchesNothing}`

/** Globs for the include patterns. */
export function includeGlobs(patterns: readonly Pattern[]): IncludeGlobs {
  if (patterns.some(({ glob, directoriesOnly }) => glob === '**' && !directoriesOnly)) {
    return { globs: ['**'], everything: true }
  }
  return { globs: patterns.flatMap(globsOf), everything: false }
}

function globsOf({ glob, anyDepth, directoriesOnly }: Pattern): string[] {
  // `**/` is every directory: not what lies at the top and is none.
  const placed = anyDepth ? `**/${glob === '**' ? '*' : glob}` : glob
  if (directoriesOnly) return [`${dynamic(placed)}/`, `${inside(placed)}/**/*`]
  return [dynamic(placed), `${inside(placed)}/**`]
}

/** The library takes a glob that begins with two dots for one that leaves the root. */
function inside(glob: string): string {
  return glob.startsWith('..') ? `\\${glob}` : glob
}

function dynamic(glob: string): string {
  const safe = inside(glob)
  return /[*?\\]/.test(safe) ? safe : `${glob}?(${matchesNothing})`
}
