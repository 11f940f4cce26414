/**
 * What a pattern means, one line each, in the order in which rsync's own table of wildcards asks: literal text, stars,
 * classes, escapes, slashes, many stars. Where the answer is another than rsync's, a line above says so.
 */
import { describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/errors.js'
import { parsePattern } from '../../src/walk/patterns.js'
import { isExcluded, isIncluded } from './matching.js'

type Line = readonly [matches: boolean, path: string, pattern: string]

const lines: readonly Line[] = [
  // Literal text, and one character.
  [true, 'foo', 'foo'],
  [false, 'foo', 'bar'],
  [true, 'foo', '???'],
  [false, 'foo', '??'],
  [true, 'foo', '*'],
  [true, 'foo', 'f*'],
  [false, 'foo', '*f'],
  [true, 'foo', '*foo*'],
  [true, 'foobar', '*ob*r*'],
  [true, 'aaaaaaabababab', '*ab'],
  [true, 'foo*', 'foo\\*'],
  [false, 'foobar', 'foo\\*bar'],
  [true, 'f\\oo', 'f\\\\oo'],
  // Classes.
  [true, 'ball', '*[al]?'],
  [false, 'ten', '[ten]'],
  [true, 'ten', '**[!te]'],
  [false, 'ten', '**[!ten]'],
  [true, 'ten', 't[a-g]n'],
  [false, 'ten', 't[!a-g]n'],
  [true, 'ton', 't[!a-g]n'],
  [true, 'ton', 't[^a-g]n'],
  // A bracket alone in a class is none to both matchers; rsync takes it. Escaped, it is one.
  [false, 'a]b', 'a[]]b'],
  [true, 'a]b', 'a\\]b'],
  [true, 'a-b', 'a[]-]b'],
  [true, 'a]b', 'a[]-]b'],
  [false, 'aab', 'a[]-]b'],
  [true, 'aab', 'a[]a-]b'],
  [true, ']', ']'],
  [true, '5', '[[:digit:]]'],
  [false, 'a', '[[:digit:]]'],
  [true, 'A', '[[:upper:]]'],
  [false, 'a', '[[:upper:]]'],
  [true, '_', '[[:alnum:][:punct:]]'],
  // Case counts.
  [false, 'a', '[A-Z]'],
  [false, 'FOO', 'foo'],
  // A slash is matched by a slash alone, and by two stars between slashes.
  [false, 'foo/baz/bar', './foo*bar'],
  [false, 'foo/bar', 'foo?bar'],
  [false, 'foo/bar', './foo[/]bar'],
  [true, 'foo/baz/bar', 'foo/*/bar'],
  [false, 'foo/bar', 'foo/*/bar'],
  [true, 'foo/bar', 'foo/**/bar'],
  [true, 'foo/baz/x/bar', 'foo/**/bar'],
  [true, 'deep/foo/bar/baz', '**/bar/*'],
  [false, 'deep/foo/bar', '**/bar/*'],
  // Two stars within a name are one.
  [true, 'foo/bar', '**/bar**'],
  [true, 'XXX/adobe/courier/bold', 'XXX/**/bold'],
  [false, 'XXX/adobe/courier/X', 'XXX/*/*/*/X'],
  // Without a slash it is any last name; with `./` one at the top.
  [true, 'd/e/foo', 'foo'],
  [false, 'd/foo', './foo'],
  [true, 'foo', './foo'],
  // Hidden names are names: rsync's rule, and not that of shells.
  [true, '.foo', '*'],
  [true, 'd/.foo', 'd/*'],
  // Braces and groups, which rsync has not.
  [true, 'a.jpg', '*.{jpg,png}'],
  [true, 'a.png', '*.@(jpg|png)'],
  [false, 'a.gif', '*.{jpg,png}'],
  [true, '{a}', '\\{a\\}'],
  // Lists of other tools have comments and spaces; a pattern is taken as it is given.
  [true, '#c', '#c'],
  [true, 'a ', 'a '],
  [false, 'a', 'a '],
  [true, 'a\r', 'a\r'],
  [true, '\udcff', '\udcff'],
  [true, '\udcff', '?'],
  [true, '*', '\\*'],
  [true, '!a', '\\!a'],
]

function judge(pattern: string, name: string): string {
  try {
    isExcluded(pattern, name)
    return 'allowed'
  } catch (error) {
    return error instanceof SyncError ? 'refused' : String(error)
  }
}

describe('wildcards', () => {
  it.each(lines)('O06: %s: %j by %j', async (matches, path, pattern) => {
    expect([isExcluded(pattern, path), await isIncluded(pattern, path)]).toEqual([matches, matches])
  })

  it.each(['/foo', '!foo', '', 'a//b', '../a', 'a/./b', 'foo\\', 'a\0b'])(
    'O06: %j is refused, for it would mean another thing than elsewhere',
    pattern => {
      expect(() => parsePattern(pattern, 'exclude')).toThrow(SyncError)
    },
  )

  it('O05: many stars against a long name take no time, or are refused', () => {
    const name = `${'a'.repeat(250)}c`
    for (const pattern of [
      '**/**/**/**/a',
      '*a*a*a*b',
      '+(a)b',
      '*(a)*(a)*(a)b',
      '*(*(*(a|b)))',
      '{a,{a,{a,b}}}*b',
    ]) {
      const start = performance.now()
      expect(['allowed', 'refused']).toContain(judge(pattern, name))
      expect(performance.now() - start).toBeLessThan(500)
    }
  })
})
