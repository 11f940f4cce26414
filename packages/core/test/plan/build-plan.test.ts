import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.js'
import type { Plan, PlanTotals } from '../../src/model/plan.js'
import { NodeMark } from '../../src/model/pairs.js'
import { problem } from '../../src/model/problem.js'
import { buildPlan, type PlanInput } from '../../src/plan/build-plan.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  onlyInSource,
  type PairLiteral,
  type PairsLiteral,
  repaired,
  replaced,
  same,
  updated,
} from '../support/pairs.js'

type Some = Partial<Omit<PlanInput, 'pairs' | 'root'>> & { readonly rootPair?: PairLiteral }

function plan(literal: PairsLiteral, { rootPair, ...some }: Some = {}): Plan {
  const { pairs, root } = buildPairs(literal, rootPair)
  return finish(
    buildPlan({
      source: '/s',
      replica: '/r',
      pairs,
      root,
      unchanged: 0,
      hasHoles: false,
      settings: { delete: true, allowEmptySource: false, maxDelete: undefined },
      problems: [],
      residuals: [],
      ...some,
    }),
  )
}

const not = { matched: false } as const
const dir = { kind: 'directory' } as const
const deletionsOff = { settings: { delete: false, allowEmptySource: false, maxDelete: undefined } }

describe('deletions', () => {
  it.each<[what: string, literal: PairsLiteral, some: Some, deletions: number]>([
    ['a file', { a: deleted() }, {}, 1],
    ['an empty directory', { a: deleted(dir) }, {}, 1],
    [
      'each entry inside a removed directory',
      { a: deleted({ below: { b: deleted({ below: { c: deleted(), d: deleted(dir) } }), e: deleted() } }) },
      {},
      5,
    ],
    [
      'what goes with a replaced directory, without that itself',
      { a: replaced('file', 'directory', { below: { b: deleted(), c: deleted({ below: { d: deleted() } }) } }) },
      {},
      3,
    ],
    ['no replaced file, link or empty directory', { a: replaced('file', 'symlink'), b: replaced('file', 'directory') }, {}, 0],
    ['nothing while they are switched off', { a: deleted(), b: deleted({ below: { c: deleted() } }) }, deletionsOff, 0],
    ['nothing withheld by a hole', { a: deleted(), b: deleted() }, { hasHoles: true }, 0],
    ['not the directory that is kept, but the rest of it', { a: deleted({ marks: NodeMark.protects, below: { b: deleted(), c: deleted() } }) }, {}, 2],
    ['nothing out of scope', { a: deleted(not), b: deleted({ ...not, below: { c: deleted() } }) }, {}, 1],
  ])('count %s', (_, literal, some, deletions) => {
    expect(plan(literal, some).totals.deletions).toBe(deletions)
  })
})

describe('totals', () => {
  it.each<[what: string, literal: PairsLiteral, some: Some, totals: Partial<PlanTotals>]>([
    [
      'nothing to do',
      { a: same(), d: same({ below: { b: same() } }) },
      { unchanged: 10 },
      { changes: 0, unchanged: 14, sourceEntries: 13, replicaEntries: 13, bytes: 0, spaceNeeded: 0 },
    ],
    ['a root that changes is not unchanged', {}, { rootPair: repaired(dir) }, { changes: 1, unchanged: 0 }],
    [
      'a root that could not be listed is not unchanged',
      {},
      { rootPair: { ...same(dir), marks: NodeMark.hole }, hasHoles: true },
      { changes: 0, unchanged: 0 },
    ],
    [
      'bytes are those of files that are written',
      {
        a: created({ size: 5 }),
        b: updated({ size: 7, was: 100 }),
        c: replaced('file', 'symlink', { size: 11, was: 1000 }),
        d: created({ size: 4096, kind: 'directory' }),
        l: created({ size: 13, kind: 'symlink' }),
        m: repaired({ size: 1 << 20 }),
        x: deleted({ size: 1 << 20 }),
        f: onlyInSource({ kind: 'fifo', size: 3 }),
      },
      {},
      { bytes: 23, changes: 7 },
    ],
    [
      'what is withheld is counted and shown, but not written',
      { k: replaced('file', 'directory', { size: 50, below: { x: deleted() } }), a: created({ size: 1 }) },
      deletionsOff,
      { changes: 2, withheld: 1, bytes: 1, spaceNeeded: 1 },
    ],
    ['sizes beyond 32 bits', { a: created({ size: 2 ** 40 }), b: created({ size: 2 ** 41 }) }, {}, { bytes: 3 * 2 ** 40 }],
  ])('%s', (_, literal, some, totals) => {
    expect(plan(literal, some).totals).toMatchObject(totals)
  })

  it('count each action', () => {
    const { totals } = plan({
      a: created(),
      b: updated({ size: 1 }),
      c: repaired(),
      d: repaired(dir),
      e: replaced('file', 'symlink'),
      f: deleted({ below: { x: deleted() } }),
      g: created(not),
    })
    expect(totals.byAction).toEqual({ create: 1, update: 1, metadata: 2, replace: 1, rename: 0, link: 0, delete: 2 })
    expect(totals.changes).toBe(7)
  })
})

