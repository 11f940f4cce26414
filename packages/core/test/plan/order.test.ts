import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NodeMark } from '../../src/model/node-mark.js'
import type { Name } from '../../src/model/path.js'
import { absent } from '../../src/model/side-column.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import {
  buildPairs,
  created,
  deleted,
  entry,
  finish,
  onlyInSource,
  type PairLiteral,
  type PairsLiteral,
  repaired,
  replaced,
  same,
  updated,
} from '../support/pairs.js'

interface Ordered {
  readonly copy: readonly string[]
  readonly files: readonly string[]
  readonly directories: readonly string[]
  readonly finish: readonly string[]
}

function order(literal: PairsLiteral, deletes = true, root?: PairLiteral): Ordered {
  const { pairs, root: node, paths } = buildPairs(literal, root)
  const rows = finish(orderRows(pairs, node, finish(markScope(pairs, node)), deletes))
  return {
    copy: paths(rows.copy),
    files: paths(rows.remove.subarray(0, rows.removeFiles)),
    directories: paths(rows.remove.subarray(rows.removeFiles)),
    finish: paths(rows.finish),
  }
}

const nothing: Ordered = { copy: [], files: [], directories: [], finish: [] }
const dir = { kind: 'directory' } as const

describe('the phase of a row', () => {
  it.each<[what: string, pair: PairLiteral, phases: Partial<Ordered>]>([
    ['a new file', created(), { copy: ['x'] }],
    ['a new directory', created(dir), { copy: ['x'] }],
    ['a new link', created({ kind: 'symlink' }), { copy: ['x'] }],
    ['a changed file', updated({ size: 1 }), { copy: ['x'] }],
    ['a file with other attributes', repaired(), { copy: ['x'] }],
    ['a link with other attributes', repaired({ kind: 'symlink' }), { copy: ['x'] }],
    ['a directory with other attributes', repaired(dir), { finish: ['x'] }],
    ['an equal file', same(), {}],
    ['an equal directory', same(dir), {}],
    ['a FIFO of the source', onlyInSource({ kind: 'fifo' }), {}],
    ['an extraneous file', deleted(), { files: ['x'] }],
    ['an extraneous link', deleted({ kind: 'symlink' }), { files: ['x'] }],
    ['an extraneous FIFO', deleted({ kind: 'fifo' }), { files: ['x'] }],
    ['an extraneous directory', deleted(dir), { directories: ['x'] }],
    ['a link for a file', replaced('symlink', 'file'), { copy: ['x'] }],
    ['a file for a link', replaced('file', 'symlink'), { copy: ['x'] }],
    ['a file for a FIFO', replaced('file', 'fifo'), { copy: ['x'] }],
    ['a directory for a file', replaced('directory', 'file'), { copy: ['x'] }],
    ['a directory for a link', replaced('directory', 'symlink'), { copy: ['x'] }],
    ['a file for an empty directory', replaced('file', 'directory'), { copy: ['x'] }],
    ['a link for an empty directory', replaced('symlink', 'directory'), { copy: ['x'] }],
    [
      'a file for a full directory',
      replaced('file', 'directory', { below: { y: deleted() } }),
      { files: ['x/y'], directories: ['x'] },
    ],
    [
      'a file for a directory that holds something out of scope',
      replaced('file', 'directory', { below: { y: { replica: { kind: 'file' }, matched: false } } }),
      { directories: ['x'] },
    ],
    [
      'a file for a directory that only the source has something to say about',
      replaced('file', 'directory', { below: {} }),
      { copy: ['x'] },
    ],
    // Whatever it holds: it must not go in the copy phase.
    [
      'a file for a directory not listed',
      replaced('file', 'directory', { listed: false }),
      { directories: ['x'] },
    ],
    ...(['protects', 'mounted', 'replicaHole'] as const).map(
      mark =>
        [
          `a file for a directory marked ${mark}`,
          replaced('file', 'directory', { marks: NodeMark[mark] }),
          { directories: ['x'] },
        ] as [string, PairLiteral, Partial<Ordered>],
    ),
  ])('%s', (_, pair, phases) => {
    expect(order({ x: pair })).toEqual({ ...nothing, ...phases })
  })

  it.each<[what: string, root: PairLiteral, phases: Partial<Ordered>]>([
    ['is made first', { action: 'create', source: { kind: 'directory' } }, { copy: ['', 'a'] }],
    ['is repaired last', repaired(dir), { copy: ['a'], finish: [''] }],
    ['is left alone', same(dir), { copy: ['a'] }],
  ])('the root %s', (_, root, phases) => {
    expect(order({ a: created() }, true, root)).toEqual({ ...nothing, ...phases })
  })
})

