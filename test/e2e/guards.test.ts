/** What is refused before the first change, with both folders left exactly as they were. */
import { existsSync, lchownSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import {
  describeEachWay,
  type Folders,
  holding,
  mirror,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { directory, file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()
const source: TreeLiteral = { a: 'a', d: { b: 'b' } }
// Nothing of it is like what is new: no rename.
const past = { mtime: '2012-12-12T12:12:12Z' }
const replica: TreeLiteral = { a: 'old', old: directory({ x: 'xx', y: 'yy' }, past), more: 'mm' }

/** What a file system was found to hold is remembered there, refused or not. */
function withoutState(folder: string): Readonly<Record<string, unknown>> {
  const { '.': _, ...all } = readTree(folder)
  return Object.fromEntries(Object.entries(all).filter(([path]) => !/^state(?:\/|$)/.test(path)))
}

describeEachWay('guards on the roots', setting => {
  async function refused(
    given: Partial<Folders>,
    message: RegExp,
    options: Partial<SyncOptions> = {},
  ): Promise<void> {
    const before = withoutState(folders.path)
    const roots = { path: folders.path, source: folders.source, replica: folders.replica, ...given }
    const error = await mirror(roots, setting, { ...options, reject: true }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'root-refused', exitCode: 26, report: { exitCode: 26 } })
    expect(String(error)).toMatch(message)
    expect(withoutState(folders.path)).toEqual(before)
  }

  it('R01, R04: refuse a source that is not there, and one that is a file', async () => {
    writeTree(folders.replica, replica)
    await refused({}, /source ".*" does not exist/)
    writeTree(folders.path, { source: 'a file' })
    await refused({}, /source ".*" is not a folder/)
  })

  it('R04, R09: refuse a replica that is a file, or a link that leads nowhere, or whose parent is not there', async () => {
    writeTree(folders.source, source)
    writeTree(folders.path, { file: 'f' })
    await refused({ replica: join(folders.path, 'file') }, /replica ".*" is not a folder/)
    symlinkSync('nowhere', join(folders.path, 'link'))
    await refused({ replica: join(folders.path, 'link') }, /leads nowhere/)
    await refused({ replica: join(folders.path, 'no', 'where') }, /does not exist: make it first/)
  })

  it('R07: refuse one folder for both, by whatever name', async () => {
    writeTree(folders.source, source)
    symlinkSync('source', join(folders.path, 'alias'))
    await refused({ replica: folders.source }, /are the same folder/)
    await refused({ replica: join(folders.path, 'alias') }, /are the same folder/)
    await refused({ source: join(folders.path, 'alias'), replica: folders.source }, /are the same folder/)
    await refused({ replica: `${folders.path}/source/d/..` }, /are the same folder/)
  })

  it('follow `..` as the system does, also after a link', async () => {
    writeTree(folders.path, { far: { deep: {}, replica: { old: 'old' } }, replica: { precious: 'p' } })
    writeTree(folders.source, { a: 'a' })
    symlinkSync('far/deep', join(folders.path, 'link'))
    const roots = { path: folders.path, source: folders.source, replica: `${folders.path}/link/../replica` }
    expect((await mirror(roots, setting)).report.exitCode).toBe(0)
    expect(Object.keys(readTree(join(folders.path, 'far', 'replica')))).toEqual(['.', 'a'])
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'precious'])
  })

  it('R05, R06: refuse a replica inside the source, there or not yet, and a source inside the replica', async () => {
    writeTree(folders.source, { ...source, inner: { x: 'x' } })
    symlinkSync('source/d', join(folders.path, 'into'))
    await refused({ replica: join(folders.source, 'inner') }, /replica lies inside the source/)
    await refused({ replica: join(folders.source, 'd', 'new') }, /replica lies inside the source/)
    await refused({ replica: join(folders.path, 'into', 'new') }, /replica lies inside the source/)
    await refused({ replica: join(folders.path, 'into') }, /replica lies inside the source/)
    await refused(
      { source: join(folders.source, 'd'), replica: folders.source },
      /source lies inside the replica/,
    )
  })

  it.skipIf(!canMount)('R05, R07: see through bind mounts (needs mount)', async () => {
    writeTree(folders.source, { ...source, inner: {} })
    const alias = join(folders.path, 'alias')
    mkdirSync(alias)
    mounts.bind(folders.source, alias)
    await refused({ replica: alias }, /are the same folder/)
    await refused(
      { replica: join(alias, 'd') },
      /one of the two roots lies inside the other|inside the source/,
    )
    mkdirSync(folders.replica)
    mounts.bind(folders.replica, join(folders.source, 'inner'))
    writeTree(folders.replica, { old: 'x' })
    await refused({}, /lies inside the other/)
  })

  it('R02: refuse an empty source for a replica that holds something, unless that is meant', async () => {
    mkdirSync(folders.source)
    writeTree(folders.replica, replica)
    await refused({}, /the source has nothing in scope, and the replica has 5 entries/)
    const { report } = await mirror(folders, setting, { allowEmptySource: true })
    expect(report).toMatchObject({ exitCode: 0, changes: { delete: { done: 5 } } })
    expect(Object.keys(readTree(folders.replica))).toEqual(['.'])
  })

  it('take an empty source for an empty replica, and with delete: false', async () => {
    mkdirSync(folders.source)
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    writeTree(folders.replica, replica)
    expect((await mirror(folders, setting, { delete: false })).report.exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toHaveLength(6)
  })

  it.each(['source', 'replica'] as const)(
    'refuse a %s that is no longer the one that was planned for',
    async side => {
      writeTree(folders.source, source)
      writeTree(folders.replica, replica)
      const before = { source: readTree(folders.source), replica: readTree(folders.replica) }
      const swap = (): void => {
        renameSync(folders[side], `${folders[side]}.was`)
        writeTree(folders[side], { other: 'folder' })
      }
      const { report } = await mirror(folders, setting, { on: { plan: swap } })
      expect(report.exitCode).toBe(26)
      expect(readTree(`${folders[side]}.was`)).toEqual(before[side])
      expect(Object.keys(readTree(folders[side]))).toEqual(['.', 'other'])
    },
  )

  it('refuse a replica that is no longer the one that was read, though there is nothing to do', async () => {
    writeTree(folders.source, source)
    await mirror(folders, setting)
    const swap = (): void => {
      renameSync(folders.replica, `${folders.replica}.was`)
      writeTree(folders.replica, {})
    }
    const { report, changes } = await mirror(folders, setting, { on: { plan: swap } })
    expect(changes).toEqual([])
    expect(report.exitCode).toBe(26)
  })

  it('refuse a replica that another run made while the source was read', async () => {
    writeTree(folders.source, source)
    const { report } = await mirror(folders, setting, {
      on: { plan: () => writeTree(folders.replica, replica) },
    })
    expect(report.exitCode).toBe(27)
    expect(Object.keys(readTree(folders.replica))).toHaveLength(6)
  })
})

describe('the way to the replica', () => {
  const setting = { held: holding, concurrency: 1 } as const

  it.skipIf(!isRoot)(
    'R08: leads over links of root and of the user, and over no others (needs root)',
    async () => {
      writeTree(folders.source, source)
      writeTree(folders.path, { real: { r: replica }, victim: { r: { precious: 'p' } } })
      const link = join(folders.path, 'link')
      for (const [path, target] of [
        ['link', 'real'],
        ['link/r', 'real'],
        ['link/new', 'real'],
        ['second/r', 'real'],
        ['real/../link/r', 'real'],
      ] as const) {
        symlinkSync(target, link)
        symlinkSync('link', join(folders.path, 'second'))
        const roots = { path: folders.path, source: folders.source, replica: `${folders.path}/${path}` }
        lchownSync(link, 65_534, 65_534)
        const before = withoutState(folders.path)
        const { report } = await mirror(roots, setting)
        expect([path, report.exitCode]).toEqual([path, 26])
        expect(report.problems[0]?.message).toContain('which belongs to user 65534')
        expect(withoutState(folders.path)).toEqual(before)
        lchownSync(link, 0, 0)
        expect((await mirror(roots, setting, { dryRun: true })).report.exitCode).toBe(0)
        for (const each of ['link', 'second']) rmSync(join(folders.path, each))
      }
      symlinkSync('real', link)
      expect(
        (
          await mirror(
            { ...folders, path: folders.path, source: folders.source, replica: join(link, 'r') },
            setting,
          )
        ).report.exitCode,
      ).toBe(0)
      expectEqualTrees(folders.source, join(folders.path, 'real', 'r'))
    },
  )

  it('R10: does not end at the home of the user, or above it, by whatever name, unless that is allowed', async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, { home: { precious: 'p' } })
    symlinkSync('replica', join(folders.path, 'alias'))
    const before = withoutState(folders.path)
    const { HOME } = process.env
    process.env['HOME'] = join(folders.replica, 'home')
    try {
      for (const path of ['replica', 'alias', 'replica/home', 'alias/home']) {
        const roots = { path: folders.path, source: folders.source, replica: join(folders.path, path) }
        const { report } = await mirror(roots, setting)
        expect([path, report.exitCode]).toEqual([path, 26])
        expect(report.problems[0]?.message).toContain('--allow-system-replica')
      }
      expect(withoutState(folders.path)).toEqual(before)
      expect((await mirror(folders, setting, { allowSystemReplica: true })).report.exitCode).toBe(0)
    } finally {
      process.env['HOME'] = HOME
    }
    expectEqualTrees(folders.source, folders.replica)
  })
})

