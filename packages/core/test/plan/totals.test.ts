/** What a plan adds up to. */
import { describe, expect, it } from 'vitest'
import type { PlanTotals } from '../../src/model/plan.js'
import { NodeMark } from '../../src/model/node-mark.js'
import {
  created,
  deleted,
  onlyInSource,
  type PairLiteral,
  type PairsLiteral,
  repaired,
  replaced,
  same,
  updated,
} from '../support/pairs.js'
import { deletionsOff, dir, not, plan, type Some } from './planned.js'

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
      {
        a: replaced('file', 'directory', {
          below: { b: deleted(), c: deleted({ below: { d: deleted() } }) },
        }),
      },
      {},
      3,
    ],
    [
      'no replaced file, link or empty directory',
      { a: replaced('file', 'symlink'), b: replaced('file', 'directory') },
      {},
      0,
    ],
    [
      'nothing while they are switched off',
      { a: deleted(), b: deleted({ below: { c: deleted() } }) },
      deletionsOff,
      0,
    ],
    ['nothing withheld by a hole', { a: deleted(), b: deleted() }, { hasHoles: true }, 0],
    [
      'not the directory that is kept, but the rest of it',
      { a: deleted({ marks: NodeMark.protects, below: { b: deleted(), c: deleted() } }) },
      {},
      2,
    ],
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
    [
      'sizes beyond 32 bits',
      { a: created({ size: 2 ** 40 }), b: created({ size: 2 ** 41 }) },
      {},
      { bytes: 3 * 2 ** 40 },
    ],
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
    expect(totals.byAction).toEqual({
      create: 1,
      update: 1,
      metadata: 2,
      replace: 1,
      rename: 0,
      link: 0,
      delete: 2,
    })
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
    [
      'two that grow, one after the other',
      { a: updated({ size: 10, was: 4 }), b: updated({ size: 9, was: 8 }) },
      15,
    ],
    ['what is deleted later does not count', { a: created({ size: 10 }), x: deleted({ size: 100 }) }, 10],
    [
      'links and directories have no size',
      { a: created({ size: 10, kind: 'symlink' }), d: created({ size: 9, ...dir }) },
      0,
    ],
  ])('%s', (_, literal, spaceNeeded) => {
    expect(plan(literal).totals.spaceNeeded).toBe(spaceNeeded)
  })

  const holes = { kind: 'file', size: 2 ** 33, allocated: 4096 } as const
  const tail = { kind: 'file', size: 10, allocated: 4096 } as const
  type Costly = readonly [what: string, pair: PairLiteral, kept: number, filled: number]
  it.each<Costly>([
    ['a new file', { ...created(), source: holes }, 4096, 2 ** 33],
    ['a file whose last block is not full', { ...created(), source: tail }, 10, 10],
    ['one in the place of a small one', { ...updated(), source: holes, replica: tail }, 4096, 2 ** 33],
    ['one in the place of its like', { ...updated(), source: holes, replica: holes }, 4096, 2 ** 33],
    ['a small one in its place', { ...updated(), source: tail, replica: holes }, 10, 10],
  ])('%s counts what it takes, not its holes, where these are kept', (_, pair, kept, filled) => {
    expect(plan({ a: pair }).totals).toMatchObject({ spaceNeeded: kept, bytes: pair.source?.size })
    expect(plan({ a: pair }, { sparse: false }).totals.spaceNeeded).toBe(filled)
  })
})
