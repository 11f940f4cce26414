/**
 * Patterns as people write them, checked and brought into one form.
 *
 * - relative to the roots; `/` separates on every system and `\` escapes
 * - without a slash: matches the last name, at any depth; `./x` is `x` at the top only
 * - with a slash at the end: directories only
 * - it also takes everything below what it matches
 */
import { SyncError } from '../model/errors.js'
import { hideSpecials } from './glob-names.js'

/** A pattern in its one form. */
export interface Pattern {
  /** The glob, in the alphabet of {@link hideSpecials}, without `./` and without a slash at the end. */
  readonly glob: string
  /** Matched against the last name only. */
  readonly anyDepth: boolean
  readonly directoriesOnly: boolean
}

const longestPattern = 4096
/** One more, and a name of 120 bytes can keep a matcher busy for minutes. */
const mostStars = 4

/** Checks one pattern; `option` names where it came from. */
export function parsePattern(text: unknown, option: string): Pattern {
  if (typeof text !== 'string' || text === '') throw refuse(option, text, 'a glob that is not empty')
  if (text.length > longestPattern)
    throw refuse(option, `${text.slice(0, 40)}…`, `a glob of at most ${longestPattern} characters`)
  if (text.includes('\0')) throw refuse(option, text, 'a glob without NUL: no name holds one')
  if (text.startsWith('/')) {
    throw refuse(option, text, `a glob relative to the roots; to match at the top only, write ".${text}"`)
  }
  if (text.startsWith('!') && text[1] !== '(') {
    throw refuse(
      option,
      text,
      'a glob without a leading "!": use include and exclude; for a name that begins with it, write "\\!"',
    )
  }
  const anchored = text.startsWith('./')
  const directoriesOnly = text.endsWith('/')
  const glob = text.slice(anchored ? 2 : 0, directoriesOnly ? -1 : undefined)
  const segments = glob.split('/')
  if (segments.includes('') || segments.includes('.') || segments.includes('..')) {
    throw refuse(option, text, 'a glob whose parts are names: none of them empty, "." or ".."')
  }
  for (const segment of segments) {
    if (segment !== '**' && starsIn(segment) > mostStars) {
      throw refuse(
        option,
        text,
        `at most ${mostStars} stars between two slashes: more can take for ever to match`,
      )
    }
  }
  if (/(?<!\\)(?:\\\\)*\\$/.test(glob))
    throw refuse(option, text, 'something after the last "\\", which escapes it')
  return { glob: hidePattern(glob), anyDepth: !anchored && segments.length === 1, directoriesOnly }
}

function starsIn(segment: string): number {
  return segment.replace(/\\./g, '').split('*').length - 1
}

/** An escaped backslash is a backslash in a name; any other escape stays one. */
function hidePattern(glob: string): string {
  return glob.replace(/\\([^])|[^\\]+/g, (part, escaped: string | undefined) => {
    if (escaped === undefined) return hideSpecials(part)
    return escaped === '\\' ? hideSpecials('\\') : `\\${escaped}`
  })
}

function refuse(option: string, found: unknown, expected: string): SyncError {
  return new SyncError(
    'invalid-options',
    2,
    `option "${option}": expected ${expected}; found ${JSON.stringify(found)}`,
  )
}
