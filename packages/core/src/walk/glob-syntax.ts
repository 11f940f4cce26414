/**
 * Globs rewritten so that both matchers, the one for excludes and the walking library, read them alike, and so
 * that a name of plain characters matches itself. What is rewritten, unit by unit:
 *
 * - an escaped character that needs no escape loses it: to a regular expression `\d` is any digit
 * - brackets, parentheses, braces and bars without a partner, or without a meaning, are escaped
 * - a range such as `{1..12}` is written out, for one of the matchers does not know ranges
 * - characters that only tell a matcher something (quotes, `$`, `+`, dots in braces) are escaped
 * - `?` and classes take a whole character, whatever its number of units
 * - what lies below and is asked for by `**` at the end is there: `a/**` becomes `a/**` + `/*`
 */
import { anyCharacter, rewriteClass, rewriteLiteral } from './code-points.js'

/** A glob in units: an escape, a class, or one character; and which brackets belong together. */
export interface GlobUnits {
  readonly units: readonly string[]
  /** By the index of a bracket that means something: the index of its partner. */
  readonly partners: ReadonlyMap<number, number>
}

/** The group that begins or ends at a unit is one of these: `!( )`, `@( )`, `?( )`, `+( )`, `*( )`, or `( | )`. */
const extglobPrefix = /^[!@?+*]$/
const unit = /\\[^]|\[[!^]?\]?(?:\[:[a-z]+:\]|\\[^]|[^\\\]/])+\]|[^]/gu
const punctuation = /^[ !-/:-@[\]^`{-~]$/
/** No-break spaces among them: the library that writes braces out drops them. */
const onlyTelling = /^["'`$+(){}[\]|\u00a0\ufeff]$/
const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/
const letters = /^([a-z])\.\.([a-z])(?:\.\.(-?\d+))?$/i
const longestRange = 1000

export function unitsOf(glob: string): GlobUnits {
  const units = glob.match(unit) ?? []
  const partners = new Map<number, number>()
  const open: number[] = []
  for (const [at, each] of units.entries()) {
    if (each === '(' || each === '{') open.push(at)
    if (each !== ')' && each !== '}') continue
    const start = open.at(-1)
    if (start === undefined || units[start] !== (each === ')' ? '(' : '{')) continue
    open.pop()
    if (!isMeant(units, start, at)) continue
    partners.set(start, at)
    partners.set(at, start)
  }
  return { units, partners }
}

function isMeant(units: readonly string[], start: number, end: number): boolean {
  const inside = units.slice(start + 1, end)
  if (units[start] === '(') return extglobPrefix.test(units[start - 1] ?? '') || inside.includes('|')
  return inside.includes(',') || numbers.test(inside.join('')) || letters.test(inside.join(''))
}

/** Whether the unit before an opening parenthesis makes a group that is matched again and again. */
export function isRepeated({ units, partners }: GlobUnits, at: number): boolean {
  return units[at] === '(' && partners.has(at) && /^[+*]$/.test(units[at - 1] ?? '')
}

/** The glob as matchers take it; undefined when a range is too long to be written out. */
export function rewriteGlob({ units, partners }: GlobUnits): string | undefined {
  let glob = ''
  let groups = 0
  let braces = 0
  for (let at = 0; at < units.length; at++) {
    const each = units[at] ?? ''
    const partner = partners.get(at)
    if (each === '{' && partner !== undefined && !units.slice(at, partner).includes(',')) {
      const parts = rangeParts(units.slice(at + 1, partner).join(''))
      if (parts === undefined) return undefined
      glob += parts.length === 1 ? parts.join('') : `{${parts.join(',')}}`
      at = partner
      continue
    }
    if (partner !== undefined) {
      const step = partner > at ? 1 : -1
      if (each === '(' || each === ')') groups += step
      else braces += step
    }
    const isSyntax = partner !== undefined || (each === '|' && groups > 0)
    const isPrefix = units[at + 1] === '(' && partners.has(at + 1)
    if (each === '.' && braces > 0) glob += '[.]'
    else if (each === '?' && !isPrefix) glob += anyCharacter
    else if (!isSyntax && !(isPrefix && each === '+') && onlyTelling.test(each)) glob += `\\${each}`
    else glob += rewriteUnit(each)
    if (isBelow({ units, partners }, at)) glob += '/*'
  }
  return glob
}

/** Whether a unit ends a `**` after a slash, at the end of the glob or of what the glob's last braces hold. */
function isBelow({ units, partners }: GlobUnits, at: number): boolean {
  if (units[at] !== '*' || units[at - 1] !== '*' || units[at - 2] !== '/') return false
  let next = at + 1
  while (next < units.length) {
    if (units[next] === ',') {
      // The list that this comma is in ends where the first partner comes that began before.
      while (next < units.length && !((partners.get(next) ?? next) < at)) next++
    }
    if (units[next] !== '}' || !partners.has(next)) return false
    next++
  }
  return true
}

function rewriteUnit(each: string): string {
  if (each === '[!]' || each === '[^]') return `\\[${each[1]}\\]`
  if (each.length > 1 && each.startsWith('[')) return rewriteClass(each)
  return rewriteEscape(each)
}

/** A character as it stands for itself, with an escape only where that means anything. */
export function rewriteEscape(each: string): string {
  const escaped = each.length > 1 && each.startsWith('\\') ? each.slice(1) : undefined
  if (escaped === undefined || !punctuation.test(escaped)) return rewriteLiteral(escaped ?? each)
  return each
}

/** What a range in braces stands for; undefined when that is too much to be written out. */
export function rangeParts(range: string): readonly string[] | undefined {
  const [, from = '', to = '', by = '1'] = numbers.exec(range) ?? letters.exec(range) ?? []
  const isNumber = numbers.test(range)
  const [first, last] = isNumber ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)]
  const step = Math.max(1, Math.abs(Number(by)))
  const count = Math.floor(Math.abs(last - first) / step) + 1
  if (count > longestRange) return undefined
  const width = [from, to].some(end => /^-?0\d/.test(end)) ? Math.max(from.length, to.length) : 0
  return Array.from({ length: count }, (_, index) => {
    const value = first + (last < first ? -index : index) * step
    if (!isNumber) return rewriteEscape(`\\${String.fromCharCode(value)}`)
    return (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0')
  })
}
