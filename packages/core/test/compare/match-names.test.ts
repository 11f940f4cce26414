import { describe, expect, it } from 'vitest'
import { collisionProblems, matchNames, type NameFolding } from '../../src/compare/match-names.js'
import type { Name } from '../../src/model/path.js'
import { finish } from '../support/pairs.js'

const exact: NameFolding = { foldsCase: false, foldsForms: false }
const byCase: NameFolding = { foldsCase: true, foldsForms: false }
const byForm: NameFolding = { foldsCase: false, foldsForms: true }
const composed = '\u00e9'
const decomposed = 'e\u0301'

interface Shown {
  readonly both?: readonly string[]
  readonly source?: readonly string[]
  readonly replica?: readonly string[]
  readonly colliding?: readonly (readonly string[])[]
  readonly otherwise?: readonly string[]
}

function names(text: string): Name[] {
  return text.split(' ').filter(name => name !== '') as Name[]
}

function matched(source: string, replica: string, folding: NameFolding, excluded: string): Shown {
  const found = finish(
    matchNames(names(source), names(replica), folding, name => !names(excluded).includes(name)),
  )
  const which = (isThere: boolean): Name[] =>
    [...found.source].filter(([, inReplica]) => inReplica === isThere).map(([name]) => name)
  const all = {
    both: which(true),
    source: which(false),
    replica: found.onlyReplica,
    colliding: found.colliding,
    otherwise: found.writtenOtherwise,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value.length > 0))
}

describe('names of both sides', () => {
  it.each<
    [what: string, source: string, replica: string, folding: NameFolding, expected: Shown, excluded?: string]
  >([
    ['equal ones are one', 'a b', 'b c', exact, { both: ['b'], source: ['a'], replica: ['c'] }],
    ['differ by case', 'a', 'A', exact, { source: ['a'], replica: ['A'] }],
    ['differ by form', composed, decomposed, exact, { source: [composed], replica: [decomposed] }],
    ['are one where case is none', 'a', 'A', byCase, { both: ['a'], otherwise: ['a'] }],
    [
      'are one where forms are none',
      composed,
      decomposed,
      byForm,
      { both: [composed], otherwise: [composed] },
    ],
    ['equal ones are written alike', 'a B', 'a B', byCase, { both: ['a', 'B'] }],
    ['a form is not a case', composed, decomposed, byCase, { source: [composed], replica: [decomposed] }],
    ['two that would be one are left', 'a A b', '', byCase, { source: ['b'], colliding: [['a', 'A']] }],
    ['what is there of them stays', 'a A', 'A x', byCase, { colliding: [['a', 'A']], replica: ['x'] }],
    ['three that would be one', 'ab Ab AB', '', byCase, { colliding: [['ab', 'Ab', 'AB']] }],
    ['what the source has is never the replica’s alone', 'a', 'a A', byCase, { both: ['a'], replica: ['A'] }],
    ['nor in the other order', 'A', 'a A', byCase, { both: ['A'], replica: ['a'] }],
    ['nor of two that would be one', 'a A', 'A a', byCase, { colliding: [['a', 'A']] }],
    ['one of two is excluded', 'a A', 'A', byCase, { both: ['A'], source: ['a'] }, 'a'],
    ['the other is written otherwise', 'a A', 'A', byCase, { both: ['a'], source: ['A'] }, 'A'],
    ['both are excluded', 'a A', 'A', byCase, { both: ['a'], source: ['A'] }, 'a A'],
  ])('%s', (_, source, replica, folding, expected, excluded = '') => {
    expect(matched(source, replica, folding, excluded)).toEqual(expected)
  })
})

it('each name that collides has a problem', () => {
  const problems = collisionProblems('d', ['a', 'A'] as Name[])
  expect(problems.map(({ code, path, side, exitCode }) => [code, path, side, exitCode])).toEqual([
    ['replica-failed', 'd/a', 'replica', 23],
    ['replica-failed', 'd/A', 'replica', 23],
  ])
  expect(problems[0]?.message).toBe(
    '"a" and "A" are one name in the replica\'s file system: none of them is copied',
  )
})
