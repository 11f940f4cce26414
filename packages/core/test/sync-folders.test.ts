import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { checkFolders, planSync, SyncError, syncFolders, type SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../../../test/support/compare-trees.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  shownChange,
  useFolders,
} from '../../../test/support/mirror.js'
import { readTree } from '../../../test/support/read-tree.js'
import { directory, file, symlink, type TreeLiteral } from '../../../test/support/tree-literal.js'
import { writeTree } from '../../../test/support/write-tree.js'

const folders = useFolders()

const source: TreeLiteral = {
  'a.txt': 'a',
  'empty.txt': '',
  'large.bin': Buffer.alloc(3 << 20, 'large'),
  docs: { 'b.txt': file('b', { mode: 0o600 }), deeper: { c: 'c' } },
  'no entries': {},
  link: symlink('a.txt'),
  dangling: symlink('nowhere'),
  loop: symlink('loop'),
  'to a directory': symlink('docs'),
}
// What is old has another time than what is new: it is not taken for renamed.
const replica: TreeLiteral = {
  'a.txt': 'old content',
  old: directory({ file: 'old' }, { mtime: '2012-12-12T12:12:12Z' }),
  docs: { deeper: { c: 'c' } },
}

describeEachSetting('syncFolders', setting => {
  it('makes a replica that is not there yet, with every kind in it', async () => {
    writeTree(folders.source, source)
    const { report, faults } = await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    expect(report).toMatchObject({ exitCode: 0, held: { source: setting.held, replica: setting.held } })
    expect(report.changes.create).toEqual({ planned: 13, done: 13, failed: 0, skipped: 0, withheld: 0 })
    expect(report.bytes).toBe(1 + (3 << 20) + 1 + 1)
    const { inMain, inThreads } = faults.calls
    expect([inMain > 0, inThreads > 0]).toEqual(setting.concurrency === 1 ? [true, false] : [false, true])
    await expectNothingLeft(folders, setting)
  })

  it('makes another replica equal, and deletes what the source does not have', async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const { report } = await mirror(folders, setting, { renames: false })
    expectEqualTrees(folders.source, folders.replica)
    expect(report.changes.delete).toMatchObject({ planned: 2, done: 2 })
    expect(report.changes.update).toMatchObject({ planned: 1, done: 1 })
    await expectNothingLeft(folders, setting)
  })

  it('with delete: false keeps what the source does not have, and reports no failure', async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const kept = readTree(join(folders.replica, 'old'))
    const { report } = await mirror(folders, setting, { delete: false })
    expect(report.exitCode).toBe(0)
    expect(readTree(join(folders.replica, 'old'))).toEqual(kept)
    expectEqualTrees(folders.source, folders.replica, { ignore: path => path === 'old' })
    await expectNothingLeft(folders, setting, { delete: false })
  })

  it('with delete: false refuses to replace a directory that holds something (23), and does the rest', async () => {
    writeTree(folders.source, { a: 'now a file', b: 'b', c: 'now a file too' })
    writeTree(folders.replica, { a: { full: 'kept' }, c: {} })
    const { report, changes } = await mirror(folders, setting, { delete: false })
    expect(report.exitCode).toBe(23)
    expect(changes.map(shownChange)).toContain('replace a: deletions are switched off')
    expectEqualTrees(folders.source, folders.replica, { ignore: path => path === 'a' })
    expect(readTree(join(folders.replica, 'a'))['full']).toMatchObject({ content: 'kept' })
  })
})

function options(more: Partial<SyncOptions> = {}): SyncOptions {
  return {
    source: folders.source,
    replica: folders.replica,
    stateFolder: join(folders.path, 'state'),
    ...more,
  }
}

async function thrownBy(work: Promise<unknown>): Promise<SyncError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof SyncError) return thrown
  throw new Error(`expected a SyncError, found ${String(thrown)}`)
}

