import { describe, expect, it } from 'vitest'
import { compileGitPattern } from '../../src/walk/git-pattern.js'

type Case = { readonly pattern: string; readonly is: readonly string[]; readonly isNot: readonly string[] }

const paths: readonly Case[] = [
  { pattern: 'a', is: ['a'], isNot: ['', 'b', 'aa', 'a/'] },
  { pattern: '?', is: ['a'], isNot: ['', '/', 'ab'] },
  { pattern: '*', is: ['', 'a', 'ab'], isNot: ['a/b', '/'] },
  { pattern: 'a*b*c', is: ['abc', 'abbcc', 'axbxbxc'], isNot: ['ab/c', 'a/bc', 'abcd', 'acb'] },
  { pattern: '*/b', is: ['a/b', '/b'], isNot: ['b', 'a/c/b'] },
  { pattern: '**', is: ['', 'a', 'a/b'], isNot: [] },
  { pattern: '**/b', is: ['b', 'a/b', 'a/c/b'], isNot: ['ab', 'a/cb', 'b/c'] },
  { pattern: 'a/**', is: ['a/b', 'a/b/c'], isNot: ['a', 'b/a'] },
  { pattern: 'a/**/b', is: ['a/b', 'a/c/b', 'a/c/d/b'], isNot: ['ab', 'a/cb', 'a/b/c'] },
  { pattern: '**/a*/**/b', is: ['ax/b', 'c/a/d/b', 'a/c/a/b'], isNot: ['b', 'c/b', 'xa/b'] },
  { pattern: 'a**b', is: ['ab', 'axb'], isNot: ['a/b'] },
  { pattern: 'a/**b', is: ['a/b', 'a/xb'], isNot: ['a/x/b'] },
  { pattern: 'a/***/b', is: ['a/b', 'a/c/b'], isNot: [] },
  { pattern: String.raw`a/**\/b`, is: ['a/c/b', 'a//b'], isNot: ['a/b'] },
  { pattern: '[ab]', is: ['a', 'b'], isNot: ['c', '', 'ab'] },
  { pattern: '[!/]', is: ['a'], isNot: ['/'] },
  { pattern: 'a[/]b', is: [], isNot: ['a/b'] },
  { pattern: String.raw`\*`, is: ['*'], isNot: ['a', String.raw`\*`] },
  { pattern: '\\', is: [], isNot: ['\\', ''] },
  { pattern: '[a', is: [], isNot: ['a', '[a'] },
]

const names: readonly Case[] = [
  { pattern: '**', is: ['', 'a'], isNot: [] },
  { pattern: 'a**b', is: ['ab', 'axb'], isNot: ['a'] },
]

describe('a pattern, as git matches it,', () => {
  it.each([
    ...paths.map(each => ({ ...each, isPath: true })),
    ...names.map(each => ({ ...each, isPath: false })),
  ])('$pattern is $is and not $isNot', ({ pattern, is, isNot, isPath }) => {
    const matches = compileGitPattern(pattern, isPath)
    expect(is.filter(text => !matches(text))).toEqual([])
    expect(isNot.filter(matches)).toEqual([])
  })

  it.each([
    { what: 'many stars', pattern: `${'*a'.repeat(100)}b`, text: 'a'.repeat(255) },
    { what: 'many directories', pattern: `${'**/a/'.repeat(100)}b`, text: 'a/'.repeat(2000) },
    {
      what: 'stars in many directories',
      pattern: `**/${'*a'.repeat(20)}b`,
      text: `${'a'.repeat(255)}/`.repeat(16),
    },
    { what: 'a mebibyte of stars', pattern: '*a'.repeat(1 << 19), text: 'a'.repeat(4096) },
  ])('costs little, of $what', ({ pattern, text }) => {
    const from = process.cpuUsage().user
    expect(compileGitPattern(pattern, true)(text)).toBe(false)
    expect((process.cpuUsage().user - from) / 1e6).toBeLessThan(5)
  })
})