describe('what is not ordered', () => {
  it('deletions, when they are switched off', () => {
    const literal = {
      a: deleted(),
      d: deleted({ below: { x: deleted() } }),
      k: replaced('file', 'directory', { below: { x: deleted() } }),
      n: created(),
    }
    expect(order(literal, false)).toEqual({ ...nothing, copy: ['n'], directories: ['k'] })
  })

  it.each<[what: string, pair: PairLiteral]>([
    ['deletions', deleted({ matched: false })],
    ['creations', created({ matched: false })],
    ['updates', updated({ matched: false, size: 1 })],
    ['metadata', repaired({ matched: false, kind: 'directory' })],
    ['replacements', replaced('file', 'symlink', { matched: false })],
  ])('%s out of scope', (_, pair) => {
    expect(order({ x: pair })).toEqual(nothing)
  })

  it('a directory that vanished while it was read, but what is deleted beside it', () => {
    const vanished = { marks: NodeMark.vanished }
    const literal = {
      made: created(vanished),
      kept: repaired(vanished),
      other: replaced('directory', 'file', vanished),
      gone: deleted(),
    }
    expect(order(literal)).toEqual({ ...nothing, files: ['gone'] })
  })

  it('rows that were dropped', () => {
    const { pairs, root } = buildPairs({ a: created(), b: created() })
    pairs.dropLast(2)
    const rows = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
    expect([...rows.copy]).toEqual([1])
  })
})

describe('paths', () => {
  it('ascend by UTF-16 code units, a directory before its content', () => {
    const literal: PairsLiteral = {
      b: created(),
      'a!b': created(),
      a: created({ below: { x: created(), '!': created() } }),
      'a-': created(),
      a0: created(),
      A: created(),
      '\u{1f600}': created(),
      '\uff00': created(),
      '\udc80': created(),
      é: created(),
    }
    expect(order(literal).copy).toEqual([
      'A',
      'a',
      'a!b',
      'a-',
      'a/!',
      'a/x',
      'a0',
      'b',
      'é',
      '\u{1f600}',
      '\udc80',
      '\uff00',
    ])
  })

  it('of removed files ascend, of removed directories descend', () => {
    const literal = {
      d: deleted({ below: { e: deleted({ below: { f: deleted() } }), z: deleted() } }),
      'd!': deleted(dir),
      c: deleted(),
      k: replaced('file', 'directory', { below: { e: deleted(dir), y: deleted() } }),
    }
    expect(order(literal)).toEqual({
      ...nothing,
      files: ['c', 'd/e/f', 'd/z', 'k/y'],
      directories: ['k/e', 'k', 'd/e', 'd!', 'd'],
    })
  })

  it('of directories to be finished descend', () => {
    const literal = { a: repaired({ below: { b: repaired(dir), c: repaired() } }), b: repaired(dir) }
    expect(order(literal, true, repaired(dir))).toEqual({
      ...nothing,
      copy: ['a/c'],
      finish: ['b', 'a/b', 'a', ''],
    })
  })

  it('are in the order of plain text in any tree', () => {
    const name = fc.string({ unit: fc.constantFrom('!', '-', '.', '0', 'a', 'b', '\u{1f600}'), minLength: 1 })
    const { tree } = fc.letrec<{ tree: PairsLiteral; pair: PairLiteral }>(tie => ({
      tree: fc.dictionary(name, tie('pair'), { maxKeys: 5, noNullPrototype: true }),
      pair: fc.oneof(
        { maxDepth: 4 },
        fc.constant(created()),
        tie('tree').map(below => created({ below })),
      ),
    }))
    fc.assert(
      fc.property(tree, literal => {
        const { copy } = order(literal)
        expect(copy).toEqual([...copy].sort((a, b) => (a < b ? -1 : 1)))
        expect(copy).toHaveLength(buildPairs(literal).pairs.length - 1)
      }),
    )
  })

  it('of a tree 50,000 deep need no deep stack', () => {
    const { pairs, root } = buildPairs({})
    let parent = root
    for (let depth = 0; depth < 50_000; depth += 1) {
      const sourceAt = pairs.addEntry(entry(dir))
      const row = pairs.add(parent, {
        name: 'd' as Name,
        action: 'create',
        reasonBits: 1,
        sourceAt,
        replicaAt: absent,
      })
      pairs.setMatched(row)
      parent = pairs.addNode(row)
    }
    const { copy } = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
    expect(copy).toEqual(Int32Array.from({ length: 50_000 }, (_, index) => index + 1))
  })
})
