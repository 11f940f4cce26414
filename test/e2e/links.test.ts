/** Symbolic links of the source that are left out, or followed: what they lead to is mirrored in their place. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../support/entry-kind.js'
import { compareTrees } from '../support/compare-trees.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { directory, fifo, file, hardLink, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const follow = { links: 'follow' } as const
const skip = { links: 'skip' } as const
const outside = (): string => join(folders.path, 'outside')

/** What the replica holds: the content of files, and the kind of all else. */
function held(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(readTree(folders.replica))
      .filter(([path]) => path !== '.')
      .map(([path, { kind }]) => [
        path,
        kind === 'file' ? readFileSync(join(folders.replica, path), 'utf8') : kind,
      ]),
  )
}

describeEachSetting('links are skipped', setting => {
  it('and what the replica has in their place is protected', async () => {
    writeTree(folders.source, { a: 'a', l: symlink('a'), m: symlink('d'), d: { n: symlink('x') } })
    writeTree(folders.replica, { m: { x: 'x' }, d: { n: 'n' }, old: symlink('a'), gone: 'gone' })
    const { report, changes } = await mirror(folders, setting, skip)
    expect(report.exitCode).toBe(0)
    expect(changes.map(shownChange)).not.toContain('create l')
    expect(held()).toEqual({ a: 'a', d: 'directory', 'd/n': 'n', m: 'directory', 'm/x': 'x', old: 'symlink' })
    await expectNothingLeft(folders, setting, skip)
  })

  it('and a directory that holds a link only the replica has stays', async () => {
    writeTree(folders.source, { a: 'a' })
    writeTree(folders.replica, { d: { l: symlink('x'), f: 'file' } })
    const { report } = await mirror(folders, setting, skip)
    expect(report.exitCode).toBe(23)
    expect(held()).toEqual({ a: 'a', d: 'directory', 'd/l': 'symlink' })
  })

  it('and deleted with `deleteExcluded`', async () => {
    writeTree(folders.source, { a: 'a', l: symlink('a') })
    writeTree(folders.replica, { l: symlink('a'), old: symlink('a') })
    await mirror(folders, setting, { ...skip, deleteExcluded: true })
    expect(held()).toEqual({ a: 'a' })
  })
})

