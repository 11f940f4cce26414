import { expect, it } from 'vitest'
import { isSure } from '../../src/walk/is-sure.js'
import { buildPairs, type PairLiteral, type PairsLiteral, same } from '../support/pairs.js'

const time = 1_600_000_000_123_456_789n

function directory(below: PairsLiteral = {}, replicaNs = time): PairLiteral {
  return {
    ...same({ below }),
    source: { kind: 'directory', mtimeNs: time },
    replica: { kind: 'directory', mtimeNs: replicaNs },
  }
}

const { pairs, row, node } = buildPairs({
  now: directory({
    still: directory({ deep: directory() }),
    touched: directory({ deep: directory() }, time + 1n),
  }),
})
const renamed = new Set([row('now')])

it('is, as long as no name was touched', () => {
  for (const path of ['now', 'now/still', 'now/still/deep'])
    expect(isSure(node(path), pairs, renamed, 1n)).toBe(true)
})

it('is not in a directory whose names were touched, and below', () => {
  for (const path of ['now/touched', 'now/touched/deep'])
    expect(isSure(node(path), pairs, renamed, 1n)).toBe(false)
})

it('begins anew with one that was renamed itself', () => {
  const both = new Set([row('now'), row('now/touched/deep')])
  expect(isSure(node('now/touched/deep'), pairs, both, 1n)).toBe(true)
})

it('is not where none was renamed', () => {
  expect(isSure(node('now/still'), pairs, new Set(), 1n)).toBe(false)
})
