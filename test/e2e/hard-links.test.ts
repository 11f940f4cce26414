/** Files with several names: copied as separate files for now, which is said; in the replica they are undone. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, expectNothingLeft, mirror, useFolders } from '../support/mirror.js'
import { directory, file, hardLink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

describeEachSetting('hard links', setting => {
  it('in the source are a residual, and each name gets its content', async () => {
    writeTree(folders.source, { a: 'shared', b: hardLink('a'), d: { c: hardLink('a') } })
    const { report } = await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    expect(report.residuals.find(({ attribute }) => attribute === 'hard links')?.count).toBe(3)
    await expectNothingLeft(folders, setting)
  })

  it('in the replica alone are all deleted in one run', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, {
      same: '',
      a: 'shared',
      b: hardLink('a'),
      d: { c: hardLink('a'), e: hardLink('a') },
    })
    const { report, problems } = await mirror(folders, setting)
    expect(problems).toEqual([])
    expect(report).toMatchObject({ exitCode: 0, changes: { delete: { done: 5 } } })
    expectEqualTrees(folders.source, folders.replica)
  })

  it('in the replica, of names that change, are undone in one run, and no name changes with another', async () => {
    writeTree(folders.source, {
      a: 'new content',
      b: 'shared',
      c: file('shared', { mode: 0o600 }),
      d: directory({ e: 'other content' }),
      f: {},
    })
    writeTree(folders.replica, {
      a: 'shared',
      b: hardLink('a'),
      c: hardLink('a'),
      d: { e: hardLink('a'), gone: hardLink('a') },
      f: hardLink('a'),
    })
    const { report, problems } = await mirror(folders, setting)
    expect(problems).toEqual([])
    expect(report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    expect(['a', 'b', 'c', 'd/e'].map(name => statSync(join(folders.replica, name)).nlink)).toEqual([
      1, 1, 1, 1,
    ])
    await expectNothingLeft(folders, setting)
  })
})
