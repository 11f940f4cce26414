/**
 * Names as matchers may see them. Newline, CR, U+2028, U+2029 and backslash mean something of their own to
 * globs, so each is swapped for one lone surrogate in U+DC00..U+DC7F, which no name holds: the swap keeps the
 * length, is undone without loss, and never meets a character of a real name.
 */
import type { RelativePath } from '../model/path.js'

const specials = /[\n\r\u2028\u2029\\]/g
const hidden = /(?<![\ud800-\udbff])[\udc0a\udc0d\udc28\udc29\udc5c]/g

/** A name or path for a matcher's eyes. */
export function hideSpecials(path: RelativePath): string {
  return path.replace(specials, unit => String.fromCharCode(0xdc00 + (unit.charCodeAt(0) & 0x7f)))
}

/** The name or path that {@link hideSpecials} was given. */
export function showSpecials(path: string): RelativePath {
  return path.replace(hidden, unit => {
    const code = unit.charCodeAt(0) - 0xdc00
    return code === 0x28 || code === 0x29 ? String.fromCharCode(0x2000 + code) : String.fromCharCode(code)
  })
}

/** A character of the hidden alphabet that stands for none: a glob with it matches nothing. */
export const matchesNothing = '\udc00'
