import { describe, expect, it } from 'vitest'
import { includeGlobs, neverMatching } from '../../src/walk/include.js'
import { parsePattern } from '../../src/walk/patterns.js'
import { walkFakes } from './fake-walk.js'

/** The part that no name has, shown so that it can be read. */
function globsOf(...patterns: readonly string[]): readonly string[] {
  const { globs } = includeGlobs(patterns.map(pattern => parsePattern(pattern, 'include')))
  return globs.map(glob => glob.replaceAll('?(\udc00\udc00)', '<>'))
}

describe('the globs of a pattern', () => {
  it.each<[pattern: string, globs: readonly string[]]>([
    ['x', ['**/x', '**/x/**']],
    ['./x', ['<>x', '<>x/**']],
    ['a/b', ['<>a/b', '<>a/b/**']],
    ['a/*', ['<>a/*<>/**']],
    ['*/a', ['*/a', '*/a/**']],
    ['./{a,b}', ['<>{a,b}', '<>{a,b}/**']],
    ['./{**/a,b}', ['{**/a,b}', '{**/a,b}/**']],
    ['./!(a)', ['!(a)<>', '!(a)<>/**']],
    ['..data/x', ['<>..data/x', '<>..data/x/**']],
    ['x/', ['**/x/', '**/x/**/*']],
    ['./x/', ['<>x/', '<>x/**/*']],
    ['**/', ['**/*/', '**/*/**/*']],
  ])('%j', (pattern, globs) => {
    expect(globsOf(pattern)).toEqual(globs)
  })

  it('come one after the other', () => {
    expect(globsOf('a', './b/')).toEqual(['**/a', '**/a/**', '<>b/', '<>b/**/*'])
  })

  it.each<[patterns: readonly string[], everything: boolean]>([
    [['**'], true],
    [['a', '**', 'b'], true],
    [['./**'], true],
    [['**/'], false],
    [['*'], false],
    [['**/*'], false],
  ])('%j are everything: %s', (patterns, everything) => {
    const found = includeGlobs(patterns.map(pattern => parsePattern(pattern, 'include')))
    expect([found.everything, found.globs[0] === '**']).toEqual([everything, everything])
  })
})

describe('a plain name is matched, and nothing else', () => {
  // The library keeps plain first names as keys, takes two dots for the way out, and looks plain paths up.
  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '..data',
    '...',
    '.x',
    'x',
    'ab',
    'a b',
    '-rf',
  ])('%j', async name => {
    const other = { inside: null, below: { deep: null } }
    const source = { [name]: other, [`${name}x`]: other, other }
    for (const [include, inside] of [
      [`./${name}`, ['below', 'below/deep', 'inside']],
      [`${name}/inside`, ['inside']],
      [`${name}/below/**`, ['below/deep']],
    ] as const) {
      const expected = inside.map(path => `${name}/${path}`)
      const { matched } = await walkFakes({ source, include: [include] })
      expect(matched).toEqual(include === `./${name}` ? [name, ...expected] : expected)
    }
  })
})

it('what matches nothing matches no name', async () => {
  const source = { a: null, '*': null, '\udc80': null, '\u{1f400}': null, d: { e: null } }
  const { matched } = await walkFakes({ source, include: ['./none'] })
  expect(matched).toEqual([])
  expect(neverMatching).toBe('*\udc00\udc00')
})

it('a plain name in braces is matched too', async () => {
  const source = { constructor: { x: null }, '..a': { x: null }, b: { c: { x: null } }, d: { x: null } }
  const { matched } = await walkFakes({ source, include: ['{constructor,..a,b/c}/x'] })
  expect(matched).toEqual(['..a/x', 'b/c/x', 'constructor/x'])
})
