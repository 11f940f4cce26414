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
