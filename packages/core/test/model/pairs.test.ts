import { describe, expect, it } from 'vitest'
import { actions, reasonBit, reasons, reasonsOf } from '../../src/model/change.js'
import { cellsPerEntry, EntryReader } from '../../src/model/entry-cells.js'
import { pathOfNode, pathOfRow, PairTable } from '../../src/model/pairs.js'
import type { Name } from '../../src/model/path.js'
import { absent } from '../../src/model/side-column.js'
import { buildPairs, created, deleted, entry, same, updated } from '../support/pairs.js'

const every = reasons.map(reasonBit).reduce((bits, bit) => bits | bit, 0)

describe('a verdict', () => {
  it.each([...actions, undefined])('%s is kept beside reasons and the match', action => {
    const pairs = new PairTable()
    for (const reasonBits of [0, every, ...reasons.map(reasonBit)]) {
      for (const matched of [false, true]) {
        const row = pairs.add(undefined, {
          name: 'x' as Name,
          action,
          reasonBits,
          sourceAt: absent,
          replicaAt: absent,
        })
        if (matched) pairs.setMatched(row)
        expect([pairs.action(row), pairs.reasonBits(row), pairs.isMatched(row)]).toEqual([
          action,
          reasonBits,
          matched,
        ])
        pairs.setVerdict(row, 'delete', reasonBit('extraneous'))
        expect([pairs.action(row), reasonsOf(pairs.reasonBits(row)), pairs.isMatched(row)]).toEqual([
          'delete',
          ['extraneous'],
          matched,
        ])
        pairs.setVerdict(row, action, reasonBits)
        pairs.setMatched(row)
        pairs.setMatched(row)
        expect([pairs.action(row), pairs.reasonBits(row), pairs.isMatched(row)]).toEqual([
          action,
          reasonBits,
          true,
        ])
      }
    }
  })
})

describe('the sides of a row', () => {
  const { pairs, row } = buildPairs({
    new: created({ size: 5 }),
    old: deleted({ size: 7 }),
    both: updated({ size: 3, was: 4 }),
    dir: same({ kind: 'directory', size: 4096 }),
    link: same({ kind: 'symlink', size: 9 }),
  })

  it.each<[path: string, source: number | undefined, replica: number | undefined]>([
    ['new', 5, undefined],
    ['old', undefined, 7],
    ['both', 3, 4],
    ['dir', 0, 0],
    ['link', 0, 0],
  ])('%s', (path, source, replica) => {
    const at = row(path)
    expect([pairs.hasSource(at), pairs.hasReplica(at)]).toEqual([source !== undefined, replica !== undefined])
    expect([pairs.source(at) === undefined, pairs.replica(at) === undefined]).toEqual([
      source === undefined,
      replica === undefined,
    ])
    // Only the bytes of files count.
    expect([pairs.sourceBytes(at), pairs.replicaBytes(at)]).toEqual([source ?? 0, replica ?? 0])
    expect([pairs.sourceCost(at), pairs.replicaCost(at)]).toEqual([source ?? 0, replica ?? 0])
  })

  it.each<[path: string, sizes: readonly number[]]>([
    ['new', [5]],
    ['old', [7]],
    ['both', [3, 4]],
  ])('of %s are copied, the source’s first', (path, sizes) => {
    const target = new BigInt64Array(cellsPerEntry * 3)
    const written = pairs.copyCells(row(path), new Uint32Array(target.buffer), cellsPerEntry)
    expect(written).toBe(sizes.length * cellsPerEntry)
    const reader = new EntryReader(target)
    expect(sizes.map((_, index) => reader.read((index + 1) * cellsPerEntry).size)).toEqual(sizes)
  })

  it('can be forgotten, the source’s', () => {
    const built = buildPairs({ x: updated({ size: 3, was: 4 }) })
    built.pairs.dropSource(built.row('x'))
    expect([built.pairs.source(1), built.pairs.hasSource(1), built.pairs.sourceBytes(1)]).toEqual([
      undefined,
      false,
      0,
    ])
    expect(built.pairs.replicaBytes(1)).toBe(4)
    expect(built.pairs.copyCells(1, new Uint32Array(cellsPerEntry * 4), 0)).toBe(cellsPerEntry)
  })

  it('of a row there is not are absent', () => {
    expect([pairs.source(99), pairs.hasReplica(99), pairs.sourceBytes(99), pairs.action(99)]).toEqual([
      undefined,
      false,
      0,
      undefined,
    ])
  })
})

describe('directories', () => {
  const built = buildPairs({
    a: same({ below: { b: created({ below: { c: created() } }) } }),
    d: deleted({ below: {} }),
  })
  const { pairs, row, node, root } = built

  it('know what they hold, and which sides have them', () => {
    expect(root.rows.map(each => pairs.nameOf(each))).toEqual(['a', 'd'])
    expect(node('a').rows).toEqual([row('a/b')])
    expect(pairs.directoryOf(row('a/b/c'))).toBe(node('a/b'))
    expect(pairs.directoryOf(root.row)).toBeUndefined()
    expect(node('a/b').parent).toBe(node('a'))
    const sides = ['', 'a', 'a/b', 'd'].map(path => [node(path).inSource, node(path).inReplica])
    expect(sides).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [false, true],
    ])
    expect(pairs.nodeOf(row('a/b/c'))).toBeUndefined()
  })

  it('have paths, and so have their rows', () => {
    expect([pathOfNode(root), pathOfNode(node('a')), pathOfNode(node('a/b'))]).toEqual(['', 'a', 'a/b'])
    expect([root.row, row('a'), row('a/b/c')].map(each => pathOfRow(pairs, each))).toEqual(['', 'a', 'a/b/c'])
  })

  it('lose the row added last, and no other', () => {
    const { pairs: table, root: top } = buildPairs({ x: created(), y: created() })
    table.dropLast(1)
    expect(top.rows).toEqual([1, 2])
    table.dropLast(2)
    expect(top.rows).toEqual([1])
    table.dropLast(0)
    expect(table.length).toBe(3)
  })

  it('are added with columns of entries', () => {
    const table = new PairTable()
    const column = new BigInt64Array(cellsPerEntry)
    const at = table.addEntries(column)
    expect(table.addEntry(entry())).toBe(at + cellsPerEntry)
  })
})
