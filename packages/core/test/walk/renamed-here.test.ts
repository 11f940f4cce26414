import { describe, expect, it } from 'vitest'
import { buildPairs, created, deleted, type PairLiteral, type PairsLiteral, same } from '../support/pairs.js'
import { pathInReplica } from '../../src/walk/path-in-replica.js'
import { renamedHere } from '../../src/walk/renamed-here.js'

const time = 1_600_000_000_123_456_789n

function old(mtimeNs = time): PairLiteral {
  return { ...deleted({ below: {} }), replica: { kind: 'directory', mtimeNs } }
}

function now(mtimeNs = time): PairLiteral {
  return { ...created({ below: {} }), source: { kind: 'directory', mtimeNs } }
}

function renamed(literal: PairsLiteral, step = 1n): readonly string[] {
  const { pairs, root } = buildPairs(literal)
  return renamedHere(pairs, root.rows, step).map(({ from, to }) => `${from.name} -> ${to.name}`)
}

describe('a directory was renamed where it is', () => {
  it('when one goes and one comes of the same time', () => {
    expect(renamed({ a: old(), b: now(), c: same({ below: {} }), d: now(time + 1n) })).toEqual(['a -> b'])
  })

  it('when they differ by less than is kept of times', () => {
    expect(renamed({ a: old(time - 700n), b: now() }, 1000n)).toEqual(['a -> b'])
    expect(renamed({ a: old(time - 800n), b: now() }, 1000n)).toEqual([])
  })

  it('when the replica keeps whole microseconds, as those that are set by hand', () => {
    expect(renamed({ a: old(time - 789n), b: now() }, 1000n)).toEqual(['a -> b'])
    expect(renamed({ a: old(time - 789n), b: now(time - 789n) }, 1000n)).toEqual([])
  })

  it.each<[what: string, literal: PairsLiteral]>([
    ['nothing goes', { a: now(), b: now(time + 1n) }],
    ['nothing comes', { a: old() }],
    ['the times differ', { a: old(), b: now(time + 1n) }],
    ['two go', { a: old(), b: old(), c: now() }],
    ['two come', { a: old(), b: now(), c: now() }],
    ['the time was set by hand', { a: old(1_600_000_000_000_000_000n), b: now(1_600_000_000_000_000_000n) }],
    ['what the source has is not to be made', { a: old(), b: { ...now(), action: undefined } }],
  ])('not when %s', (_, literal) => {
    expect(renamed(literal)).toEqual([])
  })
})

describe('the path in the replica', () => {
  it('has the names from before', () => {
    const { row, node } = buildPairs({
      b: same({ below: { c: same({ below: { e: same({ below: {} }) } }) } }),
    })
    const names = new Map([
      [row('b'), { name: node('b/c').name }],
      [row('b/c/e'), { name: node('b').name }],
    ])
    expect(pathInReplica(node('b/c/e'), names)).toBe('c/c/b')
    expect(pathInReplica(node(''), names)).toBe('')
  })
})
