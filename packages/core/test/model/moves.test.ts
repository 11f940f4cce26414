import { describe, expect, it } from 'vitest'
import { noMoves, type PlannedMoves, renamedFrom } from '../../src/model/moves.js'
import { buildPairs, created, same } from '../support/pairs.js'

describe('where something was before', () => {
  const { pairs, row, node } = buildPairs({
    new: same({ below: { x: same(), in: same({ below: { y: same() } }) } }),
    z: created(),
    u: created(),
  })
  const moves: PlannedMoves = {
    files: new Map([
      [row('z'), { from: row('new/in/y'), at: 0, stays: false }],
      [row('u'), { from: row('new/x'), at: 0, stays: false }],
    ]),
    staying: new Set(),
    directories: new Map([
      [row('new'), { was: 'some/old', now: 'some/old', from: node('') }],
      [row('new/in'), { was: 'else', now: 'else', from: node('') }],
    ]),
  }

  it.each([
    ['new', 'some/old'],
    ['new/in', 'else'],
    ['z', 'else/y'],
    ['u', 'some/old/x'],
    ['new/x', undefined],
  ])('%s: %s', (path, was) => {
    expect(renamedFrom(pairs, moves, row(path))).toBe(was)
  })

  it('is not known of what was not moved', () => {
    expect(renamedFrom(pairs, noMoves, row('z'))).toBeUndefined()
  })
})
