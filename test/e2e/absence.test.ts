/**
 * Law L1, absence must be proven: what of the source could not be read withholds every deletion of the run; what
 * vanished is left for the next run; what fails in the replica withholds nothing.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { type Fault, type TreeCall, swapForLink } from '../support/faulty.js'
import {
  describeEachSetting,
  mirror,
  shownChange,
  shownProblem,
  sampled,
  useFolders,
} from '../support/mirror.js'
import { only } from '../support/old-or-new.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { directory, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const source: TreeLiteral = {
  changed: 'new content',
  equal: 'same',
  link: symlink('target'),
  sub: { file: 'f', deeper: { deepest: 'd' } },
  new: { n: 'n' },
  kind: 'was a directory',
}
const replica: TreeLiteral = {
  changed: 'old',
  equal: 'same',
  link: symlink('target'),
  sub: { file: 'older content', extraneous: 'x', deeper: { deepest: 'd', extraneous: 'x' } },
  // Of another time than what is new: no rename.
  old: directory({ a: 'a', sub: { b: 'b' } }, { mtime: '2012-12-12T12:12:12Z' }),
  kind: { full: 'x' },
}
/** What the replica has and the source has not. */
const extraneous = [
  'sub/extraneous',
  'sub/deeper/extraneous',
  'old',
  'old/a',
  'old/sub',
  'old/sub/b',
  'kind/full',
]

function write(): Snapshot {
  writeTree(folders.source, source)
  writeTree(folders.replica, replica)
  return readTree(folders.replica)
}

const byContent: Partial<SyncOptions> = { compare: 'content' }
type Unreadable = readonly [call: TreeCall, path: string, errno: string, options: Partial<SyncOptions>]
const unreadable: readonly Unreadable[] = [
  ['list', '', 'EIO', {}],
  ['list', 'sub', 'EIO', {}],
  ['list', 'sub/deeper', 'EACCES', {}],
  ['list', 'new', 'ENOMEM', {}],
  ['openDirectory', 'sub', 'EACCES', {}],
  ['openDirectory', 'sub/deeper', 'EMFILE', {}],
  ['openDirectory', 'new', 'ENFILE', {}],
  ['stat', 'changed', 'EIO', {}],
  ['stat', 'sub', 'EACCES', {}],
  ['stat', 'new/n', 'ESTALE', {}],
  ['readLink', 'link', 'EIO', {}],
  ['openFile', 'changed', 'EIO', {}],
  ['handle.stat', 'changed', 'EIO', {}],
  ['handle.read', 'changed', 'EIO', {}],
  ['handle.read', 'new/n', 'EUCLEAN', {}],
  ['openFile', 'equal', 'EIO', byContent],
  ['handle.read', 'equal', 'EIO', byContent],
  ['handle.read', 'equal', 'EIO', { ...byContent, hasher: 'sha256' }],
  ['list', 'sub', 'EIO', { exclude: ['old'], deleteExcluded: true }],
]

