import fc from 'fast-check'
import picomatch from 'picomatch'
import { describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/errors.js'
import { compileExcludes } from '../../src/walk/filter.js'
import { unitsOf } from '../../src/walk/glob-syntax.js'
import { includeGlobs } from '../../src/walk/include.js'
import { fasterThan } from '../../src/walk/matching-cost.js'
import { parsePattern } from '../../src/walk/patterns.js'

const placed = { anyDepth: false, directoriesOnly: false }

const stars = 'at most 3 stars between two slashes, and one more at the end'
const globstars = 'at most 2 times "**" ahead of other names'
const together = 'fewer stars, "**" and alternatives'
const braces = 'braces that stand for at most 1000 globs'

describe('a glob is fast enough', () => {
  it.each([
    'x',
    '*.log',
    '*a*b*c*',
    '*.test.{js,jsx,ts,tsx}',
    '**',
    '**/*.{js,jsx,ts,tsx,mjs,cjs,json,css,html,md}',
    'a/**/b/**/c/**',
    '**/a/**/b/**',
    '**/node_modules/**/*.{js,ts}',
    '**/*test*/**/*.js',
    '{**/node_modules/**,**/dist/**,**/.cache/**}',
    '{1..1000}',
    '{*a*,*b*,*c*}',
    '?'.repeat(255),
    'x'.repeat(4096),
    '\\*'.repeat(100),
    '[*]'.repeat(100),
    '@(a|b)@(c|d)?(e)',
    '*/*/*/*/*/*/*/*/*/*',
    '**/**/**/**/a',
  ])('%j', glob => {
    expect(fasterThan(unitsOf(glob), placed)).toBeUndefined()
    expect(() => parsePattern(glob, 'include')).not.toThrow()
  })
})

describe('a glob would take too long', () => {
  it.each<[glob: string, expected: string]>([
    ['*a*b*c*d', stars],
    ['*a*b*c*d*', stars],
    ['x/*a*b*c*d/y', stars],
    ['+(a)+(a)+(a)+(a)b', stars],
    ['!(a)!(a)!(a)!(a)b', stars],
    ['*a*a*/*a*a*b', together],
    ['*a*/*a*/*a*/*a*b', together],
    ['**/a/**/b/**/c', globstars],
    ['**/a/**/a/**/a/**/a/**/a/**/a/**/b', globstars],
    ['**/*a*a*/**/b', together],
    ['?(a)'.repeat(30), together],
    ['@(a|a)'.repeat(30), together],
    ['(a|a)'.repeat(30), together],
    ['@(x|)'.repeat(30), together],
    ['{a,}'.repeat(30), braces],
    ['{a,a}'.repeat(10), braces],
    ['{1..1000}{1..2}', braces],
    ['{a,{1..1000}}', braces],
    ['{{1..500},{1..501}}', braces],
    ['**/a/**/{1..100}', together],
  ])('%j', (glob, expected) => {
    expect(fasterThan(unitsOf(glob), placed)).toContain(expected)
    expect(() => parsePattern(glob, 'exclude')).toThrow(`option "exclude": expected ${expected}`)
  })

  it.each<[glob: string, expected: string]>([
    ['./*a*b*c*/', stars],
    ['**/a/**/b/**/', globstars],
  ])('for directories only: %j', (text, expected) => {
    expect(() => parsePattern(text.slice(0, -1), 'exclude')).not.toThrow()
    expect(() => parsePattern(text, 'exclude')).toThrow(expected)
  })

  it('once it is written out', () => {
    expect(() => parsePattern('?'.repeat(1000), 'exclude')).toThrow('a shorter glob, or several')
  })
})

/** Generous: the worst is below a tenth of it. */
const bound = 2000

/** As the walk does: what lies in an excluded directory is not looked at. */
function expectSoon(pattern: string, path: string): void {
  const excludes = compileExcludes([parsePattern(pattern, 'exclude')])
  const { globs } = includeGlobs([parsePattern(pattern, 'include')])
  const includes = globs.map(glob => picomatch.makeRe(glob, { dot: true, posix: true }))
  const names = path.split('/')
  const start = process.cpuUsage()
  const depths = [1, Math.ceil(names.length / 2), names.length]
  for (const depth of depths) {
    const each = names.slice(0, depth).join('/')
    const isLast = depth === names.length
    const some = includes.some(expression => expression.test(each))
    if (!some && !isLast) includes.some(expression => expression.test(`${each}/`))
    if (excludes?.(each, !isLast) === true) break
  }
  // Of the processor, which others may be using.
  const { user, system } = process.cpuUsage(start)
  expect((user + system) / 1000, `${pattern} ${path.slice(0, 300)}`).toBeLessThan(bound)
}

const longName = 'a'.repeat(255)
const hostilePaths = [
  longName,
  'ab'.repeat(127),
  `${'a'.repeat(250)}\u{1f600}`,
  Array.from({ length: 15 }, () => longName).join('/'),
  Array.from({ length: 2000 }, () => 'a').join('/'),
  `${longName}/${Array.from({ length: 1800 }, () => 'a').join('/')}`,
  `${Array.from({ length: 1800 }, () => 'a').join('/')}/${longName}`,
]

describe('the worst that is allowed is matched soon', () => {
  it.each([
    '*a*a*a*',
    '**/*a*a*a*',
    './*a*a*b',
    '**/*a*a*b',
    '**/*a*/**/b',
    '**/a/**/b',
    '**/a/**/a/',
    'a/**/a/**/b/**',
    '**/a/**/{1..8}',
    '**/a/a/a/a/a/**/a/a/a/a/b',
    './*aaaaaaaaaaaaaaaaaaaa*aaaaaaaaaaaaaaaaaaaa*aaaaaaaaaaaaaaab',
    `./${'?(a)'.repeat(18)}b`,
    `./*${'?(a)'.repeat(9)}b`,
    '!(*a*b)c',
    '*[!b]*[!c]*?',
  ])('%j', pattern => {
    for (const path of hostilePaths) expectSoon(pattern, path)
  })
})

function isAllowed(pattern: string): boolean {
  try {
    parsePattern(pattern, 'exclude')
    return true
  } catch (error) {
    if (error instanceof SyncError) return false
    throw error
  }
}

it('O05: any pattern that is allowed matches soon', () => {
  const atom = fc.constantFrom('a', 'a', 'aa', '?', '[ab]', '[!b]', '*', '*', '{a,}', '{a,aa}', '?(a)')
  const group = fc.constantFrom('@(a|a)', '@(a|*)', '+(a)', '*(aa)', '!(b)', '!(a*b)', '(a|aa)', '{1..9}')
  const name = fc
    .array(fc.oneof({ weight: 3, arbitrary: atom }, group), { minLength: 1, maxLength: 8 })
    .map(parts => parts.join(''))
  const segment = fc.oneof({ weight: 2, arbitrary: name }, fc.constantFrom('**', '**', 'a', '*'))
  const glob = fc.tuple(
    fc.array(segment, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('', 'b', '/b', '/'),
  )
  fc.assert(
    fc.property(glob, fc.constantFrom(...hostilePaths), ([segments, end], path) => {
      const pattern = `./${segments.join('/')}${end}`
      if (isAllowed(pattern)) expectSoon(pattern, path)
    }),
    { numRuns: 300 },
  )
}, 60_000)
