/**
 * Names as matchers may see them. Newline, CR, U+2028, U+2029 and backslash mean something of their own to
 * globs, so each is swapped for one lone surrogate in U+DC00..U+DC7F, which no name holds: the swap keeps the
 * length, is undone without loss, and never meets a character of a real name.
 */
import type { RelativePath } from '../model/path.js'

const specials = /[\n\r\u2028\u2029\\]/g
const hidden = /(?<![\ud800-\udbff])[\udc0a\udc0d\udc28\udc29\udc5c]/g

/** The codes of what is hidden, each with what hides it. */
export const specialCodes: ReadonlyMap<number, number> = new Map(
  ['\n', '\r', '\u2028', '\u2029', '\\'].map(each => [each.charCodeAt(0), hiding(each)]),
)

/** A name or path for a matcher's eyes. */
export function hideSpecials(path: RelativePath): string {
  return path.replace(specials, unit => String.fromCharCode(hiding(unit)))
}

function hiding(unit: string): number {
  return 0xdc00 + (unit.charCodeAt(0) & 0x7f)
}

/** The name or path that {@link hideSpecials} was given. */
export function showSpecials(path: string): RelativePath {
  return path.replace(hidden, unit => {
    const code = unit.charCodeAt(0) - 0xdc00
    return code === 0x28 || code === 0x29 ? String.fromCharCode(0x2000 + code) : String.fromCharCode(code)
  })
}

/**
 * From the hidden alphabet, and stands for nothing: a glob with it matches nothing. Two units, for one is also the
 * second half of some characters.
 */
export const matchesNothing = '\udc00\udc00'