describe('syncFolders', () => {
  it('takes roots as they are named: relative, and a trailing slash means nothing', async () => {
    writeTree(folders.source, source)
    const here = relative(process.cwd(), folders.path)
    await syncFolders(options({ source: `${here}/source/`, replica: `./${here}/replica//` }))
    expectEqualTrees(folders.source, folders.replica)
  })

  it('O10: is not moved by options that change after the call', async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const exclude = ['docs']
    const given = { ...options(), exclude, delete: false }
    const run = syncFolders(given)
    Object.assign(given, { source: folders.replica, replica: folders.source, delete: true })
    exclude.push('**')
    await run
    expectEqualTrees(folders.source, folders.replica, { ignore: path => path === 'docs' || path === 'old' })
    expect(existsSync(join(folders.replica, 'old', 'file'))).toBe(true)
  })

  it('rejects with the report of a run that did not succeed, and returns it with reject: false', async () => {
    writeTree(folders.source, { a: 'now a file' })
    writeTree(folders.replica, { a: { full: 'kept' } })
    const error = await thrownBy(syncFolders(options({ delete: false })))
    expect(error).toMatchObject({ code: 'incomplete', exitCode: 23, report: { exitCode: 23 } })
    expect(await syncFolders(options({ delete: false, reject: false }))).toMatchObject({ exitCode: 23 })
  })

  it.each([
    ['an unknown option', { sauce: 'x' }, /"sauce" is not known/],
    ['options that contradict each other', { delete: false, maxDelete: 3 }, /"maxDelete".*"delete: false"/],
    ['a value of the wrong kind', { verify: 'yes' }, /"verify": expected true or false; found "yes"/],
  ])('rejects %s, even with reject: false, and touches nothing', async (_, wrong, message) => {
    writeTree(folders.source, source)
    const error = await thrownBy(syncFolders(options({ reject: false, ...wrong } as Partial<SyncOptions>)))
    expect(error).toMatchObject({ code: 'invalid-options', exitCode: 2, report: undefined })
    expect(error.message).toMatch(message)
    expect(existsSync(folders.replica)).toBe(false)
  })

  it('with dryRun plans what the run then does, and changes nothing', async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const before = readTree(folders.replica)
    const dry: string[] = []
    const done: string[] = []
    const report = await syncFolders(
      options({
        dryRun: true,
        on: { plan: ({ changes }) => void dry.push(...[...changes].map(shownChange)) },
      }),
    )
    expect(report).toMatchObject({ exitCode: 0, dryRun: true, changes: { create: { done: 0 } } })
    expect(readTree(folders.replica)).toEqual(before)
    await syncFolders(
      options({ concurrency: 1, on: { outcome: ({ change }) => void done.push(shownChange(change)) } }),
    )
    expect(done).toEqual(dry)
  })
})

describe('planSync', () => {
  it('tells what would be done, as data, and changes nothing', async () => {
    writeTree(folders.source, { a: 'a', d: { b: 'b' } })
    const plan = await planSync(options())
    expect([...plan.changes].map(shownChange)).toEqual(['create ', 'create a', 'create d', 'create d/b'])
    expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ totals: { changes: 4 }, refusals: [] })
    expect(existsSync(folders.replica)).toBe(false)
  })

  it('returns a plan that the guards refuse, with the refusal', async () => {
    writeTree(folders.source, {})
    writeTree(folders.replica, replica)
    const plan = await planSync(options())
    expect(plan.refusals).toMatchObject([{ code: 'empty-source', exitCode: 26 }])
    expect(plan.totals.deletions).toBe(6)
  })
})

describe('checkFolders', () => {
  it('ends with 28 for folders that differ, with 0 for equal ones, and changes neither', async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const before = readTree(folders.replica)
    expect(await checkFolders(options())).toMatchObject({ exitCode: 28, exact: false, dryRun: true })
    expect(readTree(folders.replica)).toEqual(before)
    await syncFolders(options())
    expect(await checkFolders(options({ compare: 'content' }))).toMatchObject({ exitCode: 0 })
  })
})
