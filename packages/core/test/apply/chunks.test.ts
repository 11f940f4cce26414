import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chunk, cutChunks, cutIndependent, cutSequential } from '../../src/apply/chunks.js'
import type { RelativePath } from '../../src/model/path.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import {
  buildPairs,
  created,
  finish,
  type PairLiteral,
  type PairsLiteral,
  replaced,
  same,
  updated,
} from '../support/pairs.js'
import { files } from './fake-run.js'

interface ShownChunk {
  readonly paths: readonly RelativePath[]
  readonly whole: readonly RelativePath[]
  readonly after: readonly number[]
}

function cut(literal: PairsLiteral): readonly ShownChunk[] {
  const { pairs, root, paths } = buildPairs(literal)
  const { copy } = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
  const chunks = [...cutChunks(pairs, copy)]
  expect(chunks.map(({ index }) => index)).toEqual(chunks.map((_, index) => index))
  expect(chunks.flatMap(({ rows }) => rows)).toEqual([...copy])
  return chunks.map(({ rows, whole, after }) => ({ paths: paths(rows), whole: paths(whole), after }))
}

/** How many rows each chunk has, and what it waits for. */
function sizes(literal: PairsLiteral): readonly string[] {
  return cut(literal).map(({ paths, after }) => [paths.length, ...after].join(' after '))
}

const file = created()
const mib = 1 << 20
const someFiles = (count: number, prefix = ''): PairsLiteral => files(count, file, prefix)
const newFolder = (below: PairsLiteral): PairLiteral => created({ kind: 'directory', below })
const large = (count: number): PairsLiteral => files(count, created({ size: 2 * mib }))

describe('chunks', () => {
  it('of no rows are none', () => {
    expect(cut({})).toEqual([])
  })

  it('hold a directory with what goes into it, whole', () => {
    const d = newFolder({ x: file, e: newFolder({ y: file }), empty: newFolder({}) })
    const paths = ['a', 'd', 'd/e', 'd/e/y', 'd/empty', 'd/x', 'z']
    expect(cut({ a: file, d, z: file })).toEqual([{ paths, whole: ['d', 'd/e', 'd/empty'], after: [] }])
  })

  it.each<[what: string, literal: PairsLiteral, expected: string[]]>([
    ['end at 48 rows that need nothing', someFiles(100), ['48', '48', '4']],
    ['do not end so in a new directory', { d: newFolder(someFiles(200)) }, ['201']],
    ['end so in a directory that is there', { d: same({ below: someFiles(50) }) }, ['48', '2']],
    [
      'do not tear a directory that fits into the next',
      { d: newFolder({ a: newFolder(someFiles(200)), b: newFolder(someFiles(200)) }) },
      ['202', '201 after 0'],
    ],
    [
      'tear one that fits into none',
      { d: newFolder({ a: newFolder(someFiles(200)), b: newFolder(someFiles(300)) }) },
      ['256', '48 after 0', '48 after 0', '48 after 0', '48 after 0', '48 after 0', '7 after 0'],
    ],
    ['end at 256 rows in any case', { d: newFolder(someFiles(300)) }, ['256', '45 after 0']],
    [
      'end soon after that',
      { d: newFolder(someFiles(360)) },
      ['256', '48 after 0', '48 after 0', '9 after 0'],
    ],
    [
      'end before a directory that would be too much',
      { ...someFiles(9), d: newFolder(someFiles(247)) },
      ['9', '248'],
    ],
    ['take in a directory that is not', { ...someFiles(9), d: newFolder(someFiles(246)) }, ['256']],
    ['end after 4 MiB', large(5), ['2', '2', '1']],
    ['end after 4 MiB in a new directory, too', { d: newFolder(large(4)) }, ['3', '2 after 0']],
    ['hold a file that is larger', { a: created({ size: 9 * mib }), b: file }, ['1', '1']],
    [
      'count small files for more',
      { d: newFolder(files(270, created({ size: 14 << 10 }))) },
      ['229', '42 after 0'],
    ],
    ['do not count what is no file', files(3, created({ kind: 'symlink', size: 9 * mib })), ['3']],
  ])('%s', (_, literal, expected) => {
    expect(sizes(literal)).toEqual(expected)
  })

  it('Z03: leave a huge file to one worker, and all that comes after it to the others', () => {
    const literal = { a: created({ size: 4096 * mib }), d: newFolder(someFiles(40)), z: file }
    expect(sizes(literal)).toEqual(['1', '42'])
  })

  it('wait for the directories they need, and for nothing else', () => {
    const literal = {
      a: newFolder({ x: file }),
      ...someFiles(60, 'a!'),
      'a-': newFolder({ x: file }),
      ...someFiles(60, 'a-!'),
      b: same({ below: someFiles(60) }),
    }
    const chunks = cut(literal)
    expect(chunks.map(({ after }) => after)).toEqual([[], [], [1, 0], []])
    expect(chunks.map(({ whole }) => whole)).toEqual([[], [], [], []])
    expect(chunks[2]?.paths.slice(26, 28)).toEqual(['a-/x', 'a/x'])
  })

  it('make a directory whole though other names come between', () => {
    const [chunk] = cut({ a: newFolder({ x: file }), 'a!b': file, 'a.txt': file })
    expect(chunk).toEqual({ paths: ['a', 'a!b', 'a.txt', 'a/x'], whole: ['a'], after: [] })
  })

  it('wait for what replaces a file by a directory, which is never whole', () => {
    const literal = { ...someFiles(47), d: replaced('directory', 'file', { below: someFiles(300) }) }
    expect(sizes(literal)).toEqual(['47', '256', '45 after 1'])
    expect(cut(literal).flatMap(({ whole }) => whole)).toEqual([])
  })

  it('are whole below a directory that is not', () => {
    const chunks = cut({ d: newFolder({ e: newFolder(someFiles(10)), ...someFiles(260, 'f') }) })
    expect(chunks.map(({ whole, after }) => [whole, after])).toEqual([
      [['d/e'], []],
      [[], [0]],
    ])
  })
})

