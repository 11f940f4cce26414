import { expect, it } from 'vitest'
import { expectEqualTrees } from '../../../test/support/compare-trees.js'
import { describeEachSetting, expectNothingLeft, mirror, useFolders } from '../../../test/support/mirror.js'
import { symlink } from '../../../test/support/tree-literal.js'
import { writeTree } from '../../../test/support/write-tree.js'

const folders = useFolders()

describeEachSetting('a first copy', setting => {
  it('holds every kind', async () => {
    writeTree(folders.source, {
      'a.txt': 'a', empty: '', docs: { 'b.txt': 'b', deeper: { c: 'c' } }, 'no entries': {},
      link: symlink('a.txt'), dangling: symlink('nowhere'), loop: symlink('loop'), 'to dir': symlink('docs'),
    })
    const { report, faults } = await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    expect(report.exitCode).toBe(0)
    expect(faults.calls[setting.concurrency === 1 ? 'inMain' : 'inThreads']).toBeGreaterThan(0)
    expect(faults.calls[setting.concurrency === 1 ? 'inThreads' : 'inMain']).toBe(0)
    await expectNothingLeft(folders, setting)
  })
})
