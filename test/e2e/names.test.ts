/** Names are bytes: each legal one is mirrored, changed and deleted like any other. */
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { hostileNames } from '../support/hostile-names.js'
import { describeEachSetting, expectNothingLeft, mirror, useFolders } from '../support/mirror.js'
import { file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

function leavesOf(content: string): TreeLiteral {
  return {
    files: new Map(hostileNames.map(name => [name, file(`${content} ${name.length}`)])),
    links: new Map(hostileNames.map(name => [name, symlink(`../files/${content}/${name}`)])),
  }
}

function treeOf(content: string): TreeLiteral {
  const directories = new Map(hostileNames.map(name => [name, new Map([[name, new Map([[name, content]])]])]))
  return { ...leavesOf(content), directories }
}

describeEachSetting('hostile names', setting => {
  it('N01, N02, N03, N04, N05, N06, N07: are created, updated and deleted, each as itself', async () => {
    writeTree(folders.source, { ...treeOf('new'), same: '' })
    const created = await mirror(folders, setting)
    expect(created.changes).toHaveLength(5 + hostileNames.length * 5)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)

    writeTree(folders.source, leavesOf('newer'))
    const updated = await mirror(folders, setting)
    expect(updated.report.changes.update.done).toBe(hostileNames.length * 2)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })

  it('N02, N04, N05: in the replica alone are deleted, each counted', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, { ...treeOf('old'), same: '' })
    const { report } = await mirror(folders, setting, { maxDelete: '100%' })
    expect(report.changes.delete.done).toBe(3 + hostileNames.length * 5)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('N05: are matched by filters as they are: a pattern for one takes no other', async () => {
    const [first = '', second = ''] = ['[a-z]', 'a\nb']
    writeTree(
      folders.source,
      new Map([
        [first, 'x'],
        [second, 'x'],
        ['a', 'x'],
        ['m', 'x'],
      ]),
    )
    const { report } = await mirror(folders, setting, { exclude: ['\\[a-z\\]', 'a\nb'] })
    expect(report.changes.create.done).toBe(3)
    expectEqualTrees(folders.source, folders.replica, { ignore: path => path === first || path === second })
  })
})
