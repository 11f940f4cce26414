/**
 * Every change of kind in every direction: what the source holds at a name, against what the replica holds there.
 */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { kindNames, kindPairs, outside, treesOfPairs } from '../support/kinds.js'
import { landed } from '../support/landed.js'
import { describeEachSetting, mirror, settings, shownChange, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const isOfFifo = (path: string): boolean => /^[^/]* to fifo(\/|$)/.test(path)

describeEachSetting('D12: each kind becomes each other kind', setting => {
  it('all in one run, and the second plans nothing', async () => {
    const { source, replica } = treesOfPairs(kindPairs)
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    writeTree(join(folders.path, 'outside'), outside)
    const before = readTree(join(folders.path, 'outside'))
    const sourceBefore = readTree(folders.source)
    const { report, problems } = await mirror(folders, setting)
    expect(problems).toEqual([])
    expect(report.exitCode).toBe(0)
    const ignore = setting.held === 'libc' ? {} : { ignore: isOfFifo }
    expectEqualTrees(folders.source, folders.replica, { ...ignore, hardLinks: landed.hardLinks })
    expect(readTree(join(folders.path, 'outside'))).toEqual(before)
    expect(readTree(folders.source)).toEqual(sourceBefore)
    expect((await mirror(folders, setting)).changes).toEqual([])
  })
})

it.each(settings.filter(({ held }) => held !== 'libc'))(
  'what is a FIFO in the source is a residual by plain Node, and the replica keeps what it has ($held, $concurrency)',
  async setting => {
    const { source, replica } = treesOfPairs(kindPairs.filter(([, inSource]) => inSource === 'fifo'))
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const before = readTree(folders.replica)
    const { report, changes } = await mirror(folders, setting)
    expect(changes.map(shownChange)).toEqual([])
    expect(readTree(folders.replica)).toEqual(before)
    expect(report).toMatchObject({ exitCode: 0, exact: false })
    const special = report.residuals.find(({ attribute }) => attribute === 'special files')
    expect(special?.count).toBe(kindNames.length)
  },
)

const [inline] = settings

it.each(kindPairs.filter(([, inSource]) => inSource !== 'fifo' || inline?.held === 'libc'))(
  'T06: %s becomes %s, by itself',
  async (...pair) => {
    const { source, replica } = treesOfPairs([pair])
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    writeTree(join(folders.path, 'outside'), outside)
    if (inline === undefined) throw new Error('no setting')
    const { report, changes } = await mirror(folders, inline)
    expect(report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica, { hardLinks: landed.hardLinks })
    expect(changes.length > 0).toBe(pair[0] !== pair[1])
  },
)
