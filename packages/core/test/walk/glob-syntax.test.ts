import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../src/walk/code-points.js'
import { isRepeated, rewriteGlob, unitsOf } from '../../src/walk/glob-syntax.js'
import { hostileNames } from '../../../../test/support/hostile-names.js'
import { isExcluded, isIncluded } from './matching.js'

describe('units', () => {
  it.each<[glob: string, units: readonly string[]]>([
    ['ab', ['a', 'b']],
    ['a\\*', ['a', '\\*']],
    ['\\\\*', ['\\\\', '*']],
    ['[a-c]d', ['[a-c]', 'd']],
    ['[!]a]', ['[!]a]']],
    ['[]a]', ['[]a]']],
    ['[\\]]', ['[\\]]']],
    ['[[:alpha:]_]', ['[[:alpha:]_]']],
    ['[a/b]', ['[', 'a', '/', 'b', ']']],
    ['[]', ['[', ']']],
    ['[a', ['[', 'a']],
    ['\u{1f600}\udcff', ['\u{1f600}', '\udcff']],
    ['\\\u{1f600}', ['\\\u{1f600}']],
  ])('of %j', (glob, units) => {
    expect(unitsOf(glob).units).toEqual(units)
  })

  it.each<[glob: string, partners: readonly (readonly [number, number])[]]>([
    ['@(a|b)', [[1, 5]]],
    ['(a|b)', [[0, 4]]],
    ['(a)', []],
    ['@(a)', [[1, 3]]],
    ['{a,b}', [[0, 4]]],
    ['{a}', []],
    ['{1..2}', [[0, 5]]],
    ['{a..c}', [[0, 5]]],
    ['{1..c}', []],
    [
      '{a,{b,c}}',
      [
        [0, 8],
        [3, 7],
      ],
    ],
    ['@(a', []],
    ['a)', []],
    ['{a(b,}c)', []],
    [
      '@({a,b})',
      [
        [1, 7],
        [2, 6],
      ],
    ],
    ['\\(a|b)', []],
    ['[(]a|b)', []],
  ])('of %j that belong together', (glob, partners) => {
    const found = [...unitsOf(glob).partners].filter(([start, end]) => start < end)
    expect(found.sort(([a], [b]) => a - b)).toEqual(partners)
  })

  it.each<[glob: string, repeated: boolean]>([
    ['+(a)', true],
    ['*(a)', true],
    ['@(a)', false],
    ['+(a', false],
    ['\\+(a|b)', false],
  ])('%j repeats a group: %s', (glob, repeated) => {
    const units = unitsOf(glob)
    expect(isRepeated(units, units.units.indexOf('('))).toBe(repeated)
  })
})

describe('a glob is rewritten', () => {
  it.each<[glob: string, rewritten: string | undefined]>([
    ['*.{js,ts}', '*.{js,ts}'],
    ['a?[b-d]/**', `a${anyCharacter}[b-d]/**/*`],
    ['{a/**,b}', '{a/**/*,b}'],
    ['{a/**,b}/c', '{a/**,b}/c'],
    ['{a,{b/**,c}}', '{a,{b/**/*,c}}'],
    ['a+@(b+)+(c)', 'a\\+@(b\\+)+(c)'],
    ['{a,b}\u00a0', '{a,b}\\\u00a0'],

    ['@(a|b)!(c)', '@(a|b)!(c)'],
    ['foo (1).txt', 'foo \\(1\\).txt'],
    ['a|b', 'a\\|b'],
    ['"a" \'b\' `c` $d', '\\"a\\" \\\'b\\\' \\`c\\` \\$d'],
    ['{a', '\\{a'],
    ['{a}', '\\{a\\}'],
    ['[', '\\['],
    ['[]', '\\[\\]'],
    ['[!]', '\\[!\\]'],
    ['\\d\\w\\*', 'dw\\*'],
    ['[\\d\\]]', '[d-d\\]-\\]]'],
    ['a\\\\b', 'a(?<![\ud800-\udbff])\udc5cb'],
    ['{a.b,c}.d', '{a[.]b,c}.d'],
    ['{1..3}', '{1,2,3}'],
    ['{3..1}', '{3,2,1}'],
    ['{1..7..3}', '{1,4,7}'],
    ['{7..1..-3}', '{7,4,1}'],
    ['{1..3..0}', '{1,2,3}'],
    ['{-1..1}', '{-1,0,1}'],
    ['{08..10}', '{08,09,10}'],
    ['{-01..1}', '{-01,000,001}'],
    ['{a..e..2}', '{a,c,e}'],
    ['{5..5}', '5'],
    ['x{1..2}y{a,b}', 'x{1,2}y{a,b}'],
    ['{1..1001}', undefined],
    ['{1..2000..2}', `{${Array.from({ length: 1000 }, (_, index) => index * 2 + 1).join(',')}}`],
    ['{1..2001..2}', undefined],
  ])('%j', (glob, rewritten) => {
    expect(rewriteGlob(unitsOf(glob))).toBe(rewritten)
  })
})

/** A name with everything that a glob could take for its own escaped. */
function escaped(name: string): string {
  return `./${name.replace(/[*?[\]{}()!@+\\]/g, '\\$&')}`
}

describe('an escaped name matches itself, for both matchers', () => {
  it.each(hostileNames)('%j', async name => {
    expect([isExcluded(escaped(name), name), await isIncluded(escaped(name), name)]).toEqual([true, true])
    expect(isExcluded(escaped(name), `${name}x`)).toBe(false)
  })

  it('whatever it is', async () => {
    const unit = fc.oneof(
      fc.constantFrom(
        ...'*?[]{}()!@+\\|,.-^$"\'`~#&;: \n\r\u2028',
        '\udcff',
        '\udc80',
        '\u{1f600}',
        '\u{1f40a}',
      ),
      fc.constantFrom(...'ab1dnsw'),
    )
    const name = fc
      .string({ unit, minLength: 1, maxLength: 12 })
      .filter(text => text !== '.' && text !== '..')
    await fc.assert(
      fc.asyncProperty(name, name, async (one, other) => {
        const pattern = escaped(one)
        expect([isExcluded(pattern, one), await isIncluded(pattern, one)]).toEqual([true, true])
        if (one === other) return
        expect([isExcluded(pattern, other), await isIncluded(pattern, other)]).toEqual([false, false])
      }),
      { numRuns: 500 },
    )
  })
})

it('a name without a character of globs is a pattern for itself alone', async () => {
  const unit = fc.constantFrom(...',.-^$"\'`~#&;: |=%<>ab1\n', '\udcff', '\u{1f600}')
  const name = fc.string({ unit, minLength: 1, maxLength: 8 }).filter(text => text !== '.' && text !== '..')
  await fc.assert(
    fc.asyncProperty(name, name, async (one, other) => {
      expect([isExcluded(one, one), await isIncluded(one, one)]).toEqual([true, true])
      if (one === other) return
      expect([isExcluded(one, other), await isIncluded(one, other)]).toEqual([false, false])
    }),
    { numRuns: 500 },
  )
})

it.each([
  'foo (1).txt',
  'a()b',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '{a',
  '[a',
  'a(b|c',
  'a@b',
  'c++',
  '@',
  '+',
  'a!b',
  '()',
])('a name with brackets that mean nothing is a pattern for itself: %j', async name => {
  expect([isExcluded(name, name), await isIncluded(name, name)]).toEqual([true, true])
  expect(isExcluded(name, name.replace(/[()[\]{}+@!]/g, ''))).toBe(false)
})