describe('the space needed', () => {
  it.each<[what: string, literal: PairsLiteral, spaceNeeded: number]>([
    ['new files', { a: created({ size: 10 }), b: created({ size: 5 }) }, 15],
    // The old version stays until the new one is whole.
    ['a file that grows', { a: updated({ size: 10, was: 4 }) }, 10],
    ['a file that shrinks', { a: updated({ size: 4, was: 10 }) }, 4],
    ['a file that stays as large', { a: updated({ size: 10, was: 10 }) }, 10],
    ['two that grow, one after the other', { a: updated({ size: 10, was: 4 }), b: updated({ size: 9, was: 8 }) }, 15],
    ['what is deleted later does not count', { a: created({ size: 10 }), x: deleted({ size: 100 }) }, 10],
    ['links and directories have no size', { a: created({ size: 10, kind: 'symlink' }), d: created({ size: 9, ...dir }) }, 0],
  ])('%s', (_, literal, spaceNeeded) => {
    expect(plan(literal).totals.spaceNeeded).toBe(spaceNeeded)
  })
})

describe('the plan', () => {
  const literal = {
    new: created({ size: 3 }),
    old: deleted(),
    dir: repaired({ below: { x: updated({ size: 2, was: 1 }), y: deleted() } }),
  }

  it('lists copies, then removals, then directories, each with its reasons and sides', () => {
    const shown = [...plan(literal).changes].map(({ action, path, kind, bytes, reasons, before, after }: Change) => [
      action,
      path,
      kind,
      bytes,
      reasons.join(),
      before?.size,
      after?.size,
    ])
    expect(shown).toEqual([
      ['update', 'dir/x', 'file', 2, 'size', 1, 2],
      ['create', 'new', 'file', 3, 'new', undefined, 3],
      ['delete', 'dir/y', 'file', 0, 'extraneous', 0, undefined],
      ['delete', 'old', 'file', 0, 'extraneous', 0, undefined],
      ['metadata', 'dir', 'directory', 0, 'mode', 0, 0],
    ])
  })

  it('says why a change is withheld', () => {
    const withheld = [...plan(literal, { hasHoles: true }).changes].map(change => [change.path, change.withheld])
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
    expect(plan({}, { problems, residuals })).toMatchObject({ source: '/s', replica: '/r', problems, residuals })
  })

  it.each<[what: string, some: Some, codes: readonly string[]]>([
    ['nothing', {}, []],
    ['maxDelete', { settings: { ...deletionsOff.settings, delete: true, maxDelete: { unit: 'entries', limit: 1 } } }, ['too-many-deletions']],
    [
      'a share of what is in scope and equal',
      { unchanged: 16, settings: { ...deletionsOff.settings, delete: true, maxDelete: { unit: 'percent', limit: 10 } } },
      [],
    ],
    [
      'a share a little smaller',
      { unchanged: 15, settings: { ...deletionsOff.settings, delete: true, maxDelete: { unit: 'percent', limit: 10 } } },
      ['too-many-deletions'],
    ],
  ])('is judged by the guards: %s', (_, some, codes) => {
    expect(plan(literal, some).refusals.map(({ code }) => code)).toEqual(codes)
  })

  it.each<[what: string, literal: PairsLiteral, some: Some, refused: boolean]>([
    ['nothing in the source', { a: deleted() }, {}, true],
    ['nothing in scope in the source', { a: deleted(), b: created(not) }, {}, true],
    ['something equal', { a: deleted() }, { unchanged: 1 }, false],
    ['a FIFO alone is something', { a: deleted(), f: onlyInSource({ kind: 'fifo' }) }, {}, false],
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
      ...deletionsOff,
    })
    let turns = 0
    while (steps.next().done !== true) turns += 1
    expect(turns).toBeGreaterThan(10)
  })
})
