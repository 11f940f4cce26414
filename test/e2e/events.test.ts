/** What a caller is told, in which order, what a veto does, and what becomes of a function that throws. */
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Progress, SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { compareTrees, expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, mirror, settings, shownChange, sampled, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { directory, file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const [first] = settings
if (first === undefined) throw new Error('no setting')

const many = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`file ${index}`, `content ${index}`]),
)
/** Like none of these: no rename. */
const others: TreeLiteral = Object.fromEntries(Object.keys(many).map(name => [name, `what ${name} was`]))
const source: TreeLiteral = {
  new: { ...many, deep: { er: many } },
  changed: 'new content',
  kind: 'was a directory',
  same: 'same',
}
const replica: TreeLiteral = {
  changed: 'old',
  kind: { full: 'x' },
  same: 'same',
  old: directory({ ...others, sub: others }, { mtime: '2012-12-12T12:12:12Z' }),
}

function write(): void {
  writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11Z' }))
  writeTree(folders.replica, directory(replica, { mtime: '2012-12-12T12:12:12Z' }))
}

function expectAscending(figures: readonly number[]): void {
  expect(figures).toEqual([...figures].sort((a, b) => a - b))
}

describeEachSetting('events', setting => {
  it('tell the plan first, ask before each change, and tell each outcome in the order of the plan', async () => {
    write()
    const told: string[] = []
    const settled: Outcome[] = []
    const asked = new Set<string>()
    const { changes, report } = await mirror(folders, setting, {
      on: {
        plan: () => void told.push('plan'),
        change: change => {
          expect(told[0]).toBe('plan')
          asked.add(shownChange(change))
        },
        outcome: async outcome => {
          await Promise.resolve()
          settled.push(outcome)
          // The root is not asked about when it is made.
          const { path } = outcome.change
          expect(path === '' || asked.has(shownChange(outcome.change))).toBe(true)
        },
      },
    })
    expect(settled.map(({ change }) => shownChange(change))).toEqual(changes.map(shownChange))
    expect(settled.filter(({ status }) => status !== 'done')).toEqual([])
    expect(settled.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(report.bytes)
    expect(changes).toHaveLength(30 * 4 + 9)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('tell progress that never goes back, with totals fixed after the scan and reached at the end', async () => {
    write()
    const progress: Progress[] = []
    const { report, changes } = await mirror(folders, setting, {
      on: { progress: told => void progress.push(told) },
    })
    const phases: readonly Progress['phase'][] = ['scan', 'copy', 'delete', 'finish']
    expectAscending(progress.map(({ phase }) => phases.indexOf(phase)))
    expectAscending(progress.map(({ bytes }) => bytes))
    // What was counted while scanning is not what is counted afterwards.
    expectAscending(progress.flatMap(({ phase, entries }) => (phase === 'scan' ? [entries] : [])))
    expectAscending(progress.flatMap(({ phase, entries }) => (phase === 'scan' ? [] : [entries])))
    const totals = progress.flatMap(({ phase, totalEntries, totalBytes }) =>
      phase === 'scan' ? [] : [`${totalEntries} ${totalBytes}`],
    )
    expect(new Set(totals)).toEqual(new Set([`${changes.length} ${report.bytes}`]))
    expect(progress.at(-1)).toMatchObject({ phase: 'finish', entries: changes.length, bytes: report.bytes })
  })
})

describe('progress', () => {
  it('does not go beyond its total when a file has grown since it was planned', async () => {
    writeTree(folders.source, { a: 'a', b: 'b' })
    const progress: Progress[] = []
    const { report } = await mirror(folders, first, {
      on: {
        plan: () => appendFileSync(join(folders.source, 'a'), 'and much more'),
        progress: told => void progress.push(told),
      },
    })
    expect(report.bytes).toBe(15)
    const beyond = progress.filter(({ bytes, totalBytes, phase }) => phase !== 'scan' && bytes > totalBytes)
    expect(beyond).toEqual([])
  })
})

describe('a veto', () => {
  it('leaves that change undone, and what lies below a directory that is not made', async () => {
    writeTree(folders.source, { a: 'a', d: { x: 'x', sub: { y: 'y' } }, c: 'new content' })
    writeTree(folders.replica, { c: 'old', gone: 'g', stays: 's' })
    const vetoed = ['d', 'c', 'stays']
    const statuses: Record<string, string> = {}
    const { report } = await mirror(folders, first, {
      on: {
        change: ({ path }) => !vetoed.includes(path),
        outcome: ({ change, status }) => void (statuses[change.path] = status),
      },
    })
    expect(statuses).toEqual({
      a: 'done',
      c: 'skipped',
      d: 'skipped',
      'd/sub': 'skipped',
      'd/sub/y': 'skipped',
      'd/x': 'skipped',
      gone: 'done',
      stays: 'skipped',
    })
    expect(report.exitCode).toBe(0)
    expect(compareTrees(folders.source, folders.replica).map(({ path }) => path)).toEqual(['c', 'd', 'stays'])
  })

  it('of the deletion of a directory keeps all that lies below it', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, { same: '', old: { file: 'f', sub: { deep: 'd' } } })
    const before = readTree(join(folders.replica, 'old'))
    await mirror(folders, first, { on: { change: ({ path }) => path !== 'old' } })
    expect(readTree(join(folders.replica, 'old'))).toEqual(before)
  })

  it('of the deletion of a file keeps the directories above it, which is no failure', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, { same: '', old: { file: 'f', sub: { deep: 'd' } } })
    const { report, problems } = await mirror(folders, first, {
      on: { change: ({ path }) => path !== 'old/sub/deep' },
    })
    expect(problems).toEqual([])
    expect(report.exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'old', 'old/sub', 'old/sub/deep', 'same'])
  })
})

