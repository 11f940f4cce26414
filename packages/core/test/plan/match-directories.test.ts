import { describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/model/entry.js'
import { NodeMark } from '../../src/model/node-mark.js'
import { pathOfNode } from '../../src/model/pairs.js'
import { matchDirectories } from '../../src/plan/match-directories.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  type PairLiteral,
  type PairsLiteral,
  same,
} from '../support/pairs.js'

const time = 1_600_000_000_123_456_789n

/** Files by name, each known by a number. */
type Files = Readonly<Record<string, number>>

function known(number: number): Partial<Entry> {
  return { kind: 'file', size: number, mtimeNs: time + BigInt(number) }
}

function newDirectory(files: Files, more: PairsLiteral = {}, marks = 0): PairLiteral {
  const below = Object.entries(files).map(([name, number]) => [name, { ...created(), source: known(number) }])
  return created({ below: { ...Object.fromEntries(below), ...more }, marks })
}

function oldDirectory(files: Files, more: PairsLiteral = {}, marks = 0): PairLiteral {
  const below = Object.entries(files).map(([name, number]) => [
    name,
    { ...deleted(), replica: known(number) },
  ])
  return deleted({ below: { ...Object.fromEntries(below), ...more }, marks })
}

function matched(literal: PairsLiteral, withheld: readonly string[] = []): readonly string[] {
  const { pairs, root, row } = buildPairs(literal)
  const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
  const matches = finish(
    matchDirectories(pairs, order, new Map(withheld.map(path => [row(path), 'moved in the source'])), 1n),
  )
  return matches.map(({ from, to }) => `${pathOfNode(from)} -> ${pathOfNode(to)}`)
}

describe('a new directory is one that is to go', () => {
  it('where they hold the same', () => {
    expect(matched({ a: oldDirectory({ x: 1, y: 2 }), b: newDirectory({ x: 1, y: 2 }) })).toEqual(['a -> b'])
  })

  it('where they hold more than half the same', () => {
    const old = oldDirectory({ x: 1, y: 2, z: 3 })
    expect(matched({ a: old, b: newDirectory({ x: 1, y: 2, n: 9 }) })).toEqual(['a -> b'])
    expect(matched({ a: old, b: newDirectory({ x: 1, n: 8, m: 9 }) })).toEqual([])
  })

  it('where only directories in it hold something', () => {
    const literal = {
      a: oldDirectory({}, { s: oldDirectory({ x: 1, y: 2 }) }),
      b: newDirectory({}, { s: newDirectory({ x: 1, y: 2 }) }),
    }
    expect(matched(literal)).toEqual(['a -> b'])
  })

  it('of several the one that holds most', () => {
    const literal = {
      a: oldDirectory({ x: 1, y: 2, z: 3 }),
      b: newDirectory({ x: 1 }),
      c: newDirectory({ x: 1, y: 2, z: 3 }),
    }
    expect(matched(literal)).toEqual(['a -> c'])
  })

  it('each once, those above others first', () => {
    const literal = {
      a: oldDirectory({ x: 1, y: 2, z: 3 }, { s: oldDirectory({ u: 4, v: 5 }) }),
      m: newDirectory({ u: 4, v: 5 }),
      b: newDirectory({ x: 1, y: 2, z: 3 }),
    }
    expect(matched(literal)).toEqual(['a -> b', 'a/s -> m'])
  })
})

describe('it is not', () => {
  const same2 = { x: 1, y: 2 }

  it.each<[what: string, literal: PairsLiteral]>([
    ['where names differ', { a: oldDirectory(same2), b: newDirectory({ u: 1, v: 2 }) }],
    [
      'where both sides have it',
      { a: oldDirectory(same2), b: same({ below: { x: { ...created(), source: known(1) } } }) },
    ],
    ['where something is mounted', { a: oldDirectory(same2, {}, NodeMark.mounted), b: newDirectory(same2) }],
    ['where it could not be listed', { a: oldDirectory(same2), b: newDirectory(same2, {}, NodeMark.hole) }],
    ['where it has vanished', { a: oldDirectory(same2), b: newDirectory(same2, {}, NodeMark.vanished) }],
    ['without files', { a: oldDirectory({}), b: newDirectory({}) }],
  ])('%s', (_, literal) => {
    expect(matched(literal)).toEqual([])
  })

  it('where it stays', () => {
    expect(matched({ a: oldDirectory(same2), b: newDirectory(same2) }, ['a'])).toEqual([])
  })
})

describe('nothing is in two places', () => {
  it('what was put in place of something moved out of a directory waits for no other rename', () => {
    // a/s went to c; a went to b, where another directory is called s: that is not taken from elsewhere.
    const literal = {
      a: oldDirectory({ x: 1, y: 2, z: 3 }, { s: oldDirectory({ u: 4, v: 5, w: 6, t: 7 }) }),
      b: newDirectory({ x: 1, y: 2, z: 3 }, { s: newDirectory({ p: 10, q: 11 }) }),
      c: newDirectory({ u: 4, v: 5, w: 6, t: 7 }),
      o: oldDirectory({ p: 10, q: 11 }),
    }
    const shown = matched(literal)
    expect(shown).toContain('a/s -> c')
    expect(shown.filter(each => each === 'a -> b' || each === 'o -> b/s').length).toBeLessThan(2)
  })

  it('directories of one name in two that are one are one as well', () => {
    const literal = {
      a: oldDirectory({ x: 1, y: 2, z: 3 }, { s: oldDirectory({ u: 4 }) }),
      b: newDirectory({ x: 1, y: 2, z: 3 }, { s: newDirectory({ u: 4 }) }),
      k: newDirectory({ u: 4 }),
    }
    expect(matched(literal)).toEqual(['a -> b'])
  })
})

it('of very many files of one size and one time each is looked at a few times', () => {
  const many = 2000
  const names = Array.from({ length: many }, (_, index) => `n${index}`)
  const files: Files = Object.fromEntries(names.map(name => [name, 1]))
  const { pairs, root } = buildPairs({ a: oldDirectory(files), b: newDirectory(files) })
  const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
  const looks = vi.spyOn(pairs, 'replica')
  const matches = finish(matchDirectories(pairs, order, new Map(), 1n))
  expect(matches.map(({ from, to }) => [from.name, to.name])).toEqual([['a', 'b']])
  expect(looks.mock.calls.length).toBeLessThan(10 * many)
})
