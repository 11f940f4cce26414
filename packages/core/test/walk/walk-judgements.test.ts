/** The caller's own functions within a walk: a filter, and a judge of content. */
import { describe, expect, it } from 'vitest'
import { actions, type Reason, reasonBit, reasonsOf } from '../../src/model/change.js'
import { EntryCells } from '../../src/model/entry-cells.js'
import type { NamedEntry } from '../../src/model/entry.js'
import { packVerdict, SideBit } from '../../src/model/jobs.js'
import { NodeMark } from '../../src/model/node-mark.js'
import type { WalkInput } from '../../src/walk/walk-input.js'
import { entry } from '../support/pairs.js'
import { type FakeTree, walkFakes } from './fake-walk.js'

function refuseDrop(found: NamedEntry): boolean {
  return found.name !== 'drop'
}

function neverAsked(): Promise<boolean> {
  return Promise.reject(new Error('asked'))
}

describe('a filter', () => {
  const source = { keep: { a: null, drop: null }, drop: { x: null }, odd: null }
  const replica = { keep: { drop: null }, drop: { y: null }, gone: { drop: null }, odd: { z: null } }

  it('is asked once a path, with the source’s entry if there is one', async () => {
    const asked: string[] = []
    await walkFakes({
      source,
      replica,
      filter: found => {
        asked.push(`${found.path} ${found.kind} ${found.name}`)
        return true
      },
    })
    expect(asked.sort()).toEqual([
      'drop directory drop',
      'drop/x file x',
      'drop/y file y',
      'gone directory gone',
      'gone/drop file drop',
      'keep directory keep',
      'keep/a file a',
      'keep/drop file drop',
      'odd file odd',
      'odd/z file z',
    ])
  })

  it('that refuses an entry leaves it out with all below it, and protects the replica’s', async () => {
    const { actions: done, listed, walked } = await walkFakes({ source, replica, filter: refuseDrop })
    expect(done).toEqual({
      keep: 'same',
      'keep/a': 'create',
      gone: 'delete',
      odd: 'replace',
      'odd/z': 'delete',
    })
    expect(listed).toEqual(['', 'gone', 'keep', 'odd'])
    const protecting = [walked.root, ...walked.root.rows.flatMap(row => walked.pairs.nodeOf(row) ?? [])]
    expect(
      protecting.filter(({ marks }) => (marks & NodeMark.protects) !== 0).map(({ name }) => name),
    ).toEqual(['', 'keep', 'gone'])
  })

  it('that refuses what only the source has protects nothing', async () => {
    const { walked, actions: done } = await walkFakes({ source: { drop: { x: null } }, filter: refuseDrop })
    expect([walked.root.marks & NodeMark.protects, done]).toEqual([0, {}])
  })

  it('with deleteExcluded deletes the replica’s, with all below it', async () => {
    const found = await walkFakes({ source, replica, filter: refuseDrop, deleteExcluded: true })
    expect(found.actions).toEqual({
      keep: 'same',
      'keep/a': 'create',
      'keep/drop': 'delete',
      drop: 'delete',
      'drop/y': 'delete',
      gone: 'delete',
      'gone/drop': 'delete',
      odd: 'replace',
      'odd/z': 'delete',
    })
    const row = found.walked.root.rows.find(each => found.walked.pairs.nameOf(each) === 'drop') ?? -1
    expect(found.walked.pairs.source(row)).toBeUndefined()
    expect(reasonsOf(found.walked.pairs.reasonBits(row))).toEqual(['extraneous'])
    expect(found.walked.pairs.nodeOf(row)).toMatchObject({ inSource: false, inReplica: true })
  })

  it.each<[what: string, answer: unknown, taken: boolean]>([
    ['true', true, true],
    ['false', false, false],
    ['nothing', undefined, true],
    ['zero', 0, true],
  ])('that says %s', async (_, answer, taken) => {
    const { matched } = await walkFakes({ source: { a: null }, filter: () => answer as boolean })
    expect(matched).toEqual(taken ? ['a'] : [])
  })

  it('that throws ends the walk with its error', async () => {
    const error = new Error('mine')
    const walking = walkFakes({
      source,
      filter: () => {
        throw error
      },
    })
    await expect(walking).rejects.toBe(error)
  })

  it('narrows what include patterns take', async () => {
    const tree: FakeTree = { a: { x: null, drop: null }, b: { x: null } }
    const { matched } = await walkFakes({ source: tree, include: ['a/**'], filter: refuseDrop })
    expect(matched).toEqual(['a/x'])
  })
})

/** One file that both sides have, with a verdict that asks for somebody's judgement. */
function asking(reasons: readonly Reason[], asks = true): WalkInput['compare'] {
  const bits = reasons.map(reasonBit).reduce((sum, bit) => sum | bit, 0)
  const cells = new EntryCells()
  cells.add(entry({ size: 1 }))
  cells.add(entry({ size: 2 }))
  const action = reasons.length === 0 ? -1 : actions.indexOf('metadata')
  return () =>
    Promise.resolve({
      names: 'f',
      verdicts: Uint32Array.of(packVerdict(action, bits, asks)),
      sides: Uint8Array.of(SideBit.source | SideBit.replica),
      cells: cells.toCells(),
      unchanged: 0,
      more: [],
      ignore: undefined,
      marks: NodeMark.listed,
      problems: [],
      residuals: [],
    })
}

describe('a judge of content', () => {
  it.each<[reasons: readonly Reason[], equal: boolean, action: string, left: readonly Reason[]]>([
    [[], true, 'same', []],
    [[], false, 'update', ['content']],
    [['mode'], true, 'metadata', ['mode']],
    [['mode'], false, 'update', ['content', 'mode']],
    [['size'], true, 'same', []],
    [['size', 'mtime'], true, 'metadata', ['mtime']],
    [['size', 'owner', 'group'], true, 'metadata', ['owner', 'group']],
    [['size'], false, 'update', ['size', 'content']],
  ])('%j, equal: %s', async (reasons, equal, action, left) => {
    const asked: unknown[] = []
    const { walked, actions: done } = await walkFakes({
      compare: asking(reasons),
      isSameContent: (source, replica, path) => {
        asked.push([source.size, replica.size, path])
        return Promise.resolve(equal)
      },
    })
    expect(asked).toEqual([[1, 2, 'f']])
    expect(done).toEqual({ f: action })
    expect(reasonsOf(walked.pairs.reasonBits(1))).toEqual(left)
    expect(walked.pairs.isMatched(1)).toBe(true)
  })

  it('is not asked where no verdict asks', async () => {
    const { actions: done } = await walkFakes({ compare: asking(['mode'], false), isSameContent: neverAsked })
    expect(done).toEqual({ f: 'metadata' })
  })

  it('is not asked about what a filter refused', async () => {
    for (const deleteExcluded of [true, false]) {
      const { actions: done } = await walkFakes({
        compare: asking([]),
        isSameContent: neverAsked,
        deleteExcluded,
        filter: () => false,
      })
      expect(done).toEqual(deleteExcluded ? { f: 'delete' } : {})
    }
  })

  it('that rejects ends the walk with its error', async () => {
    const error = new Error('mine')
    const walking = walkFakes({ compare: asking([]), isSameContent: () => Promise.reject(error) })
    await expect(walking).rejects.toBe(error)
  })
})
