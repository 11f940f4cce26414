import { describe, expect, it } from 'vitest'
import { noLinks } from '../../src/model/links.js'
import { noMoves, type PlannedMoves } from '../../src/model/moves.js'
import type { RelativePath } from '../../src/model/path.js'
import { absent } from '../../src/model/side-column.js'
import { holdBack } from '../../src/plan/hold-back.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import {
  type BuiltPairs,
  buildPairs,
  created,
  deleted,
  finish,
  type PairsLiteral,
  repaired,
  replaced,
  same,
  updated,
} from '../support/pairs.js'

interface Around {
  /** Paths that the earlier plan does not have as they are. */
  readonly drifted?: readonly RelativePath[]
  /** What only the earlier plan has. */
  readonly missed?: readonly RelativePath[]
  /** Names of files, by their own: which file they are linked to. */
  readonly linked?: Readonly<Record<RelativePath, RelativePath>>
  readonly moves?: (built: BuiltPairs) => Partial<PlannedMoves>
}

function held(
  literal: PairsLiteral,
  { drifted = [], missed = [], linked, moves }: Around,
): { readonly withheld: readonly RelativePath[]; readonly dependent: readonly RelativePath[] } {
  const built = buildPairs(literal)
  const { pairs, root, row, paths } = built
  const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
  const to = new Map(Object.entries(linked ?? {}).map(([name, leader]) => [row(name), row(leader)]))
  const isDrifted = new Set(drifted.map(row))
  const found = finish(
    holdBack(
      {
        pairs,
        order,
        withheld: new Map(),
        links: { ...noLinks, to },
        moves: { ...noMoves, ...moves?.(built) },
      },
      { isAsPlanned: each => !isDrifted.has(each), missed: () => missed.map(path => ({ path })) },
    ),
  )
  const sorted = (rows: Iterable<number>): readonly RelativePath[] => paths(rows).toSorted()
  return { withheld: sorted(found.withheld.keys()), dependent: sorted(found.dependent) }
}

const dir = { kind: 'directory' } as const

describe('is held back', () => {
  it.each<[what: string, literal: PairsLiteral, around: Around, dependent: readonly RelativePath[]]>([
    ['only what drifted', { a: updated(), b: updated(), d: deleted() }, { drifted: ['a'] }, []],
    [
      'what would go into a directory that is not made',
      { d: created({ below: { x: created(), e: created({ below: { y: created() } }) } }), z: created() },
      { drifted: ['d'] },
      ['d/e', 'd/e/y', 'd/x'],
    ],
    [
      'nothing in a directory that only keeps its attributes',
      { d: repaired({ ...dir, below: { x: created() } }) },
      { drifted: ['d'] },
      [],
    ],
    [
      'the removal of all directories above what stays',
      { d: deleted({ below: { e: deleted({ below: { x: deleted(), y: deleted() } }) } }) },
      { drifted: ['d/e/x'] },
      ['d', 'd/e'],
    ],
    [
      'a file that would take the place of a directory in which something stays',
      { d: replaced('file', 'directory', { below: { x: deleted(), y: deleted() } }) },
      { drifted: ['d/x'] },
      ['d', 'd/y'],
    ],
    [
      'the removal of what a directory holds that is not replaced',
      { d: replaced('file', 'directory', { below: { x: deleted() } }) },
      { drifted: ['d'] },
      ['d/x'],
    ],
    [
      'further names of a file that is not written',
      { a: created(), b: created(), c: created() },
      { drifted: ['a'], linked: { b: 'a' } },
      ['b'],
    ],
  ])('%s', (_, literal, around, dependent) => {
    expect(held(literal, around)).toEqual({
      withheld: [...(around.drifted ?? []), ...dependent].toSorted(),
      dependent,
    })
  })
})

function movedFile({ row }: BuiltPairs): Partial<PlannedMoves> {
  return { files: new Map([[row('new'), { from: row('d/old'), at: absent, stays: false }]]) }
}

function movedDirectory({ row, node }: BuiltPairs): Partial<PlannedMoves> {
  return { directories: new Map([[row('d'), { was: 'was', now: 'was', from: node('') }]]) }
}

describe('what is renamed', () => {
  const files: PairsLiteral = { d: deleted({ below: { old: deleted() } }), new: created() }

  it('keeps its old name, and the directory of that, when it is not as planned', () => {
    expect(held(files, { drifted: ['new'], moves: movedFile })).toEqual({
      withheld: ['d', 'd/old', 'new'],
      dependent: ['d', 'd/old'],
    })
  })

  it('stays when its old name is not as planned', () => {
    expect(held(files, { drifted: ['d/old'], moves: movedFile }).dependent).toEqual(['d', 'new'])
  })

  const directories: PairsLiteral = {
    d: { ...same({ below: { x: created(), y: updated() } }), action: 'rename' },
    other: updated(),
  }

  it.each<[what: string, around: Around, withheld: readonly RelativePath[]]>([
    ['is done with what is as planned', {}, []],
    ['does not take along what is not as planned', { drifted: ['d/y'] }, ['d', 'd/x', 'd/y']],
    ['does not take along what the earlier plan had in it', { missed: ['d/gone'] }, ['d', 'd/x', 'd/y']],
    ['is not hindered by what a new entry in it is', { drifted: ['d/x'] }, ['d/x']],
    ['is not hindered by what lies elsewhere', { drifted: ['other'] }, ['other']],
  ])('a directory %s', (_, around, withheld) => {
    expect(held(directories, { ...around, moves: movedDirectory }).withheld).toEqual(withheld)
  })
})
