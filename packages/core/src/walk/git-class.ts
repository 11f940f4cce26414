/** What is between brackets in a pattern of git's. */
export type InClass = (code: number) => boolean

type Range = readonly [first: number, last: number]

const digits: Range = [0x30, 0x39]
const upper: Range = [0x41, 0x5a]
const lower: Range = [0x61, 0x7a]

/** Of ASCII, as git has them whatever the locale. */
const named: ReadonlyMap<string, readonly Range[]> = new Map<string, readonly Range[]>([
  ['alnum', [digits, upper, lower]],
  ['alpha', [upper, lower]],
  [
    'blank',
    [
      [0x09, 0x09],
      [0x20, 0x20],
    ],
  ],
  [
    'cntrl',
    [
      [0x00, 0x1f],
      [0x7f, 0x7f],
    ],
  ],
  ['digit', [digits]],
  ['graph', [[0x21, 0x7e]]],
  ['lower', [lower]],
  ['print', [[0x20, 0x7e]]],
  [
    'punct',
    [
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
    ],
  ],
  [
    'space',
    [
      [0x09, 0x0d],
      [0x20, 0x20],
    ],
  ],
  ['upper', [upper]],
  ['xdigit', [digits, [0x41, 0x46], [0x61, 0x66]]],
])

export interface FoundClass {
  readonly has: InClass
  /** Where its last bracket is. */
  readonly end: number
}

/**
 * Reads a class, byte by byte as git does: the first character may be the bracket that else ends it.
 *
 * @param from where its first bracket is
 * @returns undefined for one without an end, or with a name that nobody knows: such a pattern matches nothing
 */
export function classAt(pattern: string, from: number): FoundClass | undefined {
  const ranges: Range[] = []
  let at = from + 1
  const isNegated = pattern[at] === '!' || pattern[at] === '^'
  if (isNegated) at += 1
  let before: number | undefined
  do {
    if (at >= pattern.length) return undefined
    if (pattern[at] === '-' && before !== undefined && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at += pattern[at + 1] === '\\' ? 2 : 1
      if (at >= pattern.length) return undefined
      ranges.push([before, pattern.charCodeAt(at)])
      before = undefined
    } else if (pattern.startsWith('[:', at)) {
      const end = pattern.indexOf(']', at + 2)
      if (end < 0) return undefined
      if (end > at + 2 && pattern[end - 1] === ':') {
        const known = named.get(pattern.slice(at + 2, end - 1))
        if (known === undefined) return undefined
        ranges.push(...known)
        before = undefined
        at = end
      } else {
        before = pattern.charCodeAt(at)
        ranges.push([before, before])
      }
    } else {
      if (pattern[at] === '\\') at += 1
      if (at >= pattern.length) return undefined
      before = pattern.charCodeAt(at)
      ranges.push([before, before])
    }
    at += 1
  } while (pattern[at] !== ']')
  const has = (code: number): boolean => ranges.some(([first, last]) => code >= first && code <= last)
  return { has: isNegated ? code => !has(code) : has, end: at }
}
