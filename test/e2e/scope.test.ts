/** What belongs to the mirror: include and exclude patterns, the caller's filter, and what they protect. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  settings,
  shownChange,
  sampled,
  useFolders,
} from '../support/mirror.js'
import { only } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { directory, fifo, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const [first] = settings
if (first === undefined) throw new Error('no setting')

const tree: TreeLiteral = {
  'a.txt': 'a',
  'a.log': 'log',
  cache: { x: 'x', 'y.log': 'y' },
  src: { 'main.ts': 'm', cache: { z: 'z' }, deep: { er: { 'e.ts': 'e', 'e.log': 'l' } } },
  docs: directory({ 'a.md': 'a' }, { mode: 0o750, mtime: '2010-01-01T00:00:00Z' }),
  empty: {},
  link: symlink('src'),
}

type Case = readonly [what: string, options: Partial<SyncOptions>, held: readonly string[]]

const cases: readonly Case[] = [
  [
    'an exclude without a slash, at any depth',
    { exclude: ['*.log', 'cache'] },
    [
      'a.txt',
      'docs',
      'docs/a.md',
      'empty',
      'link',
      'src',
      'src/deep',
      'src/deep/er',
      'src/deep/er/e.ts',
      'src/main.ts',
    ],
  ],
  [
    'an exclude with a slash, from the root',
    { exclude: ['src/deep', './cache', 'docs/*', 'empty', 'link'] },
    ['a.log', 'a.txt', 'docs', 'src', 'src/cache', 'src/cache/z', 'src/main.ts'],
  ],
  [
    'an exclude of what lies in a directory, which stays itself',
    { exclude: ['docs/**', 'src/**', './cache/**', '*.log', 'link'] },
    ['a.txt', 'cache', 'docs', 'empty', 'src'],
  ],
  [
    'an exclude of directories only',
    { exclude: ['link/', 'src/', 'cache/', 'docs/', 'empty/'] },
    ['a.log', 'a.txt', 'link'],
  ],
  [
    'an include, with all below it and the directories above it',
    { include: ['src/deep'] },
    ['src', 'src/deep', 'src/deep/er', 'src/deep/er/e.log', 'src/deep/er/e.ts'],
  ],
  [
    'an include without a slash, at any depth',
    { include: ['*.md', '*.ts'] },
    ['docs', 'docs/a.md', 'src', 'src/deep', 'src/deep/er', 'src/deep/er/e.ts', 'src/main.ts'],
  ],
  [
    'includes and excludes together',
    { include: ['src', './a.*'], exclude: ['*.log', 'er'] },
    ['a.txt', 'src', 'src/cache', 'src/cache/z', 'src/deep', 'src/main.ts'],
  ],
  [
    'a filter, which refuses directories with all below them',
    {
      filter: ({ name, kind }) =>
        kind === 'directory' ? name !== 'cache' && name !== 'deep' : !name.endsWith('.log'),
    },
    ['a.txt', 'docs', 'docs/a.md', 'empty', 'link', 'src', 'src/main.ts'],
  ],
  [
    'a filter by size and kind',
    { filter: ({ kind, size }) => kind !== 'symlink' && (kind === 'directory' || size === 1) },
    [
      'a.txt',
      'cache',
      'cache/x',
      'cache/y.log',
      'docs',
      'docs/a.md',
      'empty',
      'src',
      'src/cache',
      'src/cache/z',
      'src/deep',
      'src/deep/er',
      'src/deep/er/e.log',
      'src/deep/er/e.ts',
      'src/main.ts',
    ],
  ],
]

function pathsIn(root: string): readonly string[] {
  return Object.keys(readTree(root))
    .filter(path => path !== '.')
    .sort()
}

describeEachSetting('scope', setting => {
  it.each(sampled(cases, setting))('%s', async (_, options, held) => {
    writeTree(folders.source, tree)
    const { report } = await mirror(folders, setting, options)
    expect(report.exitCode).toBe(0)
    expect(pathsIn(folders.replica)).toEqual([...held].sort())
    expectEqualTrees(folders.source, folders.replica, {
      ignore: path => !held.includes(path) && existsSync(join(folders.source, path)),
    })
    await expectNothingLeft(folders, setting, options)
  })

  it.each(sampled(cases, setting))(
    'in a replica that holds other things, %s: what is left out is protected',
    async (_, options, held) => {
      writeTree(folders.source, { ...tree, 'only here.ts': 'x' })
      writeTree(folders.replica, {
        'a.txt': 'other content',
        'a.log': 'protected?',
        cache: { own: 'own' },
        src: { 'old.ts': 'old', cache: { own: 'own' } },
      })
      const before = readTree(folders.replica)
      await mirror(folders, setting, options)
      const after = readTree(folders.replica)
      const leftOut = Object.keys(tree).filter(path => !held.includes(path) && path in before)
      expect(only(after, leftOut)).toEqual(only(before, leftOut))
      expect(only(after, held)).toEqual(only(readTree(folders.source), held))
      await expectNothingLeft(folders, setting, options)
    },
  )
})

describe('what filters protect', () => {
  it('D11, O07: stays, and so does each directory above it, which is said (23)', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, {
      same: '',
      old: { gone: 'g', sub: { gone: 'g' }, in: { 'k.log': '' } },
      older: { 'keep.log': 'l' },
    })
    const { report, changes } = await mirror(folders, first, { exclude: ['*.log'] })
    expect(changes.map(shownChange)).toEqual([
      'delete old/gone',
      'delete old/sub/gone',
      'delete older: holds protected entries',
      'delete old/sub',
      'delete old/in: holds protected entries',
      'delete old: holds protected entries',
    ])
    expect(report).toMatchObject({ exitCode: 23, changes: { delete: { planned: 6, done: 3, withheld: 3 } } })
    expect(pathsIn(folders.replica)).toEqual([
      'old',
      'old/in',
      'old/in/k.log',
      'older',
      'older/keep.log',
      'same',
    ])
  })

  it('is not destroyed by a replacement of the directory that holds it', async () => {
    writeTree(folders.source, { d: 'a file now', other: 'done' })
    writeTree(folders.replica, { d: { 'keep.log': 'l' } })
    const { report, changes } = await mirror(folders, first, { exclude: ['*.log'] })
    expect(changes.map(shownChange)).toContain('replace d: holds protected entries')
    expect(report.exitCode).toBe(23)
    expect(pathsIn(folders.replica)).toEqual(['d', 'd/keep.log', 'other'])
  })

  it('D11, O07: is deleted with deleteExcluded, equal or not, and the rest is as without', async () => {
    writeTree(folders.source, tree)
    await mirror(folders, first)
    writeTree(folders.replica, { src: { 'own.log': 'own' } })
    const options = { exclude: ['*.log', 'cache'], deleteExcluded: true }
    const { report } = await mirror(folders, first, options)
    expect(report.exitCode).toBe(0)
    expect(pathsIn(folders.replica)).toEqual(cases[0]?.[2].toSorted())
    await expectNothingLeft(folders, first, options)
  })

  it('is deleted with deleteExcluded when the filter refuses it', async () => {
    writeTree(folders.source, tree)
    await mirror(folders, first)
    const options: Partial<SyncOptions> = { filter: ({ name }) => name !== 'src', deleteExcluded: true }
    await mirror(folders, first, options)
    expect(pathsIn(folders.replica)).not.toContain('src')
    expect(pathsIn(folders.replica)).toContain('docs/a.md')
    await expectNothingLeft(folders, first, options)
  })
})

describe('what is out of scope', () => {
  it('in the replica alone is never deleted, nor is a directory that is not matched itself', async () => {
    writeTree(folders.source, { src: { a: 'a' } })
    writeTree(folders.replica, {
      src: { a: 'a', old: 'x' },
      other: { src: { deep: 'x' }, keep: 'k' },
      file: 'f',
    })
    const { report } = await mirror(folders, first, { include: ['./src', 'other/src'] })
    expect(pathsIn(folders.replica)).toEqual(['file', 'other', 'other/keep', 'src', 'src/a'])
    expect(report.exitCode).toBe(0)
  })

  it('leaves no residual', async () => {
    writeTree(folders.source, { src: { a: 'a' }, pipe: fifo() })
    const included = await mirror(folders, first, { include: ['src'] })
    const filtered = await mirror(folders, first, { filter: ({ kind }) => kind !== 'fifo' })
    const excluded = await mirror(folders, first, { exclude: ['pipe'] })
    for (const { report } of [included, filtered, excluded]) {
      expect(report.residuals.map(({ attribute }) => attribute)).not.toContain('special files')
    }
  })

  it('asks the filter once for each path, with the entry of the source if there is one', async () => {
    writeTree(folders.source, { a: 'aaa', d: { b: 'b' } })
    writeTree(folders.replica, { a: 'x', c: 'only here', d: {} })
    const asked: string[] = []
    await mirror(folders, first, {
      filter: ({ path, size, kind }) => asked.push(`${path} ${kind === 'file' ? size : kind}`) > 0,
    })
    expect(asked.sort()).toEqual(['a 3', 'c 9', 'd directory', 'd/b 1'])
  })

  it('an include that matches nothing is an empty source, and refused as one', async () => {
    writeTree(folders.source, tree)
    writeTree(folders.replica, { src: { old: 'x' } })
    const refused = await mirror(folders, first, { include: ['nothing here', 'src/old'] })
    expect(refused.report.exitCode).toBe(26)
    expect(pathsIn(folders.replica)).toEqual(['src', 'src/old'])
  })
})