describe('D03: maxDelete', () => {
  const setting = { held: 'paths', concurrency: 1 } as const
  // To be deleted: old, old/x, old/y and more. In scope in the replica: those and a.
  it.each([0, 3, '0%', '79%', '79.9%'] as const)(
    'D03: refuses four deletions of five entries beyond %s (25)',
    async maxDelete => {
      writeTree(folders.source, source)
      writeTree(folders.replica, replica)
      const before = readTree(folders.replica)
      const error = await mirror(folders, setting, { maxDelete, reject: true }).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).toMatchObject({ code: 'too-many-deletions', exitCode: 25 })
      expect(String(error)).toMatch(/4 entries would be deleted/)
      expect(readTree(folders.replica)).toEqual(before)
    },
  )

  it.each([4, 5, '80%', '100%'] as const)(
    'allows four deletions of five entries with %s',
    async maxDelete => {
      writeTree(folders.source, source)
      writeTree(folders.replica, replica)
      await mirror(folders, setting, { maxDelete })
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it('D04: counts what is inside a directory that something else replaces', async () => {
    writeTree(folders.source, { old: 'a file now', a: 'a' })
    writeTree(folders.replica, { old: { x: 'x', y: { z: 'z' } }, a: 'a' })
    expect((await mirror(folders, setting, { maxDelete: 2 })).report.exitCode).toBe(25)
    expect((await mirror(folders, setting, { maxDelete: 3 })).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })
})

function many(count: number, name: (index: number) => string): TreeLiteral {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), '']))
}