describeEachSetting('D01: a source that could not be wholly read', setting => {
  it.each(sampled(unreadable, setting))(
    'D01, S05: (%s of "%s", %s) deletes nothing at all, does the rest, and ends with 23',
    async (call, path, errno, options) => {
      const before = write()
      const planted: Fault = { side: 'source', call, path, errno }
      const { report, problems, changes } = await mirror(folders, setting, options, [planted])
      expect(report.exitCode).toBe(23)
      const unread = problems.filter(({ code }) => code === 'source-unreadable')
      // A directory that could not be listed may be one whose attributes cannot be read either.
      expect(new Set(unread.map(found => `${found.side} ${found.errno}`))).toEqual(
        new Set([`source ${errno}`]),
      )
      expect(unread.length).toBeLessThanOrEqual(2)
      const after = readTree(folders.replica)
      expect(only(after, extraneous)).toEqual(only(before, extraneous))
      expect(after['kind']).toMatchObject({ kind: 'directory' })
      expect(report.changes.delete).toMatchObject({ done: 0 })
      expect(report.changes.delete.withheld).toBe(report.changes.delete.planned)
      expect(changes.filter(({ action }) => action === 'replace')).toHaveLength(path === '' ? 0 : 1)
      const others = ['changed', 'new/n', 'sub/file'].filter(
        other => path !== '' && path !== other && !other.startsWith(`${path}/`),
      )
      expect(only(after, others)).toEqual(only(readTree(folders.source), others))
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it.each(['', 'sub', 'sub/deeper'])(
    'D02: "%s" whose list ends early without an error deletes nothing (23)',
    async path => {
      const before = write()
      const planted: Fault = { side: 'source', call: 'list', path, most: 0, times: 1 }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(report).toMatchObject({ exitCode: 23, changes: { delete: { done: 0 } } })
      expect(problems.map(({ code }) => code)).toContain('source-unreadable')
      expect(only(readTree(folders.replica), extraneous)).toEqual(only(before, extraneous))
    },
  )

  it('D02: a file that is removed and made again while its directory is listed is there, and withholds nothing (0)', async () => {
    write()
    const changed = join(folders.source, 'changed')
    const list = { side: 'source', call: 'list', path: '', times: 1 } as const
    const planted: readonly Fault[] = [
      { ...list, race: [{ do: 'remove', path: changed }] },
      { ...list, after: true, race: [{ do: 'write', path: changed, content: 'made again' }] },
    ]
    const { report, problems, changes, faults } = await mirror(folders, setting, {}, planted)
    expect(faults.struck).toEqual([1, 1])
    expect([report.exitCode, problems]).toEqual([0, []])
    expect(changes.map(shownChange)).toContain('update changed')
    expect(only(readTree(folders.replica), extraneous)).toEqual({})
    expect(only(readTree(folders.replica), ['changed'])).toEqual(only(readTree(folders.source), ['changed']))
  })

  it('D02: a file that comes and goes while its directory is listed keeps what the replica has (24)', async () => {
    write()
    const changed = join(folders.source, 'changed')
    const list = { side: 'source', call: 'list', path: '', times: 1 } as const
    const planted: readonly Fault[] = [
      { ...list, race: [{ do: 'remove', path: changed }] },
      { ...list, after: true, race: [{ do: 'write', path: changed, content: 'made again' }] },
      { ...list, nth: 2, after: true, race: [{ do: 'remove', path: changed }] },
    ]
    const { report } = await mirror(folders, setting, {}, planted)
    expect(report).toMatchObject({ exitCode: 24, changes: { delete: { withheld: 0 } } })
    expect(readTree(folders.replica)).toMatchObject({ changed: { kind: 'file' } })
    expect(only(readTree(folders.replica), extraneous)).toEqual({})
  })

  it('D02: a second list that fails proves nothing (23)', async () => {
    const before = write()
    const planted: Fault = { side: 'source', call: 'list', path: '', nth: 2, errno: 'EIO' }
    const { report } = await mirror(folders, setting, {}, [planted])
    expect(report).toMatchObject({ exitCode: 23, changes: { delete: { done: 0 } } })
    expect(only(readTree(folders.replica), extraneous)).toEqual(only(before, extraneous))
  })

  it('touches nothing below a directory that could not be listed', async () => {
    const before = write()
    await mirror(folders, setting, {}, [{ side: 'source', call: 'list', path: 'sub', errno: 'EIO' }])
    const after = readTree(folders.replica)
    const below = Object.keys(before).filter(path => path.startsWith('sub/'))
    expect(below.map(path => after[path])).toEqual(below.map(path => before[path]))
  })

  it('a directory that is said to be gone, and is there when its parent is asked, is a hole (23)', async () => {
    const before = write()
    const planted: Fault = { side: 'source', call: 'openDirectory', path: 'sub', errno: 'ENOENT' }
    const { report } = await mirror(folders, setting, {}, [planted])
    expect(report).toMatchObject({ exitCode: 23, changes: { delete: { done: 0 } } })
    expect(readTree(folders.replica)['old/a']).toEqual(before['old/a'])
  })

  it('C07, C09: a directory that became a file, or a link, before it was opened is a hole, and not followed (23)', async () => {
    const outside = join(folders.path, 'outside')
    writeTree(outside, { secret: 's' })
    const sub = join(folders.source, 'sub')
    for (const race of [
      swapForLink(sub, outside),
      [
        { do: 'remove', path: sub },
        { do: 'write', path: sub, content: 'a file now' },
      ],
    ] as const) {
      rmSync(folders.path, { recursive: true })
      writeTree(outside, { secret: 's' })
      const before = write()
      const planted: Fault = { side: 'source', call: 'openDirectory', path: 'sub', times: 1, race }
      const { report } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(23)
      const after = readTree(folders.replica)
      expect(only(after, extraneous)).toEqual(only(before, extraneous))
      expect(Object.keys(after).filter(path => path.includes('secret'))).toEqual([])
    }
  })
})

describeEachSetting('what vanished from the source', setting => {
  const vanishing: readonly (readonly [what: string, call: TreeCall, path: string, removed: string])[] = [
    ['a file, before it was looked at', 'stat', 'sub/file', 'sub/file'],
    ['a directory, before it was looked at', 'stat', 'sub', 'sub'],
    ['a directory, before it was opened', 'openDirectory', 'sub', 'sub'],
    ['a new directory, before it was opened', 'openDirectory', 'new', 'new'],
    ['a directory with the one above it', 'openDirectory', 'sub/deeper', 'sub'],
    ['a file, before it was copied', 'openFile', 'changed', 'changed'],
    ['a link, before it was read', 'readLink', 'link', 'link'],
  ]

  it.each(sampled(vanishing, setting))(
    'C01: (%s) is left for the next run (24), and deletions are done',
    async (_, call, path, removed) => {
      const before = write()
      const race = [{ do: 'remove', path: join(folders.source, removed) }] as const
      const planted: Fault = { side: 'source', call, path, times: 1, race }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(problems.filter(({ exitCode }) => exitCode !== 24)).toEqual([])
      expect(problems.length).toBeGreaterThan(0)
      expect(report.exitCode).toBe(24)
      const after = readTree(folders.replica)
      expect(after[removed]).toEqual(before[removed])
      expect(after['old']).toBeUndefined()
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it('C01: after the plan was made leaves only those entries (24)', async () => {
    write()
    const { report, problems } = await mirror(folders, setting, {
      on: { plan: () => rmSync(join(folders.source, 'new'), { recursive: true }) },
    })
    expect(report.exitCode).toBe(24)
    expect(new Set(problems.map(shownProblem))).toEqual(new Set(['source-changed new/n']))
    expect(readTree(folders.replica)['old']).toBeUndefined()
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

describeEachSetting('what fails in the replica', setting => {
  it.each([
    ['rename', 'changed', 'EMLINK'],
    ['rename', 'sub/file', 'EFBIG'],
    ['unlink', 'sub/extraneous', 'EFBIG'],
    ['removeDirectory', 'old/sub', 'ENOMEM'],
  ] as const)('(%s of %s, %s) withholds no deletion, and ends with 23', async (call, path, errno) => {
    write()
    const planted: Fault = { side: 'replica', call, path, errno }
    const { report, problems, changes } = await mirror(folders, setting, {}, [planted])
    expect(report.exitCode).toBe(23)
    expect(problems[0]).toMatchObject({ code: 'replica-failed', side: 'replica', path, errno })
    expect(changes.map(shownChange).filter(line => line.includes(': '))).toEqual([])
    const after = Object.keys(readTree(folders.replica))
    expect(after).not.toContain('old/a')
    expect(after).not.toContain('old/sub/b')
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })

  it.each(['EIO', 'ENOTCONN', 'ESHUTDOWN'])(
    'S08, S09: (%s) as a whole while it is read is told once, and ends the run (11)',
    async errno => {
      const before = write()
      const planted: Fault = { side: 'replica', call: 'list', errno }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(11)
      expect(report.problems).toHaveLength(1)
      expect(report.problems[0]?.message).toContain(errno)
      expect(problems).toEqual([])
      expect(readTree(folders.replica)).toEqual(before)
    },
  )

  it.each(['list', 'openDirectory', 'stat'] as const)(
    '(%s of a directory) leaves what is below it alone, does the rest, and ends with 23',
    async call => {
      const before = write()
      const planted: Fault = { side: 'replica', call, path: 'sub', errno: 'EACCES' }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(23)
      expect(problems.map(shownProblem)).toContain('replica-unreadable sub')
      const after = readTree(folders.replica)
      for (const path of ['sub/file', 'sub/extraneous']) expect(after[path]).toEqual(before[path])
      expect(after['old']).toBeUndefined()
      expect(after['new/n']).toMatchObject({ content: 'n' })
    },
  )
})
