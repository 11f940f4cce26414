import { expect, it } from 'vitest'
import { nearestNode, nodeAt, rowAt } from '../../src/model/row-at.js'
import { buildPairs, created, same } from '../support/pairs.js'

it('finds rows and directories by their paths', () => {
  const { pairs, root, row, node } = buildPairs({
    d: same({ below: { e: same({ below: { x: created() } }) } }),
  })
  expect(['', 'd', 'd/e/x'].map(path => rowAt(pairs, path))).toEqual([0, row('d'), row('d/e/x')])
  expect(['none', 'none/x', 'd/e/x/y'].map(path => rowAt(pairs, path))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect([nodeAt(pairs, ''), nodeAt(pairs, 'd/e'), nodeAt(pairs, 'd/e/x')]).toEqual([
    root,
    node('d/e'),
    undefined,
  ])
  expect(['d/e/x', 'd/none/y', 'none'].map(path => nearestNode(pairs, path))).toEqual([
    node('d/e'),
    node('d'),
    root,
  ])
})