describeEachSetting('links are followed', setting => {
  it('to files and directories, in the source and outside of it', async () => {
    writeTree(outside(), {
      f: file('out', { mode: 0o640, mtime: '2001-02-03T04:05:06Z' }),
      d: { x: 'x', e: { y: 'y' } },
    })
    writeTree(folders.source, {
      a: 'a',
      l: symlink('a'),
      d: { m: symlink('../a'), n: symlink(join(outside(), 'f')) },
      e: symlink('d'),
      o: symlink('../outside/d'),
      twice: symlink('l'),
    })
    const { report } = await mirror(folders, setting, follow)
    expect(report).toMatchObject({ exitCode: 0, problems: [] })
    expect(held()).toEqual({
      a: 'a',
      l: 'a',
      d: 'directory',
      'd/m': 'a',
      'd/n': 'out',
      e: 'directory',
      'e/m': 'a',
      'e/n': 'out',
      o: 'directory',
      'o/e': 'directory',
      'o/e/y': 'y',
      'o/x': 'x',
      twice: 'a',
    })
    const [there, here] = [join(outside(), 'f'), join(folders.replica, 'e/n')].map(path => statSync(path))
    expect(here).toMatchObject({ mode: there?.mode, mtimeMs: there?.mtimeMs, nlink: 1 })
    expect(compareTrees(join(outside(), 'd'), join(folders.replica, 'o'))).toEqual([])
    await expectNothingLeft(folders, setting, follow)
  })

  it('and what differs in the target is mirrored, and what is gone there is deleted', async () => {
    writeTree(outside(), { x: 'x', y: 'y' })
    writeTree(folders.source, { o: symlink('../outside') })
    await mirror(folders, setting, follow)
    writeFileSync(join(outside(), 'x'), 'other')
    rmSync(join(outside(), 'y'))
    const { changes } = await mirror(folders, setting, follow)
    expect(changes.map(shownChange)).toEqual(['update o/x', 'delete o/y', 'metadata o'])
    expect(held()).toEqual({ o: 'directory', 'o/x': 'other' })
  })

  it('and a link of the replica is replaced, never followed', async () => {
    writeTree(outside(), { victim: { x: 'mine' }, f: 'mine' })
    writeTree(folders.source, { d: symlink('real'), real: { x: 'x', y: 'y' }, f: symlink('real/x') })
    writeTree(folders.replica, { d: symlink('../outside/victim'), f: symlink('../outside/f') })
    const before = readTree(outside())
    expect((await mirror(folders, setting, follow)).report.exitCode).toBe(0)
    expect(readTree(outside())).toEqual(before)
    expect(held()).toMatchObject({ 'd/x': 'x', 'd/y': 'y', f: 'x' })
  })

  it('but not where they lead nowhere: that is told, the rest is done, and what the replica has there stays', async () => {
    writeTree(folders.source, {
      a: 'a',
      l: symlink('none'),
      m: symlink('a/x'),
      d: { n: symlink('/no/such') },
    })
    writeTree(folders.replica, { l: 'l', m: { x: 'x' }, d: { n: 'n', old: 'old' }, old: 'old' })
    const { report, problems } = await mirror(folders, setting, follow)
    expect(problems.map(shownProblem).sort()).toEqual(
      ['d/n', 'l', 'm'].map(path => `source-unreadable ${path}`),
    )
    expect(problems[0]?.message).toMatch(/is a symbolic link that leads nowhere/)
    expect(report.exitCode).toBe(23)
    expect(held()).toEqual({ a: 'a', d: 'directory', 'd/n': 'n', l: 'l', m: 'directory', 'm/x': 'x' })
  })

  it.each<[what: string, links: Record<string, string>, told: readonly string[]]>([
    ['one', { 'd/self': '.' }, ['d/self']],
    ['the root', { 'd/up': '..' }, ['d/up']],
    ['one above the root', { 'd/up': '../..' }, ['d/up/source']],
    ['two', { 'a/x': '../b', 'b/y': '../a' }, ['a/x/y', 'b/y/x']],
    [
      'many',
      { 'a/x': '../b', 'b/x': '../c', 'c/x': '../d', 'd/x': '../a' },
      ['a/x/x/x/x', 'b/x/x/x/x', 'c/x/x/x/x', 'd/x/x/x/x'],
    ],
    ['links alone', { l: 'm', m: 'n', n: 'l' }, ['l', 'm', 'n']],
    ['itself', { l: 'l' }, ['l']],
  ])(
    'a loop of %s is told once where it is, and what the replica has there stays',
    async (_what, links, told) => {
      writeTree(folders.source, { a: { f: 'a' }, b: { f: 'b' }, c: { f: 'c' }, d: { f: 'd' } })
      for (const [path, target] of Object.entries(links)) symlinkSync(target, join(folders.source, path))
      for (const path of told.filter(each => !each.includes('/'))) {
        mkdirSync(join(folders.replica, path), { recursive: true })
        writeFileSync(join(folders.replica, path, 'kept'), '')
      }
      const isLed = told.includes('d/up/source')
      // Above the root is the replica, too.
      const elsewhere = isLed ? { replica: `${folders.path}.replica` } : {}
      try {
        const { report, problems } = await mirror(folders, setting, { ...follow, ...elsewhere })
        expect(problems.map(shownProblem).sort()).toEqual(told.map(path => `source-unreadable ${path}`))
        expect(report.exitCode).toBe(23)
      } finally {
        if (elsewhere.replica !== undefined) rmSync(elsewhere.replica, { recursive: true, force: true })
      }
      if (isLed) return
      expect(held()).toMatchObject({ 'a/f': 'a', 'b/f': 'b', 'c/f': 'c', 'd/f': 'd' })
      for (const path of told.filter(each => !each.includes('/')))
        expect(held()).toHaveProperty(`${path}/kept`)
    },
  )

  it('but not into the replica, nor to what it lies in: the run is refused, and nothing was changed', async () => {
    writeTree(folders.replica, { d: { x: 'x' } })
    for (const target of ['../replica', '../replica/d', '..']) {
      rmSync(folders.source, { recursive: true, force: true })
      writeTree(folders.source, { a: 'a', l: symlink(target) })
      const { report } = await mirror(folders, setting, follow)
      expect([target, report.exitCode]).toEqual([target, 26])
      expect(held()).toEqual({ d: 'directory', 'd/x': 'x' })
    }
  })

  it('deeper than directories are held, and back', async () => {
    const deep = Array.from({ length: 30 }, () => 'd').join('/')
    writeTree(outside(), { x: 'x', y: { z: 'z' } })
    mkdirSync(join(folders.source, deep), { recursive: true })
    symlinkSync(outside(), join(folders.source, deep, 'l'))
    const below = Array.from({ length: 30 }, () => 'e').join('/')
    mkdirSync(join(outside(), below), { recursive: true })
    writeFileSync(join(outside(), below, 'f'), 'f')
    writeFileSync(join(folders.source, deep, 'm'), 'm')
    expect((await mirror(folders, setting, follow)).report.exitCode).toBe(0)
    expect(readFileSync(join(folders.replica, deep, 'l', below, 'f'), 'utf8')).toBe('f')
    expect(readFileSync(join(folders.replica, deep, 'l/y/z'), 'utf8')).toBe('z')
    expect(readFileSync(join(folders.replica, deep, 'm'), 'utf8')).toBe('m')
    await expectNothingLeft(folders, setting, follow)
  })

  it('and names of one file of several names are names of one file; those of one name are copied', async () => {
    writeTree(folders.source, {
      a: 'a',
      b: hardLink('a'),
      l: symlink('a'),
      d: { x: 'x', y: hardLink('d/x') },
      e: symlink('d'),
      one: '1',
      other: symlink('one'),
    })
    expect((await mirror(folders, setting, follow)).report.exitCode).toBe(0)
    const inode = (path: string): number => statSync(join(folders.replica, path)).ino
    expect(new Set(['a', 'b', 'l'].map(inode)).size).toBe(1)
    expect(new Set(['d/x', 'd/y', 'e/x', 'e/y'].map(inode)).size).toBe(1)
    expect(inode('one')).not.toBe(inode('other'))
    await expectNothingLeft(folders, setting, follow)
  })

  it('and never opened where they lead to a FIFO', async () => {
    writeTree(outside(), { p: fifo() })
    writeTree(folders.source, { l: symlink('../outside/p'), a: 'a' })
    const { report } = await mirror(folders, setting, { ...follow, compare: 'content' })
    expect(report.exitCode).toBe(0)
    expect(held()).toMatchObject({ a: 'a', ...(setting.held === 'libc' && isRoot ? { l: 'fifo' } : {}) })
  })

  it('and a link that is renamed renames the directory', async () => {
    writeTree(outside(), { x: 'x'.repeat(1000), y: 'y' })
    writeTree(folders.source, { l: symlink('../outside') })
    await mirror(folders, setting, follow)
    rmSync(join(folders.source, 'l'))
    symlinkSync('../outside', join(folders.source, 'm'))
    const { changes } = await mirror(folders, setting, follow)
    expect(changes.map(shownChange)).toContain('rename m')
    expect(held()).toEqual({ m: 'directory', 'm/x': 'x'.repeat(1000), 'm/y': 'y' })
  })

  it('and contents are compared, also where the caller hashes', async () => {
    writeTree(folders.source, {
      f: file('new', { mtime: '2001-02-03T04:05:06Z' }),
      d: { g: 'g' },
      l: symlink('f'),
      e: symlink('d'),
    })
    await mirror(folders, setting, follow)
    writeTree(folders.replica, { l: file('old', { mtime: '2001-02-03T04:05:06Z' }) })
    const { changes } = await mirror(folders, setting, { ...follow, compare: 'content', hasher: 'sha256' })
    expect(changes.map(shownChange).filter(line => !line.endsWith(' '))).toEqual(['update l'])
    expect(held()).toMatchObject({ l: 'new', 'e/g': 'g' })
  })

  it('races: a link that is led elsewhere after the plan has nothing copied into the other one', async () => {
    writeTree(outside(), {
      open: directory({ f: 'open' }, { mode: 0o755 }),
      private: directory({ f: 'secret' }, { mode: 0o700 }),
    })
    writeTree(folders.source, { d: symlink('../outside/open') })
    const link = join(folders.source, 'd')
    const { report } = await mirror(folders, setting, {
      ...follow,
      on: {
        plan: () => {
          rmSync(link)
          symlinkSync('../outside/private', link)
        },
      },
    })
    expect([0, 24]).toContain(report.exitCode)
    expect(JSON.stringify(held())).not.toContain('secret')
    expect((await mirror(folders, setting, follow)).report.exitCode).toBe(0)
    expect(held()['d/f']).toBe('secret')
    expect(statSync(join(folders.replica, 'd')).mode & 0o777).toBe(0o700)
  })

  it('races: a link swapped for another file when it is opened gives one file, whole, with its own attributes', async () => {
    writeTree(outside(), { a: file('a', { mode: 0o644 }), b: file('secret', { mode: 0o600 }) })
    writeTree(folders.source, { l: symlink('../outside/a') })
    const link = join(folders.source, 'l')
    await mirror(folders, setting, follow, [
      {
        side: 'source',
        call: 'openFile',
        path: 'l',
        times: 1,
        race: [
          { do: 'remove', path: link },
          { do: 'symlink', path: link, target: '../outside/b' },
        ],
      },
    ])
    const path = join(folders.replica, 'l')
    const content = readFileSync(path, 'utf8')
    expect(statSync(path).mode & 0o777).toBe(content === 'secret' ? 0o600 : 0o644)
  })

  it('races: a target that vanishes before it is opened is left for the next run', async () => {
    writeTree(outside(), { a: 'a', d: { x: 'x' } })
    writeTree(folders.source, { l: symlink('../outside/a'), m: symlink('../outside/d'), f: 'f' })
    writeTree(folders.replica, { old: 'o' })
    const { report, problems } = await mirror(folders, setting, follow, [
      {
        side: 'source',
        call: 'openDirectory',
        path: 'm',
        times: 1,
        race: [{ do: 'remove', path: join(outside(), 'd') }],
      },
      {
        side: 'source',
        call: 'openFile',
        path: 'l',
        times: 1,
        race: [{ do: 'remove', path: join(outside(), 'a') }],
      },
    ])
    expect(report.exitCode).toBe(23)
    expect(problems.map(shownProblem)).toContain('source-unreadable m')
    expect(readdirSync(folders.replica).sort()).toEqual(expect.arrayContaining(['f', 'old']))
  })
})

describe.skipIf(!canMount)('links are followed to other file systems (needs mount)', () => {
  describeEachSetting('links', setting => {
    it('but for directories with oneFileSystem, as rsync does', async () => {
      mkdirSync(outside())
      mounts.tmpfs(outside())
      writeTree(outside(), { f: 'f', d: { x: 'x' } })
      writeTree(folders.source, { f: symlink('../outside/f'), d: symlink('../outside/d') })
      writeTree(folders.replica, { d: { kept: 'kept' } })
      expect((await mirror(folders, setting, { ...follow, oneFileSystem: true })).report.exitCode).toBe(0)
      expect(held()).toEqual({ f: 'f', d: 'directory', 'd/kept': 'kept' })
      expect((await mirror(folders, setting, follow)).report.exitCode).toBe(0)
      expect(held()).toEqual({ f: 'f', d: 'directory', 'd/x': 'x' })
    })
  })
})
