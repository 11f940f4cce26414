import { expect, it } from 'vitest'
import { loneTimes } from '../../src/plan/lone-times.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  type PairLiteral,
  type PairsLiteral,
  same,
} from '../support/pairs.js'

function at(literal: PairLiteral, mtimeNs: bigint): PairLiteral {
  const { source, replica } = literal
  return {
    ...literal,
    source: source && { ...source, mtimeNs },
    replica: replica && { ...replica, mtimeNs },
  }
}

function lone(literal: PairsLiteral, asked: readonly bigint[], step = 1n): readonly bigint[] {
  return [...finish(loneTimes(buildPairs(literal).pairs, asked, step))]
}

/** With `a` walked as one, though the replica calls it otherwise. */
function loneIn(literal: PairsLiteral, asked: readonly bigint[]): readonly bigint[] {
  const { pairs, row } = buildPairs(literal)
  return [...finish(loneTimes(pairs, asked, 1n, new Set([row('a')])))]
}

const directory = { below: {} }

it('is the time of one directory of each side, be they one or two', () => {
  const literal = {
    a: at(same(directory), 5n),
    b: at(created(directory), 6n),
    c: at(deleted(directory), 6n),
    d: at(created(directory), 7n),
  }
  expect(lone(literal, [5n, 6n, 7n])).toEqual([5n, 6n, 7n])
})

it('is not that of two directories of one side, however deep', () => {
  const inSource = {
    a: at(created(directory), 5n),
    b: at(created({ below: { c: at(created(directory), 5n) } }), 9n),
  }
  expect(lone(inSource, [5n, 9n])).toEqual([9n])
  const inReplica = { a: at(deleted(directory), 5n), b: at(same(directory), 5n) }
  expect(lone(inReplica, [5n])).toEqual([])
})

it('does not count files, and knows no more of a time than is kept', () => {
  expect(lone({ a: at(created(directory), 50n), b: at(created(), 50n) }, [50n])).toEqual([50n])
  expect(lone({ a: at(created(directory), 50n), b: at(created(directory), 59n) }, [5n], 10n)).toEqual([])
})

it('is also that of what lies in the one that was renamed, untouched, on both sides', () => {
  const deepest = at(same(directory), 1_005n)
  const steady = at(same({ below: { c: deepest } }), 1_007n)
  expect(loneIn({ a: at(same({ below: { b: steady } }), 1_005n) }, [1_005n])).toEqual([1_005n])
  expect(lone({ a: at(same({ below: { b: steady } }), 1_005n) }, [1_005n])).toEqual([])
})

it.each<[what: string, inside: PairLiteral]>([
  ['on one side', at(created(directory), 1_005n)],
  [
    'below one that was touched',
    {
      ...at(same({ below: { c: at(same(directory), 1_005n) } }), 1_007n),
      replica: { kind: 'directory', mtimeNs: 1_006n },
    },
  ],
])('is not that of what lies in it %s', (_, inside) => {
  expect(loneIn({ a: at(same({ below: { b: inside } }), 1_005n) }, [1_005n])).toEqual([])
})

it('is not that of what lies in another one that was renamed', () => {
  const { pairs, row } = buildPairs({
    a: at(same(directory), 1_005n),
    b: at(same({ below: { c: at(same(directory), 1_005n) } }), 1_007n),
  })
  const found = finish(loneTimes(pairs, [1_005n, 1_007n], 1n, new Set([row('a'), row('b')])))
  expect([...found]).toEqual([1_007n])
})
