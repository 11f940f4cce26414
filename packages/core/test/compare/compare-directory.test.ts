import { lstatSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompareSettings } from '../../src/model/jobs.js'
import { NodeMark } from '../../src/model/pairs.js'
import type { Tree } from '../../src/tree/tree.js'
import { hostileNames } from '../../../../test/support/hostile-names.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { fifo, file, symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { systemError, ways, withOperations } from '../support/trees.js'
import { type Around, compareOnDisk, type Told } from './compare-on-disk.js'

const temporary = useTemporaryDirectory()

describe.each(ways)('by %s', way => {
  async function compare(source: TreeLiteral, replica: TreeLiteral, around: Around = {}): Promise<Told> {
    return await compareOnDisk(temporary.path, source, replica, { way, ...around })
  }

  it('says what differs, and only counts what does not', async () => {
    const source = { same: '1', dir: {}, size: '12', mode: file('', { mode: 0o600 }), new: '', link: symlink('a'), kind: '' }
    const replica = { same: '1', dir: {}, size: '1', mode: '', old: '', link: symlink('b'), kind: {} }
    expect(await compare(source, replica)).toEqual({
      rows: {
        dir: 'none [] sr',
        size: 'update [size] sr',
        mode: 'metadata [mode] sr',
        new: 'create [new] s',
        old: 'delete [extraneous] r',
        link: 'update [target] sr',
        kind: 'replace [kind] sr',
      },
      unchanged: 1,
      marks: NodeMark.listed,
      problems: [],
      residuals: [],
    })
  })

  it('hands on names as they are, with the entries of each side', async () => {
    const literal = Object.fromEntries(hostileNames.map(each => [each, each]))
    const { rows } = await compare({ d: literal }, {}, { path: 'd', sides: 'source' })
    expect(Object.keys(rows).sort()).toEqual([...hostileNames].sort())
    expect(new Set(Object.values(rows))).toEqual(new Set(['create [new] s']))
  })

  it.each<[sides: 'source' | 'replica', row: string]>([
    ['source', 'create [new] s'],
    ['replica', 'delete [extraneous] r'],
  ])('of the %s alone never looks at the other side', async (sides, row) => {
    const neverThere = (tree: Tree): Tree =>
      withOperations(tree, {
        list: () => {
          throw new Error('listed')
        },
      })
    const around = sides === 'source' ? { wrapReplica: neverThere } : { wrapSource: neverThere }
    const { rows, problems } = await compare({ d: { x: '' } }, { d: { x: '' } }, { path: 'd', sides, ...around })
    expect([rows, problems]).toEqual([{ x: row }, []])
  })

  it('has a row for everything when somebody wants to see it', async () => {
    const literal = { a: '', l: symlink('x'), d: {} }
    const { rows, unchanged } = await compare(literal, literal, { wantAll: true })
    expect([rows, unchanged]).toEqual([{ a: 'none [] sr', l: 'none [] sr', d: 'none [] sr' }, 0])
  })

  it.each<[content: CompareSettings['content'], hashWith: string | undefined, rows: Record<string, string>]>([
    ['metadata', undefined, { later: 'update [mtime] sr', longer: 'update [size] sr' }],
    [
      'content',
      undefined,
      { later: 'metadata [mtime] sr', longer: 'update [size] sr', other: 'update [content] sr', both: 'update [content,mode] sr' },
    ],
    [
      'content',
      'xxh64',
      { later: 'metadata [mtime] sr', longer: 'update [size] sr', other: 'update [content] sr', both: 'update [content,mode] sr' },
    ],
    [
      'ask',
      undefined,
      {
        same: 'none [] sr?',
        later: 'metadata [mtime] sr?',
        longer: 'update [size] sr',
        other: 'none [] sr?',
        both: 'metadata [mode] sr?',
      },
    ],
    [
      'ask-all',
      undefined,
      {
        same: 'none [] sr?',
        later: 'metadata [mtime] sr?',
        longer: 'update [size] sr?',
        other: 'none [] sr?',
        both: 'metadata [mode] sr?',
      },
    ],
  ])('compares by %s (%s)', async (content, hashWith, rows) => {
    const source = { same: 'a', later: file('a', { mtime: 1000n }), longer: 'ab', other: 'a', both: file('a', { mode: 0o600 }) }
    const replica = { same: 'a', later: 'a', longer: 'a', other: 'b', both: 'b' }
    const found = await compare(source, replica, { content, hashWith })
    expect(found.rows).toEqual(content === 'metadata' ? { ...rows, both: 'metadata [mode] sr' } : rows)
  })

  it.each([false, true])('leaves out what is excluded, deleteExcluded: %s', async deleteExcluded => {
    const isExcluded = (path: string): boolean => path.endsWith('x')
    const literal = { 'only-sx': '', bothx: { in: '' }, a: '' }
    const around = { isExcluded, deleteExcluded }
    const { rows, marks, unchanged } = await compare(literal, { bothx: { in: '' }, 'only-rx': '', a: '' }, around)
    const deleted = { bothx: 'delete [extraneous] r', 'only-rx': 'delete [extraneous] r' }
    expect([rows, unchanged]).toEqual([deleteExcluded ? deleted : {}, 1])
    expect(marks).toBe(deleteExcluded ? NodeMark.listed : NodeMark.listed | NodeMark.protects)
    const onlySource = await compare({ d: { 'only-sx': '' } }, { d: {} }, { ...around, path: 'd' })
    expect(onlySource).toMatchObject({ rows: {}, marks: NodeMark.listed })
  })

  it.runIf(process.platform !== 'win32')('leaves alone what stands where a FIFO of the source would be', async () => {
    const { rows, residuals, unchanged } = await compare(
      { a: fifo(), b: fifo(), c: fifo(), d: fifo() },
      { a: fifo(), b: '', c: { in: '' } },
    )
    expect(residuals).toEqual([{ attribute: 'special files', count: 4, example: expect.any(String) as string }])
    // No row has a replica side, so nobody lists, replaces or deletes it.
    expect([rows, unchanged]).toEqual([{ a: 'none [] s', b: 'none [] s', c: 'none [] s', d: 'none [] s' }, 0])
  })

  it.each(['source', 'replica'] as const)('meets the root of the other tree: the %s', async which => {
    const identities = (): NonNullable<Around['identities']> => {
      const { dev, ino } = lstatSync(join(temporary.path, which === 'source' ? 'r/x' : 's/x'), { bigint: true })
      return { [which]: `${dev}:${ino}` }
    }
    const literal = { x: {}, y: {} }
    expect((await compare(literal, literal)).marks).toBe(NodeMark.listed)
    const found = await compare(literal, literal, { identities: identities() })
    expect(found.marks).toBe(NodeMark.listed | NodeMark.otherRoot)
  })
})

