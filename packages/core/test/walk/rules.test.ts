import { describe, expect, it } from 'vitest'
import { compileExcludes } from '../../src/walk/filter.js'
import { parsePattern } from '../../src/walk/patterns.js'
import { parseRule } from '../../src/walk/rules.js'

/** Which paths are left out; a slash at the end makes one a directory. */
function leftOut(
  rules: readonly string[],
  paths: readonly string[],
  exclude: readonly string[] = [],
): readonly string[] {
  const excludes = compileExcludes(
    exclude.map(glob => parsePattern(glob, 'exclude')),
    rules.map(rule => parseRule(rule, 'rules')),
  )
  return paths.filter(path => excludes?.(path.replace(/\/$/, ''), path.endsWith('/')) === true)
}

describe('rules', () => {
  it.each<[rules: readonly string[], out: readonly string[], taken: readonly string[]]>([
    [[], [], ['a', 'd/']],
    [['- *.o'], ['x.o', 'd/x.o'], ['x', 'd/']],
    [['+ keep.o', '- *.o'], ['x.o'], ['keep.o', 'd/keep.o']],
    [['- *.o', '+ keep.o'], ['x.o', 'keep.o'], ['x']],
    [
      ['+ */', '+ *.c', '- *'],
      ['a', 'd/a'],
      ['d/', 'd/e/', 'x.c', 'd/x.c'],
    ],
    [['+ docs', '- *'], ['docs/x', 'y'], ['docs']],
    [
      ['- /top', '- ./also'],
      ['top', 'also'],
      ['d/top', 'd/also'],
    ],
    [['- d/x'], ['d/x'], ['e/d/x', 'x']],
    [['- x/'], ['x/'], ['x']],
    [['+ \\#x', '- [#]*'], ['#y'], ['#x']],
    [['-  two'], [' two'], ['two']],
  ])('%j', (rules, out, taken) => {
    expect(leftOut(rules, [...out, ...taken])).toEqual(out)
  })

  it('cannot take what excludes leave out', () => {
    expect(leftOut(['+ a'], ['a', 'b'], ['a'])).toEqual(['a'])
  })

  it.each([['a'], ['+a'], ['* a'], ['+ '], ['- ../x'], ['- !x'], [''], [5], ['+\ta'], ['P a']])(
    'refuse %j',
    rule => {
      expect(() => parseRule(rule, 'rules')).toThrow(/^option "rules": expected /)
    },
  )
})
