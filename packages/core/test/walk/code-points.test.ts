import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter, rewriteClass, rewriteLiteral } from '../../src/walk/code-points.js'
import { hideSpecials } from '../../src/walk/glob-names.js'

function takes(expression: string, text: string): boolean {
  return new RegExp(`^(?:${expression})$`, 's').test(hideSpecials(text))
}

/** Every kind of character: of each width, bytes that are no UTF-8, and what is hidden. */
const characters = [
  ...'a5-\n\r\\ ~[]^é\uffff',
  '\u2028',
  '\udc80',
  '\udcff',
  '\u{10000}',
  '\u{1f40a}',
  '\u{10ffff}',
]

it('any character is one, whatever its units', () => {
  expect(characters.filter(each => !takes(anyCharacter, each))).toEqual([])
  // That a slash is none is seen to by the matchers.
  expect(['', 'ab', '\u{1f600}a', '\udc80\udc80'].filter(each => takes(anyCharacter, each))).toEqual([])
})

it.each(characters)('%j in a class is itself', character => {
  const written = /[\]\\^-]/.test(character) ? `\\${character}` : character
  expect(characters.filter(each => takes(rewriteClass(`[${written}]`), each))).toEqual([character])
  const others = characters.filter(each => each !== character)
  expect(characters.filter(each => takes(rewriteClass(`[!${written}]`), each))).toEqual(others)
})

it('a class is what a regular expression by code points says it is', () => {
  const character = fc.constantFrom(
    ...'abz019é\uffff',
    '\udc90',
    '\u{10000}',
    '\u{1f600}',
    '\u{1f9ff}',
    '\u{20000}',
  )
  const item = fc.oneof(
    character,
    fc.tuple(character, character).map(ends => {
      const [first = 0, last = 0] = ends.map(end => end.codePointAt(0) ?? 0).sort((a, b) => a - b)
      return `${String.fromCodePoint(first)}-${String.fromCodePoint(last)}`
    }),
  )
  const name = fc.oneof(
    character,
    fc.integer({ min: 0x10000, max: 0x10ffff }).map(code => String.fromCodePoint(code)),
  )
  fc.assert(
    fc.property(
      fc.array(item, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      name,
      (items, negated, text) => {
        const inside = items.join('')
        const expected = new RegExp(`^[${negated ? '^' : ''}${inside}]$`, 'su').test(text)
        expect(takes(rewriteClass(`[${negated ? '!' : ''}${inside}]`), text)).toBe(expected)
      },
    ),
    { numRuns: 2000 },
  )
})

describe('after a star that stopped within a pair', () => {
  it.each([
    ['\udcff', '\u{1f4ff}'],
    ['\n', '\u{1f40a}'],
    ['\\', '\u{1f45c}'],
  ])('%j is not taken for the second half of %j', (literal, pair) => {
    expect(takes(`[^]*${rewriteLiteral(literal)}`, pair)).toBe(false)
    expect(takes(`[^]*${rewriteLiteral(literal)}`, pair + literal)).toBe(true)
  })

  it('half a pair that no name holds matches nothing', () => {
    expect(takes(`${rewriteLiteral('\ud83d')}[^]*`, '\u{1f600}')).toBe(false)
  })
})
