import { expect, it } from 'vitest'
import { classAt } from '../../src/walk/git-class.js'

/** The characters of ASCII in a class, and what comes after it. */
function shown(pattern: string): string | undefined {
  const found = classAt(pattern, 0)
  if (found === undefined) return undefined
  const all = Array.from({ length: 96 }, (_, index) => index + 32).filter(found.has)
  return `${String.fromCharCode(...all)} then ${pattern.slice(found.end + 1)}`
}

it.each([
  ['[ab]x', 'ab then x'],
  ['[a-d]', 'abcd then '],
  ['[d-a]', 'd then '],
  ['[]a]]', ']a then ]'],
  ['[a-]', '-a then '],
  ['[-a]', '-a then '],
  ['[a-c-e]', '-abce then '],
  [String.raw`[a-\c]`, 'abc then '],
  [String.raw`[\]\\]`, String.raw`\] then `],
  ['[[:digit:]a]', '0123456789a then '],
  ['[[:xdigit:]]', '0123456789ABCDEFabcdef then '],
  ['[[:]', ':[ then '],
  ['[[:a]', ':[a then '],
  ['[[:nobody:]]', undefined],
  ['[[:toString:]]', undefined],
  ['[[::]]', undefined],
  ['[a', undefined],
  ['[', undefined],
  ['[]', undefined],
  ['[!]', undefined],
  ['[a\\', undefined],
  ['[a-\\', undefined],
  ['[[:alpha', undefined],
])('%s is %s', (pattern, wanted) => {
  expect(shown(pattern)).toBe(wanted)
})

it.each(['[!a]', '[^a]'])('%s is all but that', pattern => {
  const has = classAt(pattern, 0)?.has
  expect(['a', 'b', '!', '^', '/', '\u00ff'].filter(each => has?.(each.charCodeAt(0)) === true)).toEqual([
    'b',
    '!',
    '^',
    '/',
    '\u00ff',
  ])
})

it.each([
  ['alnum', 62],
  ['alpha', 52],
  ['blank', 2],
  ['cntrl', 33],
  ['digit', 10],
  ['graph', 94],
  ['lower', 26],
  ['print', 95],
  ['punct', 32],
  ['space', 6],
  ['upper', 26],
  ['xdigit', 22],
])('%s has %i characters', (name, count) => {
  const has = classAt(`[[:${name}:]]`, 0)?.has ?? (() => false)
  expect(Array.from({ length: 256 }, (_, code) => code).filter(has).length).toBe(count)
})
