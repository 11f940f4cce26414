import { describe, expect, it } from 'vitest'
import { applyChanges } from '../../src/apply/apply-changes.js'
import type { ApplyContext } from '../../src/apply/context.js'
import { encodeBatch, type OtherBatches } from '../../src/apply/encode.js'
import type { Entry } from '../../src/model/entry.js'
import { cellsPerEntry } from '../../src/model/entry-cells.js'
import { noMoves } from '../../src/model/moves.js'
import { type ApplyBatch, rowStates } from '../../src/model/jobs.js'
import { parentPath, type RelativePath } from '../../src/model/path.js'
import type { Tree } from '../../src/tree/tree.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  type PairsLiteral,
  repaired,
  replaced,
  updated,
} from '../support/pairs.js'

const some: PairsLiteral = {
  a: updated({ size: 1, was: 2 }),
  d: created({
    below: { x: created({ size: 3 }), e: created({ below: { 'new\nline': created() } }), y: created() },
  }),
  '\udcff': deleted(),
  old: deleted({ below: { f: deleted() } }),
  r: repaired({ kind: 'symlink' }),
  z: replaced('file', 'symlink', { size: 2 ** 40 }),
}

describe('encodeBatch', () => {
  it('groups neighbours of one directory, in the order given', () => {
    const { pairs, row } = buildPairs(some)
    const rows = ['a', 'd', 'd/e', 'd/x', 'd/e/new\nline', 'd/y', 'z'].map(row)
    const batch = encodeBatch(pairs, rows, new Set([row('d'), row('d/e')]))
    expect(batch).toMatchObject({
      directories: ['', 'd', 'd/e', 'd', ''],
      counts: [2, 2, 1, 1, 1],
      names: 'a/d/e/x/new\nline/y/z',
    })
    expect([...batch.whole]).toEqual([0, 1, 1, 0, 0, 0, 0])
    expect(batch.cells.buffer.byteLength).toBe(batch.cells.byteLength)
  })

  it('encodes nothing for no rows', () => {
    const { pairs } = buildPairs(some)
    const batch = encodeBatch(pairs, [], new Set())
    expect([batch.directories, batch.counts, batch.names, batch.cells.length]).toEqual([[], [], '', 0])
  })

  it.each<[what: string, path: RelativePath]>([
    ['the root', ''],
    ['what is equal', 'equal'],
  ])('refuses %s', (_, path) => {
    const { pairs, row } = buildPairs({ equal: { source: {}, replica: {} } })
    expect(() => encodeBatch(pairs, [row(path)], new Set())).toThrow('is no change below the root')
  })
})

/** What the other side makes of a batch: each change is refused when its parent is entered, which tells its directory. */
function received(literal: PairsLiteral, paths: readonly RelativePath[]): unknown[] {
  const { pairs, row } = buildPairs(literal)
  const seen: unknown[] = []
  const refuse = (path: RelativePath): never => {
    seen.push(path)
    throw new Error('refused')
  }
  const context = {
    replica: { held: { enter: refuse }, tree: {} as Tree },
    staging: () => ({}),
    settings: {},
    isAborted: () => false,
  } as unknown as ApplyContext
  const batch = encodeBatch(pairs, paths.map(row), new Set())
  const { states, problems } = finish(applyChanges(context, batch))
  expect([...states].map(state => rowStates[state])).toEqual(paths.map(() => 'failed'))
  return problems.map(([index, problem]) => [index, seen[index], problem.path, problem.message.split(' ')[1]])
}

describe('what is decoded', () => {
  it('has the same paths, directories and actions', () => {
    const paths = ['\udcff', 'old/f', 'z', 'r', 'a', 'd/x']
    const verbs = ['delete', 'delete', 'replace', 'set', 'update', 'create']
    expect(received(some, paths)).toEqual(paths.map((path, at) => [at, parentPath(path), path, verbs[at]]))
  })
})

