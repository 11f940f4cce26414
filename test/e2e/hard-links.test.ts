/** Names of one file in the source are names of one file in the replica, and others are not (faults T07, T08). */
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  type Mirrored,
  sampled,
  type Setting,
  settings,
  shownChange,
  useFolders,
} from '../support/mirror.js'
import { rsyncDifferences } from '../support/rsync.js'
import { directory, fifo, file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const inSource = (path: string): string => join(folders.source, path)
const inReplica = (path: string): string => join(folders.replica, path)
const inodeOf = (path: string): number => lstatSync(path).ino

/** One run, after which both are equal, links included, and the next has nothing to do. */
async function held(setting: Setting, options: Partial<SyncOptions> = {}): Promise<Mirrored> {
  const mirrored = await mirror(folders, setting, options)
  expect(mirrored.problems).toEqual([])
  expect(mirrored.report.exitCode).toBe(0)
  expect(mirrored.report.residuals.map(({ attribute }) => attribute)).not.toContain('hard links')
  expectEqualTrees(folders.source, folders.replica, { hardLinks: true })
  await expectNothingLeft(folders, setting, options)
  expect(await leftForRsync(setting)).toEqual([])
  return mirrored
}

/** A second judge, where there is one; asked once for each way. */
async function leftForRsync({ concurrency }: Setting): Promise<readonly string[]> {
  if (concurrency > 1) return []
  return (await rsyncDifferences(folders.source, folders.replica, ['-H'])) ?? []
}

const shown = ({ changes }: Mirrored): readonly string[] =>
  changes.map(
    change => `${shownChange(change)}${change.linkedTo === undefined ? '' : ` => ${change.linkedTo}`}`,
  )

const files = (count: number): TreeLiteral =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, '']))
const many = files(300)
/** A chunk, and the beginning of another. */
const some = files(60)

const groups: readonly (readonly [what: string, tree: TreeLiteral])[] = [
  ['in one directory', { a: 'one', b: hardLink('a'), c: hardLink('a'), other: 'one' }],
  ['in two directories', { d: { a: 'one' }, e: { b: hardLink('d/a') } }],
  [
    'below each other',
    { d: { a: 'one', e: { f: { b: hardLink('d/a') }, c: hardLink('d/a') } }, z: hardLink('d/a') },
  ],
  [
    'in large new directories',
    { d: { ...many, x: 'one' }, e: { ...many, x: hardLink('d/x') }, z: hardLink('d/x') },
  ],
  ['of which the first comes in another chunk', { ...many, a: 'one', e: { ...many, x: hardLink('a') } }],
  ['of which the last comes in another chunk', { a: 'one', ...some, z: hardLink('a') }],
  ['of links', { a: symlink('nowhere'), d: { b: hardLink('a') } }],
  ['of empty files', { a: '', b: hardLink('a') }],
  ['of two groups that cross', { a: 'a', b: 'b', d: { a: hardLink('b'), b: hardLink('a') } }],
]

describeEachSetting('hard links are held', setting => {
  it.each(sampled(groups, setting))('%s', async (_, tree) => {
    writeTree(folders.source, tree)
    const { report } = await held(setting)
    expect(report.changes.link.done).toBeGreaterThan(0)
    expect(report.changes.link.done).toBe(report.changes.link.planned)
  })

  it.each(sampled(groups, setting))(
    'T07: %s: and again when the replica has them as separate files',
    async (_, tree) => {
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      for (const path of readdirSync(folders.replica, { recursive: true, encoding: 'utf8' })) {
        const { nlink } = lstatSync(inReplica(path))
        const bytes =
          lstatSync(inReplica(path)).isFile() && nlink > 1 ? readFileSync(inReplica(path)) : undefined
        if (bytes === undefined) continue
        const { atime, mtime } = lstatSync(inReplica(path))
        rmSync(inReplica(path))
        writeFileSync(inReplica(path), bytes)
        utimesSync(inReplica(path), atime, mtime)
      }
      const { report } = await held(setting)
      expect(report.bytes).toBe(0)
    },
  )
})

const group = { a: file('one', { mode: 0o640 }), b: hardLink('a'), d: { c: hardLink('a') } }

