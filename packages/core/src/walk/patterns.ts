/**
 * Patterns as people write them, checked and brought into one form.
 *
 * - relative to the roots; `/` separates on every system and `\` escapes
 * - without a slash: matches the last name, at any depth; `./x` is `x` at the top only
 * - with a slash at the end: directories only
 * - it also takes everything below what it matches
 */
import { SyncError } from '../model/errors.js'
import { show } from '../model/show.js'
import { type GlobUnits, isRepeated, rewriteEscape, rewriteGlob, unitsOf } from './glob-syntax.js'
import { fasterThan } from './matching-cost.js'

/** A pattern in its one form. */
export interface Pattern {
  /** The glob, in the alphabet of {@link hideSpecials}, without `./` and without a slash at the end. */
  readonly glob: string
  /** Matched against the last name only. */
  readonly anyDepth: boolean
  readonly directoriesOnly: boolean
}

const longestPattern = 4096
/** Rewritten: the library that writes braces out refuses more than 10,000. */
const longestRewritten = 9900

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
  refuseGroups(units, option, text)
  const rewritten = rewriteGlob(units)
  if (rewritten === undefined) throw refuse(option, text, 'a range in braces of at most 1000 parts')
  const placing = { anyDepth: !anchored && segments.length === 1, directoriesOnly }
  const faster = fasterThan(units, placing)
  if (faster !== undefined) throw refuse(option, text, faster)
  if (rewritten.length > longestRewritten)
    throw refuse(
      option,
      text,
      'a shorter glob, or several: with its ranges and "?" written out it is too long',
    )
  if (rewritten.startsWith('!') && rewritten[1] !== '(') {
    throw refuse(
      option,
      text,
      'a glob without a leading "!": use include and exclude; for a name that begins with it, write "\\!"',
    )
  }
  return { glob: rewritten, ...placing }
}

/** Refuses groups that no matcher splits, and those that can be gone through in too many ways. */
function refuseGroups(glob: GlobUnits, option: string, text: string): void {
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

/** Whether a text can be matched in more than one way by a repetition of this, and so in very many. */
function isAmbiguous(inside: readonly string[]): boolean {
  if (inside.some(unit => unit === '*' || unit === '(' || unit === '{')) return true
  if (!inside.includes('|')) return false
  if (inside.some(unit => unit === '?' || unit.startsWith('['))) return true
  const alternatives = inside.map(rewriteEscape).join('').split('|').sort()
  return alternatives.some((text, index) => alternatives[index + 1]?.startsWith(text) === true)
}

function refuse(option: string, found: unknown, expected: string): SyncError {
  return new SyncError('invalid-options', 2, `option "${option}": expected ${expected}; found ${show(found)}`)
}
