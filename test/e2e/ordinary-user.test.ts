/** What an ordinary user's run can hold, and what it says of the rest. Runs as nobody, in a process of its own. */
import { execFileSync } from 'node:child_process'
import { chmodSync, lchownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '@facsimile/core'
import { compareTrees } from '../support/compare-trees.js'
import { drive, type Driven, type PlainOptions } from '../support/drive.js'
import { isRoot } from '../support/entry-kind.js'
import { holding, type Setting, settings, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { ordinaryUser, runProcess } from '../support/run.js'
import { directory, file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const nobody = { uid: ordinaryUser, gid: ordinaryUser }
const user = isRoot ? ordinaryUser : undefined

/** A tree that nobody owns, in all its entries. */
function writeOwned(root: string, tree: TreeLiteral, attributes: { readonly mode?: number } = {}): void {
  writeTree(root, directory(tree, attributes))
  if (!isRoot) return
  const own = (path: string): void => {
    lchownSync(path, nobody.uid, nobody.gid)
    const entry = readTreeKind(path)
    if (entry === 'directory') for (const name of readdirSync(path)) own(join(path, name))
  }
  own(root)
}

const capability = '0x0100000200200000000000000000000000000000'

function setUserAttribute(path: string, value: string): void {
  execFileSync('setfattr', ['-n', 'user.a', '-v', value, path])
}

function userAttribute(path: string): string {
  return execFileSync('getfattr', ['-n', 'user.a', '--only-values', '--absolute-names', path], {
    encoding: 'utf8',
  })
}

function readTreeKind(path: string): string | undefined {
  try {
    readdirSync(path)
    return 'directory'
  } catch {
    return undefined
  }
}

async function run(setting: Setting, options: PlainOptions = {}): Promise<Driven> {
  const driven = await drive(folders, setting, options, user === undefined ? {} : { asUser: user })
  return driven
}

function residuals({ residuals: all }: Report): Record<string, number | undefined> {
  const counted = all.filter(({ count }) => count !== undefined)
  return Object.fromEntries(counted.map(({ attribute, count }) => [attribute, count]))
}

let canRun = false
beforeAll(async () => {
  // The library may be where nobody else may look.
  const probe = [
    '-e',
    `import(${JSON.stringify(new URL('../../packages/core/dist/index.js', import.meta.url).href)})`,
  ]
  canRun = (await runProcess(process.execPath, probe, user === undefined ? {} : { asUser: user })).code === 0
})

// A process for each run: one setting of each way, one of them with threads.
const some = settings.filter(({ held, concurrency }) => (held === holding) === concurrency > 1)

describe.each(some)('as an ordinary user ($held, $concurrency)', setting => {
  it('a tree of its own is held exactly, and the second run plans nothing', async context => {
    if (!canRun) return context.skip()
    writeOwned(folders.source, {
      a: file('a', { mode: 0o400 }),
      d: directory({ b: 'b', e: {} }, { mode: 0o500 }),
      l: symlink('a'),
      suid: file('x', { mode: 0o6755 }),
    })
    writeOwned(folders.replica, {
      old: directory({ x: 'x', sub: directory({ y: 'y' }, { mode: 0o555 }) }, { mode: 0o555 }),
      d: 'a file',
    })
    const { report } = await run(setting)
    expect(report.problems).toEqual([])
    expect(report.exitCode).toBe(0)
    expect(residuals(report)).toEqual({})
    expect(compareTrees(folders.source, folders.replica)).toEqual([])
    expect((await run(setting)).changes).toEqual([])
  })

  it('S15: 0555 directories in source and replica get and lose their content, the root too', async context => {
    if (!canRun) return context.skip()
    const shut = { mode: 0o555 }
    writeOwned(
      folders.source,
      {
        d: directory(
          {
            new: 'n',
            changed: 'new content',
            sub: directory({ deep: { er: 'x' } }, shut),
            kind: directory({ x: 'x' }, shut),
          },
          shut,
        ),
      },
      shut,
    )
    writeOwned(
      folders.replica,
      {
        d: directory(
          {
            changed: 'old',
            gone: 'g',
            kind: 'a file',
            full: directory({ x: 'x', y: directory({ z: 'z' }, shut) }, shut),
          },
          shut,
        ),
      },
      shut,
    )
    const { report } = await run(setting)
    expect(report.problems).toEqual([])
    expect(report.exitCode).toBe(0)
    expect(compareTrees(folders.source, folders.replica)).toEqual([])
    expect((await run(setting)).changes).toEqual([])
  })

  it('a directory of its own that it may not read is opened, and the next run does the rest', async context => {
    if (!canRun) return context.skip()
    writeOwned(folders.source, { d: { f: 'f' } })
    writeOwned(folders.replica, { d: { f: 'other' } })
    chmodSync(join(folders.replica, 'd'), 0)
    const { report } = await run(setting)
    expect([report.exitCode, report.problems.map(({ code, path }) => `${code} ${path}`)]).toEqual([
      23,
      ['replica-unreadable d'],
    ])
    expect((await run(setting)).report).toMatchObject({ exitCode: 0, problems: [] })
    expect(compareTrees(folders.source, folders.replica)).toEqual([])
  })

  it.skipIf(!isRoot)(
    'what the root of somebody else cannot be given is a residual (needs root)',
    async context => {
      if (!canRun) return context.skip()
      writeOwned(folders.source, { f: 'f' })
      writeTree(folders.replica, {})
      lchownSync(folders.replica, 0, 0)
      chmodSync(folders.replica, 0o777)
      const { report } = await run(setting)
      expect(residuals(report)).toMatchObject({ 'foreign directories': 1 })
      expect(report.exact).toBe(false)
    },
  )

  it('hard links are held, and what belongs to somebody else is made anew for them', async context => {
    if (!canRun) return context.skip()
    writeOwned(folders.source, { a: 'one', b: hardLink('a'), c: hardLink('a'), d: 'two', e: hardLink('d') })
    writeOwned(folders.replica, { a: 'one', d: 'two', e: hardLink('d') })
    // What a user cannot write to, the system does not link for him (fs.protected_hardlinks).
    if (isRoot) for (const name of ['a', 'd']) lchownSync(join(folders.replica, name), 0, 0)
    const { report, changes } = await run(setting)
    expect(changes).toEqual(isRoot ? ['update a', 'link b', 'link c'] : ['link b', 'link c'])
    expect(residuals(report)['hard links']).toBe(undefined)
    expect(compareTrees(folders.source, folders.replica, { hardLinks: true, owner: false })).toEqual([])
    expect((await run(setting)).changes).toEqual([])
  })

  it.skipIf(!isRoot)(
    'M05: foreign owners are one residual, counted, and are not asked for again (needs root)',
    async context => {
      if (!canRun) return context.skip()
      writeOwned(folders.source, { a: 'a', mine: 'm', d: { b: 'b' } })
      for (const name of ['a', 'd', 'd/b']) lchownSync(join(folders.source, name), 0, 0)
      writeOwned(folders.replica, {})
      const { report } = await run(setting)
      expect(report.exitCode).toBe(0)
      expect(residuals(report)).toEqual({ owner: 3, group: 3 })
      expect(report.exact).toBe(false)
      const owners = compareTrees(folders.source, folders.replica)
      expect(new Set(owners.map(({ attribute }) => attribute))).toEqual(new Set(['uid', 'gid']))
      const second = await run(setting)
      expect(second.changes).toEqual([])
      expect(residuals(second.report)).toEqual({ owner: 3, group: 3 })
      expect((await run(setting, { strict: true })).report.exitCode).toBe(23)
    },
  )

  it.skipIf(!isRoot)(
    'programs that run as their owner are not made to run as another (needs root)',
    async context => {
      if (!canRun) return context.skip()
      writeOwned(folders.source, {})
      writeTree(folders.source, { suid: file('x', { mode: 0o6755, uid: 0, gid: 0 }) })
      writeOwned(folders.replica, {})
      const { report } = await run(setting)
      expect(residuals(report)).toEqual({ owner: 1, group: 1, 'setuid and setgid': 1 })
      expect(readTree(folders.replica)['suid']).toMatchObject({ mode: '0755', uid: ordinaryUser })
      expect((await run(setting)).changes).toEqual([])
    },
  )

  it('an unreadable file is named, the rest is done, and nothing is deleted (23)', async context => {
    if (!canRun) return context.skip()
    writeOwned(folders.source, { secret: 's', a: 'a', d: { b: 'b' } })
    chmodSync(join(folders.source, 'secret'), 0)
    writeOwned(folders.replica, { old: 'o', secret: 'older' })
    const { report } = await run(setting)
    const unread = { code: 'source-unreadable', path: 'secret', errno: 'EACCES' }
    expect(report.problems.filter(({ code }) => code !== 'withheld')).toMatchObject([unread])
    expect(report.exitCode).toBe(23)
    const after = readTree(folders.replica)
    expect(Object.keys(after)).toEqual(['.', 'a', 'd', 'd/b', 'old', 'secret'])
    expect(after['secret']).toMatchObject({ content: 'older' })
  })

  it('D01: an unreadable directory is named, the rest is done, and nothing is deleted (23)', async context => {
    if (!canRun) return context.skip()
    writeOwned(folders.source, { shut: { x: 'x' }, a: 'a' })
    chmodSync(join(folders.source, 'shut'), 0o311)
    writeOwned(folders.replica, { old: 'o', shut: { y: 'y' } })
    const { report } = await run(setting)
    expect(report.exitCode).toBe(23)
    expect(report.problems[0]).toMatchObject({ code: 'source-unreadable', path: 'shut', errno: 'EACCES' })
    // Its mode was mirrored: whoever runs this test must be able to read it.
    chmodSync(join(folders.replica, 'shut'), 0o755)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'a', 'old', 'shut', 'shut/y'])
    chmodSync(join(folders.source, 'shut'), 0o755)
  })

  it.skipIf(!isRoot)(
    'E04: a replica entry of another user is made anew, or said to be foreign (needs root)',
    async context => {
      if (!canRun) return context.skip()
      writeOwned(folders.source, {
        f: file('same', { mode: 0o600 }),
        d: directory({ x: 'x' }, { mode: 0o711 }),
      })
      writeOwned(folders.replica, { f: 'same', d: directory({ x: 'x' }, { mode: 0o777 }) })
      for (const name of ['f', 'd']) lchownSync(join(folders.replica, name), 0, 0)
      const { report } = await run(setting)
      expect(report.exitCode).toBe(0)
      expect(residuals(report)).toMatchObject({ 'foreign directories': 1 })
      expect(readTree(folders.replica)['f']).toMatchObject({ mode: '0600', uid: ordinaryUser })
      expect(readTree(folders.replica)['d']).toMatchObject({ mode: '0777', uid: 0 })
      expect((await run(setting)).changes).toEqual([])
    },
  )

  it('a file that neither side may read is not taken for equal', async context => {
    if (!canRun) return context.skip()
    writeOwned(folders.source, { f: 'one content', a: 'a' })
    writeOwned(folders.replica, { f: 'two content', a: 'a' })
    for (const side of ['source', 'replica'] as const) chmodSync(join(folders[side], 'f'), 0)
    for (const how of [{}, { hasher: 'sha256' }, { ownHasher: true }]) {
      const { report } = await run(setting, { compare: 'content', ...how })
      expect(report.exitCode).toBe(23)
      expect(report.problems[0]).toMatchObject({ code: 'source-unreadable', path: 'f' })
    }
  })
})

describe.each(some.filter(({ held }) => held === 'libc'))(
  'attributes, as an ordinary user ($held)',
  setting => {
    it('attributes of what may not be written to are held, and repaired', async context => {
      if (!canRun) return context.skip()
      const names = ['f', 'd']
      writeOwned(folders.source, { f: 'f', d: { x: '' } })
      writeOwned(folders.replica, {})
      for (const name of names) setUserAttribute(join(folders.source, name), 'a')
      chmodSync(join(folders.source, 'f'), 0o444)
      chmodSync(join(folders.source, 'd'), 0o555)
      expect((await run(setting)).report).toMatchObject({ problems: [], residuals: [], exact: true })
      expect(names.map(name => userAttribute(join(folders.replica, name)))).toEqual(['a', 'a'])
      for (const [name, mode] of [
        ['f', 0o444],
        ['d', 0o555],
      ] as const) {
        chmodSync(join(folders.replica, name), 0o755)
        setUserAttribute(join(folders.replica, name), 'b')
        chmodSync(join(folders.replica, name), mode)
      }
      expect((await run(setting)).changes).toEqual(['metadata f', 'metadata d'])
      expect(names.map(name => userAttribute(join(folders.replica, name)))).toEqual(['a', 'a'])
      expect(compareTrees(folders.source, folders.replica)).toEqual([])
      expect((await run(setting)).changes).toEqual([])
    })

    it.skipIf(!isRoot)(
      'those that only root may set are one residual, counted (needs root)',
      async context => {
        if (!canRun) return context.skip()
        writeOwned(folders.source, { f: 'f', g: 'g' })
        writeOwned(folders.replica, {})
        execFileSync('setfattr', ['-n', 'security.capability', '-v', capability, join(folders.source, 'f')])
        const { report } = await run(setting)
        expect([report.exitCode, residuals(report), report.exact]).toEqual([
          0,
          { 'extended attributes': 1 },
          false,
        ])
        expect((await run(setting)).changes).toEqual([])
      },
    )
  },
)