type Edit = () => void
const edits: readonly (readonly [what: string, edit: Edit, changes: readonly string[], bytes: number])[] = [
  ['grows', () => linkSync(inSource('a'), inSource('d/e')), ['link d/e => a', 'metadata d'], 0],
  ['grows by an earlier name', () => linkSync(inSource('a'), inSource('0')), ['link 0 => a', 'metadata '], 0],
  ['shrinks', () => rmSync(inSource('b')), ['delete b', 'metadata '], 0],
  ['is left by a copy', () => copy('b'), ['update b', 'metadata '], 3],
  [
    'is renamed in part',
    () => renameSync(inSource('b'), inSource('z')),
    ['link z => a', 'delete b', 'metadata '],
    0,
  ],
  ['gets a mode', () => chmodSync(inSource('a'), 0o600), ['metadata a'], 0],
  [
    'gets a mode and a name',
    () => {
      chmodSync(inSource('a'), 0o600)
      linkSync(inSource('a'), inSource('0'))
    },
    ['link 0 => a', 'metadata a', 'metadata '],
    0,
  ],
  [
    'is written to',
    () => writeFileSync(inSource('b'), 'two more'),
    ['update a', 'link b => a', 'link d/c => a'],
    8,
  ],
  [
    'is deleted',
    () => ['a', 'b', 'd/c'].forEach(path => rmSync(inSource(path))),
    ['delete a', 'delete b', 'delete d/c', 'metadata d', 'metadata '],
    0,
  ],
]

/** An equal file that is a file of its own. */
function copy(path: string): void {
  const bytes = readFileSync(inSource(path))
  const { atime, mtime, mode } = lstatSync(inSource(path))
  rmSync(inSource(path))
  writeFileSync(inSource(path), bytes)
  chmodSync(inSource(path), mode)
  utimesSync(inSource(path), atime, mtime)
}

describeEachSetting('a group of hard links', setting => {
  it.each(sampled(edits, setting))('that %s', async (_, edit, changes, bytes) => {
    writeTree(folders.source, { ...group, stays: '' })
    await held(setting)
    const inode = inodeOf(inReplica('a'))
    edit()
    const mirrored = await held(setting)
    expect(shown(mirrored)).toEqual(changes)
    expect(mirrored.report.bytes).toBe(bytes)
    const stays = lstatSync(inReplica('a'), { throwIfNoEntry: false })?.ino === inode
    expect(stays).toBe(!changes.some(line => /^(?:update|delete) a$/.test(line)))
  })

  it('T07: that falls apart, and one that comes together', async () => {
    writeTree(folders.source, { ...group, x: 'x', y: 'x', z: { x: 'x' } })
    await held(setting)
    rmSync(folders.source, { recursive: true })
    writeTree(folders.source, {
      a: file('one', { mode: 0o640 }),
      b: file('one', { mode: 0o640 }),
      d: { c: file('one', { mode: 0o640 }) },
      x: 'x',
      y: hardLink('x'),
      z: { x: hardLink('x') },
    })
    const mirrored = await held(setting)
    expect(shown(mirrored)).toEqual(['update b', 'update d/c', 'link y => x', 'link z/x => x'])
    expect(mirrored.changes[0]?.reasons).toEqual(['links'])
    expect(mirrored.report).toMatchObject({ bytes: 6, unchanged: 5 })
  })

  it('takes the places of files, links, FIFOs, and directories, empty and full', async () => {
    const full = { sub: { x: 'x' }, y: 'y' }
    writeTree(folders.source, {
      a: 'one',
      ...Object.fromEntries('bcdefg'.split('').map(name => [name, hardLink('a')])),
    })
    writeTree(folders.replica, { a: full, b: symlink('x'), c: fifo(), d: {}, e: full, f: 'other', g: 'one' })
    const mirrored = await held(setting)
    expect(mirrored.report.bytes).toBe(0)
    expect(shown(mirrored).filter(line => !line.startsWith('delete'))).toEqual([
      'replace b => g',
      'replace c => g',
      'replace d => g',
      'link f => g',
      'replace e => g',
      'replace a => g',
    ])
  })

  it('takes the places of full directories alone, and is copied once', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `d${index}`)
    const [first = '', ...others] = names
    writeTree(folders.source, {
      [first]: 'one',
      ...Object.fromEntries(others.map(name => [name, hardLink(first)])),
    })
    writeTree(folders.replica, Object.fromEntries(names.map(name => [name, { x: 'x' }])))
    const { report } = await held(setting)
    expect(report.bytes).toBe(3)
    expect(report.changes.replace.done).toBe(130)
  })

  it('is what filters leave of it', async () => {
    writeTree(folders.source, { ...group, skip: { x: hardLink('a') } })
    writeTree(folders.replica, { skip: { y: 'protected' } })
    const options = { exclude: ['skip'] }
    expect(shown(await mirror(folders, setting, options))).toContain('link b => a')
    await expectNothingLeft(folders, setting, options)
    expect(lstatSync(inReplica('a')).nlink).toBe(3)
    expect(readdirSync(inReplica('skip'))).toEqual(['y'])
  })

  it('of the source that is no group inside of it is a file', async () => {
    writeTree(folders.path, { elsewhere: { a: 'one' } })
    mkdirSync(folders.source)
    linkSync(join(folders.path, 'elsewhere', 'a'), inSource('a'))
    expect(shown(await held(setting))).toEqual(['create ', 'create a'])
    expect(lstatSync(inReplica('a')).nlink).toBe(1)
  })
})

