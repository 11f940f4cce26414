import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/model/change.js'
import { changeToJson, contentBytes, Plan, zeroByAction } from '../../src/model/plan.js'
import { noLinks } from '../../src/model/links.js'
import { noMoves } from '../../src/model/moves.js'
import { problem } from '../../src/model/problem.js'
import { buildPairs, created, deleted, repaired, updated } from '../support/pairs.js'

const { pairs, row } = buildPairs({
  d: repaired({ below: { a: created({ size: 5 }), b: updated({ size: 2, was: 1 }) } }),
  old: deleted({ size: 3 }),
})
const problems = [problem('notice', 'source', 'x', 'seen')]
const totals = {
  changes: 4,
  withheld: 1,
  byAction: zeroByAction(),
  deletions: 1,
  additions: 0,
  bytes: 7,
  spaceNeeded: 7,
  unchanged: 0,
  sourceEntries: 3,
  replicaEntries: 3,
}

function plan(): Plan {
  return new Plan({
    source: '/s',
    replica: '/r',
    pairs,
    order: {
      move: Int32Array.of(),
      copy: Int32Array.of(row('d/a'), row('d/b')),
      remove: Int32Array.of(row('old')),
      removeFiles: 1,
      finish: Int32Array.of(row('d')),
    },
    withheld: new Map([[row('old'), 'source not wholly read']]),
    totals,
    refusals: [],
    problems,
    residuals: [],
  })
}

describe('a plan', () => {
  it('is the changes in order, as often as one asks', () => {
    const { changes } = plan()
    const once = [...changes].map(({ action, path }) => `${action} ${path}`)
    expect(once).toEqual(['create d/a', 'update d/b', 'delete old', 'metadata d'])
    expect([...changes].map(({ action, path }) => `${action} ${path}`)).toEqual(once)
  })

  it('shows each with what was, what will be, and why', () => {
    expect(plan().changeOf(row('d/b'))).toMatchObject({
      action: 'update',
      path: 'd/b',
      kind: 'file',
      before: { size: 1 },
      after: { size: 2 },
      bytes: 2,
      reasons: ['size'],
      withheld: undefined,
    })
    expect(plan().changeOf(row('old'))).toMatchObject({
      kind: 'file',
      before: { size: 3 },
      after: undefined,
      bytes: 0,
      withheld: 'source not wholly read',
    })
    expect(plan().withholding(row('old'))).toBe('source not wholly read')
    expect(plan().withholding(row('d'))).toBeUndefined()
  })

  it.each([0, 99])('has no change for row %i', none => {
    expect(() => plan().changeOf(none)).toThrow(RangeError)
  })

  it('is plain JSON, with 64-bit numbers as text', () => {
    const json = JSON.parse(JSON.stringify(plan())) as Record<string, unknown>
    expect(json).toMatchObject({
      source: '/s',
      replica: '/r',
      totals,
      refusals: [],
      problems: [{ message: 'seen' }],
      residuals: [],
    })
    expect((json['changes'] as unknown[])[0]).toEqual({
      action: 'create',
      path: 'd/a',
      kind: 'file',
      after: expect.objectContaining({
        mtimeNs: '1600000000123456000',
        device: '1',
        size: 5,
        mode: 0o644,
      }) as unknown,
      bytes: 5,
      reasons: ['new'],
    })
  })

  it('has no side in JSON that a change has not', () => {
    const json = changeToJson(plan().changeOf(row('old')))
    expect([json['after'], typeof json['before']]).toEqual([undefined, 'object'])
  })
})

it.each<[action: Action, writes: boolean]>([
  ['create', true],
  ['update', true],
  ['replace', true],
  ['metadata', false],
  ['rename', false],
  ['link', false],
  ['delete', false],
])('%s writes content: %s', (action, writes) => {
  const side = { kind: 'file', size: 7 } as const
  const { pairs: some, row: rowOf } = buildPairs({ a: { action, source: side, replica: side } })
  expect(contentBytes(some, { links: noLinks, moves: noMoves }, rowOf('a'))).toBe(writes ? 7 : 0)
  const linked = { to: new Map([[rowOf('a'), rowOf('')]]), names: new Map() }
  expect(contentBytes(some, { links: linked, moves: noMoves }, rowOf('a'))).toBe(0)
})

it('counts of nothing name each action, and are one’s own', () => {
  const [one, other] = [zeroByAction(), zeroByAction()]
  one.create += 1
  expect(other).toEqual({ create: 0, update: 0, metadata: 0, replace: 0, rename: 0, link: 0, delete: 0 })
})