describe('entries', () => {
  const odd: Partial<Entry> = {
    size: 2 ** 53 - 1,
    mode: 0o7777,
    uid: 2 ** 32 - 2,
    gid: 2 ** 32 - 3,
    mtimeNs: -(2n ** 62n) - 1n,
    ctimeNs: 2n ** 62n + 1n,
    device: 2n ** 64n - 1n,
    inode: 2n ** 64n - 2n,
    links: 65_000,
  }
  it.each<[what: string, literal: PairsLiteral]>([
    ['of both sides', { x: { action: 'update', source: { size: 1 }, replica: odd } }],
    ['of the source', { x: { action: 'create', source: odd } }],
    ['of the replica', { x: { action: 'delete', replica: odd } }],
    [
      'after others',
      { a: created(), b: deleted(), x: { action: 'metadata', source: odd, replica: { inode: 0n } } },
    ],
  ])('%s arrive as they were', (_, literal) => {
    const { pairs, row } = buildPairs(literal)
    const rows = Object.keys(literal).map(row)
    const { cells, sides } = encodeBatch(pairs, rows, new Set())
    const entries = rows
      .flatMap(each => [pairs.source(each), pairs.replica(each)])
      .filter(each => each !== undefined)
    const { pairs: other } = buildPairs({})
    const first = other.addEntries(cells)
    const length = cells.length / entries.length
    const name = pairs.nameOf(row('x'))
    const read = entries.map((_entry, index) => {
      const sourceAt = first + index * length
      return other.source(
        other.add(undefined, { name, action: undefined, reasonBits: 0, sourceAt, replicaAt: -1 }),
      )
    })
    expect(read).toEqual(entries)
    expect([...sides]).toEqual(
      rows.map(each => (pairs.hasSource(each) ? 1 : 0) + (pairs.hasReplica(each) ? 2 : 0)),
    )
  })
})

describe('hard links', () => {
  const side = { kind: 'file' } as const
  const { pairs, row } = buildPairs({
    there: { source: side, replica: { ...side, inode: 7n } },
    dressed: { action: 'metadata', source: side, replica: { ...side, inode: 8n } },
    made: { action: 'create', source: side },
    ...Object.fromEntries(
      ['a', 'b', 'c', 'd'].map(name => [name, { action: 'link', source: side } as const]),
    ),
  })
  const to = new Map([
    [row('a'), row('there')],
    [row('b'), row('dressed')],
    [row('c'), row('made')],
    [row('d'), row('made')],
  ])
  const links = { to, names: new Map([...to.values()].map(leader => [leader, 2])) }
  const encoded = (paths: readonly string[], more: Partial<OtherBatches> = {}): ApplyBatch =>
    encodeBatch(pairs, paths.map(row), new Set(), {
      stageOnly: false,
      staged: new Map(),
      links,
      moves: noMoves,
      made: new Set(),
      heirs: new Map(),
      ...more,
    })

  it('lead to what stays, which goes along, and to what is made in the same batch', () => {
    const batch = encoded(['made', 'dressed', 'a', 'b', 'c'])
    expect(batch.links).toEqual([
      [2, 'there', -1],
      [3, 'dressed', -1],
      [4, 'made', 0],
    ])
    expect(batch.moreNames).toEqual([
      [0, 2],
      [1, 2],
    ])
    expect([...batch.sides]).toEqual([1, 3, 5, 5, 1])
    expect(batch.cells.length).toBe((1 + 2 + 2 + 2 + 1) * cellsPerEntry)
  })

  it('lead to what another batch made, or staged, and nowhere when it did not', () => {
    expect(encoded(['c']).links).toEqual([])
    expect(encoded(['c', 'd'], { made: new Set([row('made')]) }).links).toEqual([
      [0, 'made', -1],
      [1, 'made', -1],
    ])
    const staged = new Map([[row('made'), { path: '.staged/0/1' }]])
    expect(encoded(['c'], { stageOnly: true, staged }).links).toEqual([[0, '.staged/0/1', -1]])
    expect(encoded(['c'], { staged }).links).toEqual([])
  })

  it('of what is staged itself lead nowhere', () => {
    const staged = new Map([[row('a'), { path: '.staged/0/2' }]])
    const batch = encoded(['a'], { staged })
    expect([batch.links, batch.staged, [...batch.sides]]).toEqual([[], [[0, '.staged/0/2']], [1]])
  })
})