describeEachSetting('hard links that only the replica has', setting => {
  it('are parted where the files are equal, and where they change (T08)', async () => {
    writeTree(folders.source, {
      a: 'new content',
      b: 'shared',
      c: file('shared', { mode: 0o600 }),
      d: directory({ e: 'other content', f: 'shared' }),
      g: {},
    })
    writeTree(folders.replica, {
      a: 'shared',
      b: hardLink('a'),
      c: hardLink('a'),
      d: { e: hardLink('a'), f: hardLink('a'), gone: hardLink('a') },
      g: hardLink('a'),
    })
    await held(setting)
    const paths = ['a', 'b', 'c', 'd/e', 'd/f'].map(inReplica)
    expect(paths.map(path => lstatSync(path).nlink)).toEqual([1, 1, 1, 1, 1])
  })

  it('are all deleted in one run', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, {
      same: '',
      a: 'shared',
      b: hardLink('a'),
      d: { c: hardLink('a'), e: hardLink('a') },
    })
    const { report } = await held(setting)
    expect(report).toMatchObject({ exitCode: 0, changes: { delete: { done: 5 } } })
  })

  it('do not part a larger group from its file', async () => {
    writeTree(folders.source, { 0: 'one', a: 'one', b: hardLink('a'), c: hardLink('a') })
    writeTree(folders.replica, { 0: 'one', a: hardLink('0'), b: hardLink('0'), c: hardLink('0') })
    expect(shown(await held(setting))).toEqual(['update 0'])
  })
})

type Outside = readonly [what: string, source: TreeLiteral, changes: readonly string[]]
const old = file('one', { mode: 0o644, mtime: '2001-01-01T00:00:00Z' })
const outsides: readonly Outside[] = [
  ['content', { a: 'another', b: hardLink('a') }, ['update a', 'link b => a']],
  [
    'a mode',
    { a: file('one', { mode: 0o600, mtime: '2001-01-01T00:00:00Z' }), b: hardLink('a') },
    ['update a', 'link b => a'],
  ],
  [
    'a time',
    { a: file('one', { mtime: '2002-01-01T00:00:00Z' }), b: hardLink('a') },
    ['update a', 'link b => a'],
  ],
  ['nothing', { a: old, b: hardLink('a') }, []],
  ['a further name', { a: old, b: hardLink('a'), c: hardLink('a') }, ['link c => a']],
]

describeEachSetting('a file of the replica with a name outside of it', setting => {
  it.each(sampled(outsides, setting))(
    'T07, X03: is never written through: %s changes',
    async (_, source, changes) => {
      writeTree(folders.source, directory(source, { mtime: '2005-01-01T00:00:00Z' }))
      writeTree(folders.replica, directory({ a: old, b: hardLink('a') }, { mtime: '2005-01-01T00:00:00Z' }))
      const outside = join(folders.path, 'outside')
      linkSync(inReplica('a'), outside)
      const before = lstatSync(outside, { bigint: true })
      expect(shown(await held(setting))).toEqual(changes)
      const { ino, mode, mtimeNs, size } = lstatSync(outside, { bigint: true })
      expect([ino, mode, mtimeNs, size]).toEqual([before.ino, before.mode, before.mtimeNs, before.size])
      expect(readFileSync(outside, 'utf8')).toBe('one')
    },
  )
})