describe('with hard links', () => {
  it('wait for what a name is linked to, where that is made, and not where it is there', () => {
    const { pairs, root, row } = buildPairs({
      ...someFiles(100),
      made: created({ kind: 'file' }),
      there: same({ kind: 'file' }),
      z1: created(),
      z2: created(),
      z3: created(),
    })
    const { copy } = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
    const to = new Map([
      [row('z1'), row('made')],
      [row('z2'), row('there')],
      [row('z3'), row('0000')],
    ])
    const names = new Map([...to.values()].map(leader => [leader, 1]))
    const chunks = [...cutChunks(pairs, copy, { to, names })]
    expect(chunks.map(({ rows, after }) => [rows.length, after])).toEqual([
      [48, []],
      [48, []],
      [8, [0]],
    ])
  })

  it('do not count the bytes of a name', () => {
    const { pairs, root, row } = buildPairs(large(5))
    const { copy } = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
    const leader = row('0000')
    const to = new Map([...copy].filter(each => each !== leader).map(each => [each, leader]))
    expect([...cutChunks(pairs, copy, { to, names: new Map([[leader, 4]]) })]).toHaveLength(1)
  })
})

describe('any chunks', () => {
  const names = fc.constantFrom('a', 'a!', 'a-', 'a0', 'b', 'b!c', 'c')
  const leaf = fc.nat({ max: 3 * mib }).map(size => created({ size }))
  const { folder } = fc.letrec<{ folder: PairLiteral; entry: PairLiteral }>(tie => ({
    entry: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.constant(updated()),
      tie('folder'),
    ),
    folder: fc
      .tuple(
        fc.boolean(),
        fc.dictionary(names, tie('entry'), { maxKeys: 6, noNullPrototype: true }),
        fc.nat({ max: 130 }),
      )
      .map(([isNew, below, count]) => (isNew ? newFolder : wasThere)({ ...below, ...someFiles(count, 'x') })),
  }))

  it('keep the order, the limits and what depends on what', () => {
    fc.assert(
      fc.property(folder, ({ below = {} }) => {
        const chunks = cut(below)
        const madeIn = new Map(
          chunks.flatMap(({ paths }, index) => paths.map(path => [path, index] as const)),
        )
        const all = [...madeIn.keys()]
        for (const [index, { paths, whole, after }] of chunks.entries()) {
          expect(paths.length).toBeLessThanOrEqual(256)
          const parents = paths
            .map(path => madeIn.get(path.slice(0, path.lastIndexOf('/'))))
            .filter(each => each !== undefined)
          expect(new Set(after)).toEqual(new Set(parents.filter(each => each !== index)))
          expect(after.every(each => each < index)).toBe(true)
          for (const path of whole) {
            const inside = all.filter(each => each.startsWith(`${path}/`))
            expect(inside.every(each => madeIn.get(each) === index)).toBe(true)
          }
        }
      }),
      { numRuns: 40, seed: 7 },
    )
  })
})

function wasThere(below: PairsLiteral): PairLiteral {
  return same({ below })
}

const counts = (chunks: Iterable<Chunk>): number[] => [...chunks].map(({ rows }) => rows.length)

/** The rows of so many files in each of some directories. */
function removed(...filesIn: readonly number[]): Parameters<typeof cutIndependent> {
  const below = filesIn.map((count, index) => [`d${index}`, wasThere(someFiles(count))] as const)
  const { pairs } = buildPairs(Object.fromEntries(below))
  const rows = Array.from({ length: pairs.length }, (_, row) => row)
  return [pairs, Int32Array.from(rows.filter(row => pairs.nodeOf(row) === undefined))]
}

describe('rows to be removed', () => {
  it.each<[filesIn: readonly number[], expected: readonly number[]]>([
    [[], []],
    [[1], [1]],
    [[512], [512]],
    [[1200], [512, 512, 176]],
    [
      [40, 200, 60, 60],
      [300, 60],
    ],
    [
      [250, 600, 1],
      [512, 338, 1],
    ],
  ])('%j in each directory, of which none needs another', (filesIn, expected) => {
    const [pairs, rows] = removed(...filesIn)
    const chunks = [...cutIndependent(pairs, rows)]
    expect(counts(chunks)).toEqual(expected)
    expect(chunks.flatMap(chunk => chunk.rows)).toEqual([...rows])
    expect(chunks.map(({ index, after, whole }) => [index, after, whole.size])).toEqual(
      chunks.map((_, index) => [index, [], 0]),
    )
  })

  it('wait for those before, where children come before parents', () => {
    expect([...cutSequential(...removed(1200))].map(({ after }) => after)).toEqual([[], [0], [1]])
  })
})