describe('what cannot be read', () => {
  async function compare(around: Around): Promise<Told> {
    return await compareOnDisk(temporary.path, { d: { a: 'a', b: 'b' } }, { d: { b: 'c', z: '' } }, { path: 'd', ...around })
  }

  /** Fails for one name only. */
  function failing(call: 'stat' | 'openFile', each: string, code: string): (tree: Tree) => Tree {
    return tree =>
      withOperations(tree, {
        [call]: (parent: never, name: never) => {
          if (name === each) throw systemError(code)
          return tree[call](parent, name)
        },
      })
  }

  function without(each: string): (tree: Tree) => Tree {
    return tree =>
      withOperations(tree, { stat: (parent, name) => (name === each ? undefined : tree.stat(parent, name)) })
  }

  const { listed, hole, vanished, replicaHole, unreadContent } = NodeMark
  const list = (code: string) => (tree: Tree) =>
    withOperations(tree, {
      list: () => {
        throw systemError(code)
      },
    })

  it.each<[what: string, around: Around, expected: Partial<Omit<Told, 'problems'>>, problem: readonly unknown[]]>([
    [
      'a source directory: nothing is known, nothing is looked at',
      { wrapSource: list('EIO') },
      { rows: {}, marks: listed | hole },
      ['source-unreadable', 'd', 'EIO'],
    ],
    [
      'a replica directory: nothing is created there',
      { wrapReplica: list('EIO') },
      { rows: {}, marks: listed | replicaHole },
      ['replica-unreadable', 'd', 'EIO'],
    ],
    [
      'a source entry: a hole',
      { wrapSource: failing('stat', 'b', 'EACCES') },
      { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed | hole },
      ['source-unreadable', 'd/b', 'EACCES'],
    ],
    [
      'a source entry that vanished: its replica is left alone',
      { wrapSource: without('b') },
      { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed },
      ['source-changed', 'd/b', undefined],
    ],
    [
      'a replica entry: it is left alone, and so is the directory',
      { wrapReplica: failing('stat', 'b', 'EIO') },
      { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed | replicaHole },
      ['replica-unreadable', 'd/b', 'EIO'],
    ],
    [
      'a source file’s content: deletions are withheld',
      { content: 'content', wrapSource: failing('openFile', 'b', 'EIO') },
      { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed | unreadContent },
      ['source-unreadable', 'd/b', 'EIO'],
    ],
    [
      'a source file that vanished: it is left for the next run',
      { content: 'content', wrapSource: failing('openFile', 'b', 'ENOENT') },
      { rows: { a: 'create [new] s', z: 'delete [extraneous] r' }, marks: listed },
      ['source-changed', 'd/b', 'ENOENT'],
    ],
  ])('%s', async (_, around, expected, problem) => {
    const { problems, ...found } = await compare(around)
    expect(found).toMatchObject(expected)
    expect(problems.map(({ code, path, errno }) => [code, path, errno])).toEqual([problem])
  })

  it('a replica entry that vanished is created', async () => {
    const { rows, problems, marks } = await compare({ wrapReplica: without('b') })
    expect(rows).toEqual({ a: 'create [new] s', b: 'create [new] s', z: 'delete [extraneous] r' })
    expect([problems, marks]).toEqual([[], listed])
  })

  it('a replica-only entry that vanished is nothing', async () => {
    expect((await compare({ wrapReplica: without('z') })).rows).toEqual({ a: 'create [new] s', b: 'update [mtime] sr' })
  })

  it('a source directory that vanished is no hole', async () => {
    const wrapSource = (tree: Tree): Tree =>
      withOperations(tree, {
        list: () => {
          rmSync(join(temporary.path, 's/d'), { recursive: true })
          throw systemError('ENOENT')
        },
      })
    const { rows, marks } = await compare({ wrapSource })
    expect([rows, marks]).toEqual([{}, listed | vanished])
  })
})