describeEachSetting('of hard links', setting => {
  it('a dry run shows all, and changes nothing', async () => {
    writeTree(folders.source, group)
    writeTree(folders.replica, {})
    const lines = shown(await mirror(folders, setting, { dryRun: true }))
    expect(lines).toEqual(['create a', 'link b => a', 'create d', 'link d/c => a'])
    expect(readdirSync(folders.replica)).toEqual([])
  })

  it.each([['a'], ['b'], ['d/c']])('a veto on %s leaves the others with their content', async vetoed => {
    writeTree(folders.source, group)
    const on = { change: ({ path }: { readonly path: string }) => path !== vetoed }
    const { report, problems } = await mirror(folders, setting, { on })
    expect(problems).toEqual([])
    expect(report.exact).toBe(false)
    const others = ['a', 'b', 'd/c'].filter(path => path !== vetoed)
    expect(others.map(path => readFileSync(inReplica(path), 'utf8'))).toEqual(['one', 'one'])
    // They are names of one file without it.
    expect(new Set(others.map(path => inodeOf(inReplica(path)))).size).toBe(1)
    await held(setting)
  })

  it('a veto on the first does not link the others to what it was', async () => {
    writeTree(folders.source, { a: 'two', b: hardLink('a'), ...many, z: hardLink('a') })
    writeTree(folders.replica, { a: 'one' })
    const on = { change: ({ path }: { readonly path: string }) => path !== 'a' }
    await mirror(folders, setting, { on, compare: 'content' })
    expect(['a', 'b', 'z'].map(path => readFileSync(inReplica(path), 'utf8'))).toEqual(['one', 'two', 'two'])
    await held(setting, { compare: 'content' })
  })

  it('what cannot be linked is copied, and is a residual', async () => {
    writeTree(folders.source, group)
    const planted = [{ side: 'replica', call: 'link', errno: 'EMLINK' }] as const
    const { report, problems } = await mirror(folders, setting, {}, planted)
    expect([report.exitCode, report.exact, problems, report.bytes]).toEqual([0, false, [], 9])
    const residual = report.residuals.find(({ attribute }) => attribute === 'hard links')
    expect(residual).toMatchObject({ count: 2, example: 'b' })
    expectEqualTrees(folders.source, folders.replica)
    await held(setting)
  })

  it('a first that fails does not fail the others', async () => {
    writeTree(folders.source, group)
    const planted = [{ side: 'source', call: 'openFile', path: 'a', errno: 'EIO' }] as const
    const { problems } = await mirror(folders, setting, {}, planted)
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual(['source-unreadable a'])
    expect(['b', 'd/c'].map(path => readFileSync(inReplica(path), 'utf8'))).toEqual(['one', 'one'])
    await held(setting)
  })

  it('a run that is stopped tears none, and the next goes on', async () => {
    writeTree(folders.source, { ...group, e: { ...many, x: hardLink('a') } })
    const stopper = new AbortController()
    const on = { outcome: () => stopper.abort() }
    const { report } = await mirror(folders, setting, { on, signal: stopper.signal })
    expect(report.exitCode).toBe(130)
    await held(setting)
  })
})

describeEachSetting('hard links that are not wanted', setting => {
  const options = { preserve: { hardLinks: false } }

  it('are copied, and those of the replica are left, but never written through', async () => {
    writeTree(folders.source, { ...group, x: 'x', y: 'x', z: file('x', { mode: 0o600 }) })
    writeTree(folders.replica, { x: 'x', y: hardLink('x'), z: hardLink('x') })
    const { report, problems } = await mirror(folders, setting, options)
    expect(problems).toEqual([])
    expect(report.residuals.map(({ attribute }) => attribute)).not.toContain('hard links')
    expectEqualTrees(folders.source, folders.replica)
    const links = ['a', 'b', 'd/c', 'x', 'y', 'z'].map(path => lstatSync(inReplica(path)).nlink)
    expect(links).toEqual([1, 1, 1, 2, 2, 1])
    await expectNothingLeft(folders, setting, options)
  })
})

describe('more names than the file system allows', () => {
  it.each(settings)(
    'T07: are cut in path order, and the next run cuts them so ($held, $concurrency)',
    async setting => {
      const names = Array.from({ length: 25 }, (_, index) => `f${String(index).padStart(2, '0')}`)
      writeTree(folders.source, {
        f00: 'one',
        ...Object.fromEntries(names.slice(1).map(name => [name, hardLink('f00')])),
      })
      const most = { maxLinks: 10 }
      const { report } = await mirror(folders, setting, {}, [], most)
      expect(report.residuals.find(({ attribute }) => attribute === 'hard links')).toMatchObject({
        count: 15,
        example: 'f10',
      })
      expect(report).toMatchObject({ exitCode: 0, exact: false, bytes: 9 })
      expect(names.map(name => lstatSync(inReplica(name)).nlink)).toEqual([
        ...Array(20).fill(10),
        ...Array(5).fill(5),
      ])
      expect((await mirror(folders, setting, {}, [], most)).changes).toEqual([])
      await held(setting)
    },
  )

  it.each(settings)('none at all: all are copied ($held, $concurrency)', async setting => {
    writeTree(folders.source, group)
    const none = { maxLinks: 1 }
    const { report } = await mirror(folders, setting, {}, [], none)
    expect(report.residuals.find(({ attribute }) => attribute === 'hard links')?.count).toBe(2)
    expect(['a', 'b', 'd/c'].map(path => lstatSync(inReplica(path)).nlink)).toEqual([1, 1, 1])
    expect((await mirror(folders, setting, {}, [], none)).changes).toEqual([])
  })
})
