import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/errors.js'
import { parsePattern, type Pattern } from '../../src/walk/patterns.js'

const deep = { anyDepth: true, directoriesOnly: false }
const placed = { anyDepth: false, directoriesOnly: false }

/** How newline, CR, U+2028, U+2029 and backslash are hidden. */
const [newline, backslash] = ['\udc0a', '\udc5c'].map(unit => `(?<![\ud800-\udbff])${unit}`)

describe('a pattern is brought into one form', () => {
  it.each<[text: string, pattern: Pattern]>([
    ['x', { glob: 'x', ...deep }],
    ['*.log', { glob: '*.log', ...deep }],
    ['./x', { glob: 'x', ...placed }],
    ['x/', { glob: 'x', anyDepth: true, directoriesOnly: true }],
    ['./x/', { glob: 'x', anyDepth: false, directoriesOnly: true }],
    ['a/b', { glob: 'a/b', ...placed }],
    ['./a/b', { glob: 'a/b', ...placed }],
    ['a/b/', { glob: 'a/b', anyDepth: false, directoriesOnly: true }],
    ['**', { glob: '**', ...deep }],
    ['**/', { glob: '**', anyDepth: true, directoriesOnly: true }],
    ['src/**', { glob: 'src/**/*', ...placed }],
    ['**/x', { glob: '**/x', ...placed }],
    ['...', { glob: '...', ...deep }],
    ['..data', { glob: '..data', ...deep }],
    ['.hidden', { glob: '.hidden', ...deep }],
    ['-rf', { glob: '-rf', ...deep }],
    [' ', { glob: ' ', ...deep }],
    ['__proto__', { glob: '__proto__', ...deep }],
    ['\udcff', { glob: '(?<![\ud800-\udbff])\udcff', ...deep }],
    ['a\nb', { glob: `a${newline}b`, ...deep }],
    ['a\\\nb', { glob: `a${newline}b`, ...deep }],
    ['a\\\\b', { glob: `a${backslash}b`, ...deep }],
    ['a\\\\', { glob: `a${backslash}`, ...deep }],
    ['\\\\\\*', { glob: `${backslash}\\*`, ...deep }],
    ['\\!x', { glob: '\\!x', ...deep }],
    ['!(x)', { glob: '!(x)', ...deep }],
    ['\\*', { glob: '\\*', ...deep }],
    ['x'.repeat(4096), { glob: 'x'.repeat(4096), ...deep }],
    ['*a*b*c*', { glob: '*a*b*c*', ...deep }],
    ['*a*b/*a/**/**', { glob: '*a*b/*a/**/**/*', ...placed }],
    ['\\*\\*\\*\\*\\*\\*', { glob: '\\*\\*\\*\\*\\*\\*', ...deep }],
  ])('%j', (text, pattern) => {
    expect(parsePattern(text, 'include')).toEqual(pattern)
  })
})

const notEmpty = 'expected a glob that is not empty'
const someNames = 'expected a glob whose parts are names: none of them empty, "." or ".."'
const stars =
  'expected at most 3 stars between two slashes, and one more at the end: more can take for ever to match'
const leading = 'expected a glob without a leading "!"'
const unfinished = 'expected a character of a name after each "\\", which escapes it'
const repeated = 'expected plain text, or one class, in "+()" and "*()"'

describe('a pattern is refused', () => {
  it.each<[text: unknown, message: string]>([
    [undefined, notEmpty],
    [null, notEmpty],
    [0, notEmpty],
    [/x/, notEmpty],
    [['x'], notEmpty],
    ['', notEmpty],
    ['x'.repeat(4097), 'expected a glob of at most 4096 characters'],
    ['a\0b', 'expected a glob without NUL'],
    ['/x', 'expected a glob relative to the roots; to match at the top only, write "./x"'],
    ['/', 'expected a glob relative to the roots'],
    ['//', 'expected a glob relative to the roots'],
    ['.', someNames],
    ['./', someNames],
    ['..', someNames],
    ['../x', someNames],
    ['./../x', someNames],
    ['././x', someNames],
    ['a/..', someNames],
    ['a/../b', someNames],
    ['a/./b', someNames],
    ['a//b', someNames],
    ['a//', someNames],
    ['.//a', someNames],
    ['!x', leading],
    ['!', leading],
    ['!!x', leading],
    ['./!x', leading],
    // The group is never closed, so it is none.
    ['!(x', leading],
    ['*a*b*c*d*', stars],
    ['*****', stars],
    ['x/*a*b*c*d*/y', stars],
    ['**/*a*a*a*a*a*a*a*b', stars],
    ['+(a|\\a)', repeated],
    ['*a*b*c*+(d)', stars],
    ['*a*b*c*d', stars],
    ['+([ab])+([ab])+([ab])+([ab])+([ab])', stars],
    ['\\', unfinished],
    ['a\\', unfinished],
    ['a\\\\\\', unfinished],
    ['a\\/', unfinished],
    ['a\\/b', unfinished],
    ['\\/a', unfinished],
    ['@(a/b|c)', 'expected no "/" in parentheses: use braces'],
    ['!(a/b)', 'expected no "/" in parentheses: use braces'],
    ['+(*.txt)', repeated],
    ['*(*a)', repeated],
    ['+(+(a))', repeated],
    ['+(@(a|b))', repeated],
    ['+({a,b})', repeated],
    ['+([ab]|a)', repeated],
    ['+(?|??)', repeated],
    ['+(a|ab|b)', repeated],
    ['*(b|a|a)', repeated],
    ['{1..1001}', 'expected a range in braces of at most 1000 parts'],
    ['a{1..99999999999}', 'expected a range in braces of at most 1000 parts'],
  ])('%j', (text, message) => {
    let error: unknown
    try {
      parsePattern(text, 'exclude')
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({ code: 'invalid-options', exitCode: 2 })
    expect((error as SyncError).message).toContain(`option "exclude": ${message}`)
    expect((error as SyncError).message).toContain('; found ')
  })

  it('with what was found, cut short where it is long', () => {
    expect(() => parsePattern('../x', 'include')).toThrow('; found "../x"')
    expect(() => parsePattern('y'.repeat(5000), 'include')).toThrow(`found "${'y'.repeat(40)}…"`)
  })
})

function parsedOrRefused(glob: string): Pattern | undefined {
  try {
    return parsePattern(glob, 'include')
  } catch (error) {
    if (error instanceof SyncError) return undefined
    throw error
  }
}

it('O05: any text is taken or refused, and what is taken keeps its slashes', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab/.*?+@!(){}[]|\\,-"\n0\u{1f600}'), maxLength: 30 })
  fc.assert(
    fc.property(text, glob => {
      const pattern = parsedOrRefused(glob)
      if (pattern === undefined) return
      expect(pattern.glob).not.toMatch(/^!(?!\()|^\/|\/$|\/\/|\n|\\$/)
      expect(pattern.anyDepth).toBe(!glob.slice(0, -1).includes('/'))
    }),
    { numRuns: 2000 },
  )
})
