import { describe, expect, it } from 'vitest'
import { compileExcludes } from '../../src/walk/filter.js'
import { parsePattern } from '../../src/walk/patterns.js'
import { isExcluded, isIncluded } from './matching.js'

type Row = readonly [pattern: string, yes: readonly string[], no: readonly string[]]

const byBaseName: readonly Row[] = [
  ['x', ['x', 'a/x', 'a/b/x'], ['xx', 'a/xx', 'X']],
  ['*.log', ['a.log', '.log', 'd/a.log', '.a.log'], ['a.log.gz', 'alog']],
  ['*', ['a', '.a', 'a b', '...', 'd/e', '\udcff', '-rf', 'a\nb', 'a\\b', '\r', '\u2028'], []],
  [
    '?',
    ['a', '.', '\n', '\\', '\udc80', 'd/é', '\u{1f600}', '\u{10ffff}', '\u{1f40a}'],
    ['ab', '\udc80\udc80'],
  ],
  ['??', ['ab', '\u{1f600}a', '\u{1f600}\udcff', '\udcff\u{1f600}'], ['a', '\u{1f600}', '\u{1f600}ab']],
  ['*?', ['a', '\u{1f600}', 'a\u{1f600}'], []],
  ['*??', ['ab', '\u{1f600}a'], ['a', '\u{1f600}']],
  ['?+', ['a+', '\u{1f600}+'], ['a', 'aa']],
  ['.*', ['.a', 'd/.git'], ['a', 'a.b']],
  ['*.', ['a.', '...'], ['a.b']],
  ['a*b', ['ab', 'axb', 'a\nb', 'a\u2028b', 'a\\b', 'a\udcffb'], ['a', 'abc']],
  ['***', ['a', '.b'], []],
]

const placed: readonly Row[] = [
  ['./x', ['x'], ['a/x']],
  ['./a?b', ['axb', 'a\u{1f600}b'], ['a/b', 'ab']],
  ['./a[!x]b', ['ayb', 'a\u{1f600}b'], ['a/b', 'axb']],
  ['./a[+-\u{1f600}]b', ['azb'], ['a/b']],
  ['a/x', ['a/x'], ['x', 'b/a/x', 'a/b/x']],
  ['./*', ['x', '.x'], ['a/x']],
  ['*/x', ['a/x', '.a/x'], ['x', 'a/b/x']],
  ['a/*/b', ['a/x/b', 'a/.x/b'], ['a/b', 'a/x/y/b']],
  ['./..data', ['..data'], ['x..data']],
  ['..data/x', ['..data/x'], ['data/x']],
  ['./...', ['...'], ['..x']],
]

