/**
 * Include patterns in the form the walking library takes them.
 *
 * Each `P` becomes `P` and `P/**`. A glob without any magic would be looked up on the disk by the library
 * itself, so it is given some; and one that matches nothing keeps all of them in one walk that starts at the root.
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

const optional = `?(${matchesNothing})`

/** Globs for the include patterns. */
export function includeGlobs(patterns: readonly Pattern[]): IncludeGlobs {
  if (includesAll(patterns)) return { globs: ['**'], everything: true }
  return { globs: patterns.flatMap(globsOf), everything: false }
}

/** Whether include patterns leave nothing out. */
export function includesAll(patterns: readonly Pattern[]): boolean {
  return patterns.some(({ glob, directoriesOnly }) => glob === '**' && !directoriesOnly)
}

function globsOf({ glob, anyDepth, directoriesOnly }: Pattern): string[] {
  // `**/` is every directory: not what lies at the top and is none.
  const placed = anyDepth ? `**/${glob === '**' ? '*' : glob}` : glob
  if (directoriesOnly) return [`${dynamic(placed)}/`, `${dynamic(placed)}/**/*`]
  // One glob for both, or a star at the end that has found its name would be tried again in each other way.
  // The matcher takes `/**` for optional, but not after a star.
  if (/(?<![\\*])\*$/.test(placed)) return [`${dynamic(placed + optional)}/**`]
  return [dynamic(placed), `${dynamic(placed)}/**`]
}

/**
 * Gives a glob an optional part that no name has. In front, so that the library makes nothing of how the glob
 * begins: two dots would leave the root, and it keeps plain first names, `constructor` too, in an object.
 */
function dynamic(glob: string): string {
  if (!/^(?:\*|!\(|\{[^}]*\*\*)/.test(glob)) return optional + glob
  return /[*?\\]/.test(glob) ? glob : glob + optional
}
