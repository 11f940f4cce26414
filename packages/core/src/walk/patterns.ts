/**
 * Patterns as people write them, checked and brought into one form.
 *
 * - relative to the roots; `/` separates on every system and `\` escapes
 * - without a slash: matches the last name, at any depth; `./x` is `x` at the top only
 * - with a slash at the end: directories only
 * - it also takes everything below what it matches
 */
import { SyncError } from '../model/errors.js'
import { type GlobUnits, isRepeated, rewriteGlob, unitsOf } from './glob-syntax.js'

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
  const anchored = text.startsWith('./')
  const directoriesOnly = text.endsWith('/')
  const glob = text.slice(anchored ? 2 : 0, directoriesOnly ? -1 : undefined)
  const segments = glob.split('/')
  if (segments.includes('') || segments.includes('.') || segments.includes('..')) {
    throw refuse(option, text, 'a glob whose parts are names: none of them empty, "." or ".."')
  }
  if (/(?<!\\)(?:\\\\)*\\(?:\/|$)/.test(glob))
    throw refuse(option, text, 'a character of a name after each "\\", which escapes it')
  const units = unitsOf(glob)
  refuseSlowOnes(units, option, text)
  const rewritten = rewriteGlob(units)
  if (rewritten === undefined) throw refuse(option, text, 'a range in braces of at most 1000 parts')
  if (rewritten.startsWith('!') && rewritten[1] !== '(') {
    throw refuse(
      option,
      text,
      'a glob without a leading "!": use include and exclude; for a name that begins with it, write "\\!"',
    )
  }
  return { glob: rewritten, anyDepth: !anchored && segments.length === 1, directoriesOnly }
}

/** Refuses what a name can be made for that keeps a matcher busy for ever, and groups that no matcher splits. */
function refuseSlowOnes(glob: GlobUnits, option: string, text: string): void {
  for (const segment of glob.units.join('').split('/')) {
    if (segment !== '**' && starsIn(segment) > mostStars) {
      throw refuse(
        option,
        text,
        `at most ${mostStars} stars between two slashes: more can take for ever to match`,
      )
    }
  }
  for (const [start, end] of glob.partners) {
    if (glob.units[start] !== '(') continue
    const inside = glob.units.slice(start + 1, end)
    if (inside.includes('/')) throw refuse(option, text, 'no "/" in parentheses: use braces')
    if (isRepeated(glob, start) && isAmbiguous(inside)) {
      throw refuse(
        option,
        text,
        'plain text, or one class, in "+()" and "*()": more can take for ever to match',
      )
    }
  }
}

/** A group that may come again counts as a star. */
function starsIn(segment: string): number {
  return segment.replace(/\\[^]/g, '').split(/\*|\+\(/).length - 1
}

/** Whether a text can be matched in more than one way by a repetition of this, and so in very many. */
function isAmbiguous(inside: readonly string[]): boolean {
  if (inside.some(unit => unit === '*' || unit === '(' || unit === '{')) return true
  if (!inside.includes('|')) return false
  if (inside.some(unit => unit === '?' || unit.startsWith('['))) return true
  const alternatives = inside.join('').split('|').sort()
  return alternatives.some((text, index) => alternatives[index + 1]?.startsWith(text) === true)
}

function refuse(option: string, found: unknown, expected: string): SyncError {
  return new SyncError(
    'invalid-options',
    2,
    `option "${option}": expected ${expected}; found ${JSON.stringify(found)}`,
  )
}