const mine = new Error("the caller's own error")
const fail = (): never => {
  throw mine
}
type Thrower = readonly [what: string, options: Partial<SyncOptions>]
const throwers: readonly Thrower[] = [
  ['plan', { on: { plan: fail } }],
  ['change', { on: { change: ({ path }) => (path === 'new/file 7' ? fail() : true) } }],
  [
    'change, rejecting',
    { on: { change: async ({ path }) => (path === 'old/file 7' ? await Promise.reject(mine) : true) } },
  ],
  ['outcome', { on: { outcome: ({ change }) => (change.path === 'new/file 8' ? fail() : undefined) } }],
  ['outcome, rejecting', { on: { outcome: async () => await Promise.reject(mine) } }],
  ['progress', { on: { progress: fail } }],
  ['progress at the end', { on: { progress: ({ phase }) => (phase === 'finish' ? fail() : undefined) } }],
  ['filter', { filter: ({ name }) => (name === 'same' ? fail() : true) }],
  ['compare', { compare: fail }],
  ['compare, rejecting', { compare: async () => await Promise.reject(mine) }],
  ['hasher.create', { on: { outcome: () => undefined }, hasher: { name: 'mine', create: fail } }],
  [
    'update of a hasher',
    {
      on: { outcome: () => undefined },
      hasher: { name: 'mine', create: () => ({ update: fail, digest: () => '' }) },
    },
  ],
  [
    'digest of a hasher',
    {
      compare: 'content',
      hasher: {
        name: 'mine',
        create: () => ({ update: () => undefined, digest: async () => await Promise.reject(mine) }),
      },
    },
  ],
]

describeEachSetting('a function of the caller that throws', setting => {
  it.each(sampled(throwers, setting))(
    '%s: stops the run cleanly, and is what the run rejects with',
    async (_, options) => {
      write()
      const [ownTime, sourceTime] = [
        readTree(folders.replica)['.']?.mtimeNs,
        readTree(folders.source)['.']?.mtimeNs,
      ]
      await expect(mirror(folders, setting, { ...options, reject: true })).rejects.toBe(mine)
      expect([ownTime, sourceTime]).toContain(readTree(folders.replica)['.']?.mtimeNs)
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it('problem: stops the run cleanly, too', async () => {
    write()
    const planted = { side: 'source', call: 'openFile', path: 'changed', errno: 'EIO' } as const
    await expect(mirror(folders, setting, { on: { problem: fail } }, [planted])).rejects.toBe(mine)
    expect(existsSync(join(folders.replica, 'old'))).toBe(true)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

it('a file that is named in an outcome is there by then, whole', async () => {
  writeTree(folders.source, { a: file('content', { mode: 0o640 }) })
  let seen: unknown
  await mirror(folders, first, {
    on: { outcome: ({ change }) => void (change.path === 'a' && (seen = readTree(folders.replica)['a'])) },
  })
  expect(seen).toMatchObject({ content: 'content', mode: '0640' })
})