const globstars: readonly Row[] = [
  ['**/x', ['x', 'a/x', 'a/b/x', '.a/x'], ['a/xx']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b', 'a/.x/b'], ['ab', 'x/a/b']],
  ['a/**', ['a/b', 'a/.b', 'a/b/c'], ['a', 'b', 'ab', 'x/a/b']],
  ['./a/**/**', ['a/b', 'a/b/c'], ['a']],
  ['{a/**,b}', ['a/b', 'b'], ['a']],
  ['{a,b}/**', ['a/x', 'b/x'], ['a', 'b']],
  ['{a/**,b}/c', ['a/x/c', 'b/c'], ['a', 'c']],
  ['**/a/**', ['a/y', 'x/a/y'], ['a', 'x/a', 'b']],
  ['**', ['a', '.a', 'a/b/c'], []],
  ['*/**', ['a/b', 'a/b/c'], ['a']],
  ['a/**b', ['a/b', 'a/xb'], ['a/x/b']],
  ['**b', ['b', 'ab', 'x/ab'], ['ba']],
]

const lists: readonly Row[] = [
  ['{a,b}', ['a', 'b', 'd/a'], ['c', '{a,b}', 'ab']],
  ['*.{js,ts}', ['a.js', 'a.ts'], ['a.css', 'a.']],
  ['{a/b,c}/d', ['a/b/d', 'c/d'], ['a/d', 'b/d']],
  ['x{,y}', ['x', 'xy'], ['xyy']],
  ['{?,ab}', ['a', '\u{1f600}', 'ab'], ['abc']],
  ['{[!a],x}y', ['by', '\u{1f600}y', 'xy'], ['ay']],
  ['{a,b}\u00a0c', ['a\u00a0c'], ['ac']],
  ['{a,b}+', ['a+'], ['a', 'aa']],
  ['{a.b,c}', ['a.b', 'c'], ['axb']],
  ['{a..c,d}', ['a..c', 'd'], ['a', 'b']],
  ['{1..12}', ['1', '2', '11', '12'], ['0', '13', '{1..12}', '1..12']],
  ['{01..10}', ['01', '09', '10'], ['1', '010']],
  ['x{-1..1}', ['x-1', 'x0', 'x1'], ['x-2']],
  ['{9..1..4}', ['9', '5', '1'], ['8']],
  ['{3..3}', ['3'], ['{3}']],
  ['{c..a}', ['a', 'b', 'c'], ['d']],
  ['{a}', ['{a}'], ['a']],
  ['{}', ['{}'], ['x']],
  ['{1..x}', ['{1..x}'], ['1']],
  ['{..a,b}', ['..a', 'b'], ['a']],
]

const groups: readonly Row[] = [
  ['@(a|b)?', ['ax', 'b\u{1f600}'], ['a', 'b']],
  ['@(a|b)+', ['a+'], ['a', 'aa']],
  ['@(a+)', ['a+'], ['a', 'aa']],
  ['@(?|ab)', ['a', '\u{1f600}', 'ab'], ['abc']],
  ['+(?)', ['a', '\u{1f600}\u{1f600}'], []],
  ['!(\u{1f600})', ['a', '\u{1f601}'], ['\u{1f600}']],
  ['@(a|b)', ['a', 'b'], ['ab', '@(a|b)']],
  ['(a|b)', ['a', 'b'], ['(a|b)']],
  ['?(a)b', ['b', 'ab'], ['aab']],
  ['*(a)', ['a', 'aaa'], ['b']],
  ['+(a|b)', ['a', 'abab'], ['c', 'abc']],
  ['+([0-9]).log', ['1.log', '42.log'], ['.log', 'a.log']],
  ['!(x)', ['a', 'xy', 'yx', '.x'], ['x']],
  ['!(*.js)', ['a.ts', 'js'], ['a.js']],
  ['!(a|b)', ['c', 'ab'], ['a', 'b']],
  ['!(a).js', ['b.js'], ['a.js']],
]

const classes: readonly Row[] = [
  ['[abc]', ['a', 'c', 'd/b'], ['d', 'ab', '[abc]']],
  ['[\u{1f600}]', ['\u{1f600}'], ['\u{1f601}', 'a', '[\u{1f600}]']],
  ['[a\u{1f600}]x', ['ax', '\u{1f600}x'], ['x', '\u{1f601}x']],
  ['[!\u{1f600}]', ['a', '\u{1f601}', '\udcff'], ['\u{1f600}', 'ab']],
  ['*[!\u{1f600}]', ['a', '\u{1f600}a'], ['\u{1f600}', 'a\u{1f600}']],
  ['[\u{1f600}-\u{1f610}]', ['\u{1f600}', '\u{1f605}', '\u{1f610}'], ['\u{1f5ff}', '\u{1f611}']],
  ['[\u{1f000}-\u{20000}]', ['\u{1f000}', '\u{1f600}', '\u{1fbff}', '\u{20000}'], ['\u{1efff}', '\u{20001}']],
  ['[a-\u{1f600}]', ['a', '\uffff', '\udcff', '\u{1f600}'], ['A', '\u{1f601}']],
  ['*[\udcff]', ['\udcff', 'a\udcff'], ['\u{1f4ff}']],
  ['*\udcff', ['\udcff', '\u{1f600}\udcff'], ['\u{1f4ff}']],
  ['*\n', ['a\n', '\n'], ['\u{1f40a}']],
  ['[\t-\r]', ['\n', '\r', '\t'], [' ']],
  ['[z-a]', [], ['z', 'a', 'm', '[z-a]']],
  ['[!z-a]', ['z', '\u{1f600}'], ['ab']],
  ['[[:punct:]]', ['!', '\\', '~'], ['a']],
  ['[![:digit:]_]', ['a', '\u{1f600}'], ['5', '_']],
  ['[[:alpha:]-]', ['-', 'x'], ['5']],
  ['[a]+', ['a+'], ['a', 'aa']],
  ['+([!a])', ['b', '\u{1f600}b'], ['a', 'ba']],
  ['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
  ['[!a]', ['b', '\udcff'], ['a']],
  ['[^a]', ['b'], ['a']],
  ['x[!0-9]', ['xa'], ['x5', 'x']],
  ['[]a]', ['a', ']'], ['b']],
  ['[[:digit:]]', ['5'], ['x']],
  ['[a-]', ['a', '-'], ['b']],
  ['[\\d]', ['d'], ['5']],
  ['[\\\\]', ['\\'], ['a']],
  ['[\n]', ['\n'], ['a']],
  ['[*]', ['*'], ['a']],
]

const escapes: readonly Row[] = [
  ['\\*', ['*'], ['a']],
  ['a\\*b', ['a*b'], ['axb']],
  ['a\\\\b', ['a\\b'], ['ab', 'axb']],
  ['\\[a]', ['[a]'], ['a']],
  ['\\{a,b}', ['{a,b}'], ['a']],
  ['\\!x', ['!x'], ['x', 'y']],
  ['\\a', ['a'], ['\\a']],
  ['\\d', ['d'], ['5']],
  ['\\n', ['n'], ['\n']],
  ['a\\\nb', ['a\nb'], ['ab']],
  ['\\-rf', ['-rf'], ['rf']],
]

/** Includes are matched by the walking library, and also take what lies below. */
async function expectBothAgree(pattern: string, path: string, isDirectory = false): Promise<void> {
  const names = path.split('/')
  const above = names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'))
  const taken = isExcluded(pattern, path, isDirectory) || above.some(each => isExcluded(pattern, each, true))
  expect([path, await isIncluded(pattern, path, isDirectory)]).toEqual([path, taken])
}

describe.each([
  ['without a slash', byBaseName],
  ['with a slash', placed],
  ['with globstars', globstars],
  ['with braces', lists],
  ['with groups', groups],
  ['with classes', classes],
  ['with escapes', escapes],
])('a pattern %s', (_, rows) => {
  it.each(rows)('%j', async (pattern, yes, no) => {
    expect(yes.filter(path => !isExcluded(pattern, path))).toEqual([])
    expect(no.filter(path => isExcluded(pattern, path))).toEqual([])
    for (const path of [...yes, ...no]) await expectBothAgree(pattern, path)
  })
})

describe('a pattern for directories only', () => {
  it.each<[pattern: string, path: string, asDirectory: boolean, asFile: boolean]>([
    ['x/', 'x', true, false],
    ['x/', 'a/x', true, false],
    ['./x/', 'x', true, false],
    ['./x/', 'a/x', false, false],
    ['a/x/', 'a/x', true, false],
    ['*/', 'x', true, false],
    ['*/', '.x', true, false],
    ['**/', 'x', true, false],
    ['a/**/', 'a/b', true, false],
    ['{a,b}/', 'a', true, false],
    ['[!a]/', 'b', true, false],
    ['!(x)/', 'y', true, false],
    ['x', 'x', true, true],
  ])('%j, %j: directory %s, file %s', async (pattern, path, asDirectory, asFile) => {
    expect([isExcluded(pattern, path, true), isExcluded(pattern, path, false)]).toEqual([asDirectory, asFile])
    await expectBothAgree(pattern, path, true)
    await expectBothAgree(pattern, path, false)
  })
})

describe('several patterns', () => {
  it.each<[patterns: readonly string[], path: string, excluded: boolean]>([
    [['a', 'b'], 'a', true],
    [['a', 'b'], 'x/b', true],
    [['a', 'b'], 'c', false],
    [['a/', './b'], 'a', false],
    [['a/', './b'], 'b', true],
  ])('%j, %j: %s', (patterns, path, excluded) => {
    const excludes = compileExcludes(patterns.map(pattern => parsePattern(pattern, 'exclude')))
    expect(excludes?.(path, false)).toBe(excluded)
  })

  it('of which there are none exclude nothing', () => {
    expect(compileExcludes([])).toBeUndefined()
  })
})