describe('D03, D04, D11: without maxDelete', () => {
  const setting = { held: holding, concurrency: 1 } as const

  it('a source that lost a folder is refused (25), and the replica is left exactly as it was', async () => {
    writeTree(folders.source, {
      kept: many(100, index => `k${index}`),
      'lo\u001bst': many(102, index => `l${index}`),
    })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    const before = readTree(folders.replica)
    renameSync(join(folders.source, 'lo\u001bst'), join(folders.path, 'elsewhere'))
    for (const dryRun of [true, false]) {
      const error = await mirror(folders, setting, { dryRun, reject: true }).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).toMatchObject({ code: 'too-many-deletions', exitCode: 25 })
      expect(String(error)).toContain(
        'shrink from 204 entries to 101: 103 entries would be deleted and 0 created',
      )
      expect(String(error)).toContain('(the most: 103 entries and 0 bytes in "lo\\x1bst")')
      expect(String(error)).toContain('--max-delete')
    }
    expect(readTree(folders.replica)).toEqual(before)
    expect((await mirror(folders, setting, { maxDelete: '100%' })).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('a build whose hashed assets all have new names passes, and so does a folder with a new name', async () => {
    writeTree(folders.source, { 'index.html': '', assets: many(300, index => `a${index}.old.js`) })
    await mirror(folders, setting)
    renameSync(join(folders.source, 'assets'), join(folders.path, 'elsewhere'))
    writeTree(folders.source, { assets: many(200, index => `a${index}.new.js`) })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    renameSync(join(folders.source, 'assets'), join(folders.source, 'static'))
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('a hundred entries may go, and names of one file are entries like any other', async () => {
    writeTree(folders.source, { kept: 'k' })
    writeTree(folders.replica, { first: 'one file' })
    for (let index = 1; index < 100; index++)
      linkSync(join(folders.replica, 'first'), join(folders.replica, `n${index}`))
    linkSync(join(folders.replica, 'first'), join(folders.path, 'outside'))
    expect((await mirror(folders, setting, { dryRun: true })).report.exitCode).toBe(0)
    linkSync(join(folders.replica, 'first'), join(folders.replica, 'one-more'))
    // Created: kept.
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    writeTree(
      folders.replica,
      many(102, index => `x${index}`),
    )
    expect((await mirror(folders, setting)).report.exitCode).toBe(25)
  })

  it('what gives way to a file counts, and so does what deleteExcluded deletes; delete: false deletes nothing', async () => {
    writeTree(folders.source, { d: 'a file', a: 'a' })
    writeTree(folders.replica, { d: many(101, index => `f${index}`), a: 'a' })
    expect((await mirror(folders, setting, { delete: false })).report.exitCode).toBe(23)
    expect((await mirror(folders, setting)).report.exitCode).toBe(25)
    const exclude = ['d']
    expect((await mirror(folders, setting, { exclude })).report.exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toHaveLength(104)
    expect((await mirror(folders, setting, { exclude, deleteExcluded: true })).report.exitCode).toBe(25)
    const { report } = await mirror(folders, setting, { exclude, deleteExcluded: true, maxDelete: 102 })
    expect([report.exitCode, Object.keys(readTree(folders.replica))]).toEqual([0, ['.', 'a']])
  })
})

describeEachWay("files of the caller's own", setting => {
  it('R12: inside the replica are refused (26), also where it is not there yet, and through a link', async () => {
    writeTree(folders.source, source)
    const missing = await mirror(folders, setting, { ownFiles: [join(folders.replica, 'run.log')] })
    expect(missing.report.exitCode).toBe(26)
    expect(existsSync(folders.replica)).toBe(false)
    writeTree(folders.replica, { sub: { 'run.log': 'log' } })
    symlinkSync('replica/sub', join(folders.path, 'logs'))
    symlinkSync('replica/sub/run.log', join(folders.path, 'link.log'))
    const before = readTree(folders.replica)
    for (const own of ['replica/sub/run.log', 'replica/new.log', 'logs/run.log', 'link.log']) {
      const { report } = await mirror(folders, setting, { ownFiles: [join(folders.path, own)] })
      expect([own, report.exitCode]).toEqual([own, 26])
    }
    expect(readTree(folders.replica)).toEqual(before)
  })

  it('R11: inside the source are left out, which is said, and protected in the replica', async () => {
    writeTree(folders.source, { ...source, logs: { 'run.log': file('log'), 'other.log': 'x' } })
    writeTree(folders.replica, { logs: { 'run.log': 'of another run' } })
    const ownFiles = [join(folders.source, 'logs', 'run.log')]
    const { report, problems } = await mirror(folders, setting, { ownFiles })
    expect(problems.map(shownProblem)).toEqual(['notice logs/run.log'])
    expect(report.exitCode).toBe(0)
    expect(readTree(folders.replica)['logs/run.log']).toMatchObject({ content: 'of another run' })
    expectEqualTrees(folders.source, folders.replica, { ignore: path => path === 'logs/run.log' })
  })
})
