import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompareSettings } from '../../src/model/compare-settings.js'
import { NodeMark } from '../../src/model/node-mark.js'
import type { Tree } from '../../src/tree/tree.js'
import { hostileNames } from '../../../../test/support/hostile-names.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { fifo, file, symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { ways, withOperations } from '../support/trees.js'
import { type Around, compareOnDisk, type Told } from './compare-on-disk.js'

const temporary = useTemporaryDirectory()

/** A tree that must not be listed. */
function neverListed(tree: Tree): Tree {
  return withOperations(tree, {
    list: () => {
      throw new Error('listed')
    },
  })
}

function isExcluded(path: string): boolean {
  return path.endsWith('x')
}

describe.each(ways)('by %s', way => {
  async function compare(source: TreeLiteral, replica: TreeLiteral, around: Around = {}): Promise<Told> {
    return await compareOnDisk(temporary.path, source, replica, { way, ...around })
  }

  it('says what differs, and only counts what does not', async () => {
    const source = {
      same: '1',
      dir: {},
      size: '12',
      mode: file('', { mode: 0o600 }),
      new: '',
      link: symlink('a'),
      kind: '',
    }
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
    const around = sides === 'source' ? { wrapReplica: neverListed } : { wrapSource: neverListed }
    const { rows, problems } = await compare(
      { d: { x: '' } },
      { d: { x: '' } },
      { path: 'd', sides, ...around },
    )
    expect([rows, problems]).toEqual([{ x: row }, []])
  })

  it('has a row for everything when somebody wants to see it', async () => {
    const literal = { a: '', l: symlink('x'), d: {} }
    const { rows, unchanged } = await compare(literal, literal, { wantAll: true })
    expect([rows, unchanged]).toEqual([{ a: 'none [] sr', l: 'none [] sr', d: 'none [] sr' }, 0])
  })

  it.each<[content: CompareSettings['content'], hashWith: string | undefined, rows: Record<string, string>]>([
    [
      'metadata',
      undefined,
      {
        later: 'metadata [mtime] sr',
        edited: 'update [content,mtime] sr',
        longer: 'update [size] sr',
        both: 'metadata [mode] sr',
      },
    ],
    [
      'content',
      undefined,
      {
        later: 'metadata [mtime] sr',
        edited: 'update [content,mtime] sr',
        longer: 'update [size] sr',
        other: 'update [content] sr',
        both: 'update [content,mode] sr',
      },
    ],
    [
      'content',
      'xxh64',
      {
        later: 'metadata [mtime] sr',
        edited: 'update [content,mtime] sr',
        longer: 'update [size] sr',
        other: 'update [content] sr',
        both: 'update [content,mode] sr',
      },
    ],
    [
      'ask',
      undefined,
      {
        same: 'none [] sr?',
        later: 'metadata [mtime] sr?',
        edited: 'metadata [mtime] sr?',
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
        edited: 'metadata [mtime] sr?',
        longer: 'update [size] sr?',
        other: 'none [] sr?',
        both: 'metadata [mode] sr?',
      },
    ],
  ])('compares by %s (%s)', async (content, hashWith, rows) => {
    const source = {
      same: 'a',
      later: file('a', { mtime: 1000n }),
      edited: file('a', { mtime: 1000n }),
      longer: 'ab',
      other: 'a',
      both: file('a', { mode: 0o600 }),
    }
    const replica = { same: 'a', later: 'a', edited: 'b', longer: 'a', other: 'b', both: 'b' }
    const found = await compare(source, replica, { content, hashWith })
    expect(found.rows).toEqual(rows)
  })

  it.each([false, true])('leaves out what is excluded, deleteExcluded: %s', async deleteExcluded => {
    const literal = { 'only-sx': '', bothx: { in: '' }, a: '' }
    const around = { isExcluded, deleteExcluded }
    const { rows, marks, unchanged } = await compare(
      literal,
      { bothx: { in: '' }, 'only-rx': '', a: '' },
      around,
    )
    const deleted = { bothx: 'delete [extraneous] r', 'only-rx': 'delete [extraneous] r' }
    expect([rows, unchanged]).toEqual([deleteExcluded ? deleted : {}, 1])
    expect(marks).toBe(deleteExcluded ? NodeMark.listed : NodeMark.listed | NodeMark.protects)
    const onlySource = await compare({ d: { 'only-sx': '' } }, { d: {} }, { ...around, path: 'd' })
    expect(onlySource).toMatchObject({ rows: {}, marks: NodeMark.listed })
  })

  it.runIf(process.platform !== 'win32')(
    'leaves alone what stands where a FIFO of the source would be that cannot be created',
    async () => {
      const { rows, residuals, unchanged } = await compare(
        { a: fifo(), b: fifo(), c: fifo(), d: fifo() },
        { a: fifo(), b: '', c: { in: '' } },
        { can: { specialFiles: 'unheld' } },
      )
      expect(residuals).toEqual([
        { attribute: 'special files', count: 4, example: expect.any(String) as string },
      ])
      // No row has a replica side, so nobody lists, replaces or deletes it.
      expect([rows, unchanged]).toEqual([
        { a: 'none [] s', b: 'none [] s', c: 'none [] s', d: 'none [] s' },
        0,
      ])
    },
  )

  it.each(['source', 'replica'] as const)('meets the root of the other tree: the %s', async which => {
    const identities = (): NonNullable<Around['identities']> => {
      const { dev, ino } = lstatSync(join(temporary.path, which === 'source' ? 'r/x' : 's/x'), {
        bigint: true,
      })
      return { [which]: `${dev}:${ino}` }
    }
    const literal = { x: {}, y: {} }
    expect((await compare(literal, literal)).marks).toBe(NodeMark.listed)
    const found = await compare(literal, literal, { identities: identities() })
    expect(found.marks).toBe(NodeMark.listed | NodeMark.otherRoot)
  })
})
