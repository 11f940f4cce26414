/**
 * What moves within the source while it is read, out of a directory that is not listed yet into one that was, is seen
 * nowhere: it stays in the replica until a run has seen where it went. Nothing else does.
 */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault, RaceStep } from '../support/faulty.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  sampled,
  type Setting,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { only } from '../support/old-or-new.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { directory, file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const old = { mtime: '2011-11-11T11:11:11Z' }
const tree: TreeLiteral = {
  here: file('something else', old),
  early: directory({ deep: directory({}, old) }, old),
  z: directory(
    {
      late: directory(
        {
          moving: directory({ a: file('aa', old), sub: directory({ b: file('bb', old) }, old) }, old),
          document: file('content', old),
          link: symlink('target', old),
        },
        old,
      ),
    },
    old,
  ),
}
const late = 'z/late'
const moving = [`${late}/moving`, `${late}/moving/a`, `${late}/moving/sub`, `${late}/moving/sub/b`]

const at = (path: string): string => join(folders.source, path)
const move = (from: string, to: string): RaceStep => ({ do: 'rename', from: at(from), to: at(to) })

/** Strikes before the last directory is listed, when those above it and beside them have been. */
function meanwhile(race: readonly RaceStep[]): Fault {
  return { side: 'source', call: 'list', path: late, times: 1, race }
}

async function mirrored(setting: Setting, more: TreeLiteral): Promise<Snapshot> {
  writeTree(folders.source, tree)
  await mirror(folders, setting)
  writeTree(folders.replica, more)
  return readTree(folders.replica)
}

type Case = readonly [what: string, race: () => readonly RaceStep[], kept: readonly string[]]
const cases: readonly Case[] = [
  ['a directory', () => [move(`${late}/moving`, 'moved')], moving],
  ['a file', () => [move(`${late}/document`, 'moved')], [`${late}/document`]],
  ['a link', () => [move(`${late}/link`, 'moved')], [`${late}/link`]],
  ['a directory, deeper', () => [move(`${late}/moving`, 'early/deep/moving')], moving],
  ['a file over another one', () => [move(`${late}/document`, 'here')], [`${late}/document`]],
  [
    'a directory into a new one',
    () => [{ do: 'mkdir', path: at('new') }, move(`${late}/moving`, 'new/moving')],
    moving,
  ],
  [
    'a directory in which something is changed then',
    () => [move(`${late}/moving`, 'moved'), { do: 'write', path: at('moved/more'), content: 'm' }],
    moving,
  ],
]

describeEachSetting('what moves while the source is read', setting => {
  // With threads it is open which of two directories of one depth is listed first.
  const certain = cases.filter(([what]) => setting.concurrency === 1 || what !== 'a directory, deeper')

  it.each(sampled(certain, setting))(
    'C10: (%s) stays until it is seen where it went (24), and the rest is deleted',
    async (_, race, kept) => {
      const before = await mirrored(setting, { extraneous: 'x', full: { extraneous: 'xx' } })
      const { report, problems, changes } = await mirror(folders, setting, {}, [meanwhile(race())])
      const after = readTree(folders.replica)
      expect(only(after, kept)).toEqual(only(before, kept))
      expect(Object.keys(after).filter(path => path.includes('extraneous'))).toEqual([])
      expect(problems.map(shownProblem)).toEqual([expect.stringMatching(`source-changed ${late}/`)])
      expect(problems[0]?.message).toContain('the source may have moved it while it was read')
      expect(changes.filter(({ withheld }) => withheld === 'moved in the source')).toHaveLength(kept.length)
      expect(report.exitCode).toBe(24)
      await expectMirrored()
    },
  )

  it('C10: what a dry run would delete it is shown to keep (24)', async () => {
    const before = await mirrored(setting, {})
    const race = [move(`${late}/moving`, 'moved')]
    const { report, changes } = await mirror(folders, setting, { dryRun: true }, [meanwhile(race)])
    expect(report).toMatchObject({ exitCode: 24, changes: { delete: { planned: 4, withheld: 4 } } })
    expect(changes.map(shownChange)).toContain(`delete ${late}/moving: moved in the source`)
    expect(readTree(folders.replica)).toEqual(before)
  })

  it('C10: what appears and could not be it withholds nothing', async () => {
    await mirrored(setting, { extraneous: 'x', full: directory({ extraneous: 'xx' }, old) })
    const race = [
      { do: 'write', path: at('as-large'), content: 'y' },
      { do: 'mkdir', path: at('another') },
    ] as const
    const { report, problems } = await mirror(folders, setting, {}, [meanwhile(race)])
    expect(problems).toEqual([])
    expect(report).toMatchObject({ exitCode: 0, changes: { delete: { done: 3, withheld: 0 } } })
    await expectMirrored()
  })

  it('C10: what is left out of the mirror is no place where anything could be', async () => {
    await mirrored(setting, {})
    const race = [move(`${late}/document`, 'excluded'), move(`${late}/moving`, 'filtered')]
    const { report } = await mirror(
      folders,
      setting,
      { exclude: ['excluded'], filter: ({ name }) => name !== 'filtered' },
      [meanwhile(race)],
    )
    expect(report).toMatchObject({ exitCode: 0, changes: { delete: { done: 5 } } })
  })

  it('C10: a directory that cannot be listed again proves nothing (23)', async () => {
    const before = await mirrored(setting, { z: { late: { extraneous: 'x' } } })
    const race = [{ do: 'write', path: at('appeared'), content: 'y' }] as const
    const again: Fault = { side: 'source', call: 'list', path: '', nth: 2, errno: 'EIO' }
    const { report, problems } = await mirror(folders, setting, {}, [meanwhile(race), again])
    expect(report).toMatchObject({ exitCode: 23, changes: { delete: { done: 0, withheld: 1 } } })
    expect(problems.map(shownProblem)).toContain('source-unreadable ')
    expect(only(readTree(folders.replica), [`${late}/extraneous`])).toEqual(
      only(before, [`${late}/extraneous`]),
    )
  })

  it('C10: a directory with a time that could hide a change is listed again', async () => {
    writeTree(folders.source, { ahead: directory({}, { mtime: '2099-09-09T09:09:09Z' }), file: 'f' })
    writeTree(folders.replica, { extraneous: 'xx' })
    const listed: Fault = { side: 'source', call: 'list', path: 'ahead' }
    const { report, faults } = await mirror(folders, setting, {}, [listed])
    expect(report).toMatchObject({ exitCode: 0, changes: { delete: { done: 1 } } })
    expect(faults.struck[0]).toBe(2)
  })

  it('looks again only where something is to be deleted', async () => {
    await mirrored(setting, {})
    const race = [{ do: 'write', path: at('appeared'), content: 'y' }] as const
    const listed: Fault = { side: 'source', call: 'list', path: '' }
    const { report, faults } = await mirror(folders, setting, {}, [meanwhile(race), listed])
    expect(report.exitCode).toBe(0)
    expect(faults.struck[1]).toBe(1)
  })

  async function expectMirrored(): Promise<void> {
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  }
})
