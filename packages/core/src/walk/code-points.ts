/**
 * Any one character, and classes of characters, in terms that count characters beyond U+FFFF as one.
 *
 * Neither matcher can be told to read names by code points, for the walking library takes no flags. So `?` and
 * classes are written as groups of UTF-16 units, which both matchers hand on to the regular expression as they
 * are. A star may stop in the middle of a pair; `wholeOnly` keeps what follows from taking the second half for a
 * byte that is no UTF-8.
 */
import { hideSpecials, matchesNothing, specialCodes } from './glob-names.js'

type Range = readonly [first: number, last: number]

const high = '\ud800-\udbff'
const low = '\udc00-\udfff'
const wholeOnly = `(?<![${high}])`

/** One character of a name, a byte that is no UTF-8 among them. */
export const anyCharacter: string = `(?:[${high}][${low}]|[^${high}])`

/** What POSIX puts into a class by name, of ASCII. */
const named: Readonly<Record<string, readonly Range[]>> = {
  alnum: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  alpha: [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  ascii: [[0x00, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [[0x30, 0x39]],
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: [[0x41, 0x5a]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
}

/** What no name holds as matchers see it, or no class may: what is hidden, a slash, and the first half of a pair. */
const never: readonly Range[] = [
  ...[...specialCodes.keys(), 0x2f].map((code): Range => [code, code]),
  [0xd800, 0xdbff],
]

/** One character of a glob that stands for itself. */
export function rewriteLiteral(character: string): string {
  const hidden = hideSpecials(character)
  if (/^[\ud800-\udbff]$/.test(hidden)) return matchesNothing
  return /^[\udc00-\udfff]$/.test(hidden) ? wholeOnly + hidden : hidden
}

/** A class such as `[a-z]` or `[!a]`, brackets and all. */
export function rewriteClass(text: string): string {
  const negated = /^\[[!^]/.test(text)
  const ranges = rangesOf(text.slice(negated ? 2 : 1, -1))
  const units = ranges.flatMap(range => cutOut(range, [0x10000, 0x10ffff]))
  const pairs = ranges.flatMap(range => cutOut(range, [0, 0xffff]))
  const parts = pairs.flatMap(writePairs)
  if (units.length > 0) parts.unshift(`[${units.map(writeUnits).join('')}]`)
  const guard = ranges.some(([, last]) => last >= 0xdc00) ? wholeOnly : ''
  const [only] = parts
  if (only === undefined) return negated ? anyCharacter : matchesNothing
  if (negated) return `${guard}(?!${parts.join('|')})${anyCharacter}`
  return parts.length === 1 && guard === '' ? only : `${guard}(?:${parts.join('|')})`
}

function rangesOf(inside: string): readonly Range[] {
  const items = inside.match(/\[:[a-z]+:\]|\\[^]|[^]/gu) ?? []
  const ranges: Range[] = []
  for (let at = 0; at < items.length; at++) {
    const item = items[at] ?? ''
    const end = items[at + 2]
    const isNamed = item.startsWith('[:') && item.length > 2
    if (isNamed) {
      ranges.push(
        ...(named[item.slice(2, -2)] ?? [...item].map((each): Range => [codeOf(each), codeOf(each)])),
      )
    } else if (items[at + 1] === '-' && end !== undefined && !(end.startsWith('[:') && end.length > 2)) {
      if (codeOf(item) <= codeOf(end)) ranges.push([codeOf(item), codeOf(end)])
      at += 2
    } else ranges.push([codeOf(item), codeOf(item)])
  }
  const hidden = [...specialCodes].filter(([code]) =>
    ranges.some(([first, last]) => first <= code && code <= last),
  )
  ranges.push(...hidden.map(([, code]): Range => [code, code]))
  return never.reduce<readonly Range[]>((left, cut) => left.flatMap(range => cutOut(range, cut)), ranges)
}

function codeOf(item: string): number {
  return (item.length > 1 && item.startsWith('\\') ? item.slice(1) : item).codePointAt(0) ?? 0
}

/** A range without another. */
function cutOut([first, last]: Range, [from, to]: Range): readonly Range[] {
  const parts: Range[] = [
    [first, Math.min(last, from - 1)],
    [Math.max(first, to + 1), last],
  ]
  return parts.filter(([a, b]) => a <= b)
}

/** Always with a hyphen: without one a matcher also takes the class for its own text. */
function writeUnits([first, last]: Range): string {
  return `${writeUnit(first)}-${writeUnit(last)}`
}

function writeUnit(code: number): string {
  const text = String.fromCharCode(code)
  return /[!-/:-@[-`{-~]/.test(text) ? `\\${text}` : text
}

function writePairs([first, last]: Range): readonly string[] {
  const [a, b] = [String.fromCodePoint(first), String.fromCodePoint(last)]
  const [from, to] = [a.charCodeAt(0), b.charCodeAt(0)]
  if (from === to) return [`${a[0]}[${a[1]}-${b[1]}]`]
  const between = `[${String.fromCharCode(from + 1)}-${String.fromCharCode(to - 1)}][${low}]`
  const ends = [`${a[0]}[${a[1]}-\udfff]`, `${b[0]}[\udc00-${b[1]}]`]
  return to - from > 1 ? [...ends, between] : ends
}
