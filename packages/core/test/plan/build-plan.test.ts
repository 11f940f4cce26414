import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.js'
import { problem } from '../../src/model/problem.js'
import { buildPlan } from '../../src/plan/build-plan.js'
import {
  buildPairs,
  created,
  deleted,
  onlyInSource,
  type PairsLiteral,
  planFacts,
  repaired,
  updated,
} from '../support/pairs.js'
import { deletionsOff, not, plan, type Some } from './planned.js'

describe('the plan', () => {
  const literal = {
    new: created({ size: 3 }),
    old: deleted(),
    dir: repaired({ below: { x: updated({ size: 2, was: 1 }), y: deleted() } }),
  }

  it('lists copies, then removals, then directories, each with its reasons and sides', () => {
    const shown = [...plan(literal).changes].map(
      ({ action, path, kind, bytes, reasons, before, after }: Change) => [
        action,
        path,
        kind,
        bytes,
        reasons.join(),
        before?.size,
        after?.size,
      ],
    )
    expect(shown).toEqual([
      ['update', 'dir/x', 'file', 2, 'size', 1, 2],
      ['create', 'new', 'file', 3, 'new', undefined, 3],
      ['delete', 'dir/y', 'file', 0, 'extraneous', 0, undefined],
      ['delete', 'old', 'file', 0, 'extraneous', 0, undefined],
      ['metadata', 'dir', 'directory', 0, 'mode', 0, 0],
    ])
  })

  it('says why a change is withheld', () => {
    const withheld = [...plan(literal, { hasHoles: true }).changes].map(change => [
      change.path,
      change.withheld,
    ])
    expect(Object.fromEntries(withheld)).toMatchObject({
      new: undefined,
      old: 'source not wholly read',
      'dir/y': 'source not wholly read',
      dir: undefined,
    })
  })

  it('carries what the scan met with', () => {
    const problems = [problem('notice', 'source', 'a', 'seen')]
    const residuals = [{ attribute: 'hard links', count: 2, reason: 'copied', example: 'a' }] as const
    expect(plan({}, { problems, residuals })).toMatchObject({
      source: '/s',
      replica: '/r',
      problems,
      residuals,
    })
  })

  it.each<[what: string, some: Some, codes: readonly string[]]>([
    ['nothing', {}, []],
    [
      'maxDelete',
      { settings: { ...deletionsOff.settings, delete: true, maxDelete: { unit: 'entries', limit: 1 } } },
      ['too-many-deletions'],
    ],
    [
      'a share of what is in scope and equal',
      {
        unchanged: 16,
        settings: { ...deletionsOff.settings, delete: true, maxDelete: { unit: 'percent', limit: 10 } },
      },
      [],
    ],
    [
      'a share a little smaller',
      {
        unchanged: 15,
        settings: { ...deletionsOff.settings, delete: true, maxDelete: { unit: 'percent', limit: 10 } },
      },
      ['too-many-deletions'],
    ],
  ])('is judged by the guards: %s', (_, some, codes) => {
    expect(plan(literal, some).refusals.map(({ code }) => code)).toEqual(codes)
  })

  it.each<[what: string, literal: PairsLiteral, some: Some, refused: boolean]>([
    ['nothing in the source', { a: deleted() }, {}, true],
    ['nothing in scope in the source', { a: deleted(), b: created(not) }, {}, true],
    ['something equal', { a: deleted() }, { unchanged: 1 }, false],
    ['a FIFO that is not created is nothing', { a: deleted(), f: onlyInSource({ kind: 'fifo' }) }, {}, true],
    ['a FIFO that is created is something', { a: deleted(), f: created({ kind: 'fifo' }) }, {}, false],
    ['nothing in the replica', {}, {}, false],
    ['nothing in scope in the replica', { a: deleted(not) }, {}, false],
  ])('is judged as empty: %s', (_, literal, some, refused) => {
    expect(plan(literal, some).refusals.map(({ code }) => code)).toEqual(refused ? ['empty-source'] : [])
  })

  it('gives others a turn while it is made', () => {
    const { pairs, root } = buildPairs(
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, created()])),
    )
    const steps = buildPlan({
      source: '/s',
      replica: '/r',
      pairs,
      root,
      unchanged: 0,
      hasHoles: false,
      problems: [],
      residuals: [],
      ...planFacts,
      ...deletionsOff,
    })
    let turns = 0
    while (steps.next().done !== true) turns += 1
    expect(turns).toBeGreaterThan(10)
  })
})
