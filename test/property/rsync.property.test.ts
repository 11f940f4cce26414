/**
 * Another program with the same task: what facsimile has mirrored leaves rsync nothing to do, with all its options, and the other
 * way round. On a tree with one of everything, and on any trees.
 */
import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { type Folders, mirror, settings, useFolders } from '../support/mirror.js'
import { removeTree } from '../support/remove-tree.js'
import { richTree } from '../support/rich-tree.js'
import { everythingByRsync, mirrorByRsync, rsyncDifferences, rsyncKnowsAll } from '../support/rsync.js'
import { writeTree } from '../support/write-tree.js'
import { checkPairs, expectMirrored, expectNothingPlanned, reachOf, treesFor } from './fidelity.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const inline = settings.filter(({ concurrency }) => concurrency === 1)
const native = inline.filter(({ held }) => held === 'libc')

/** To the nanosecond. */
const asked = [...everythingByRsync, '--modify-window=-1']

async function expectNothingForRsync({ source, replica }: Folders): Promise<void> {
  expect(await rsyncDifferences(source, replica, asked)).toEqual([])
}

describe.runIf(rsyncKnowsAll)('rsync and facsimile find nothing to do after each other', () => {
  it.each(native)('on a tree with one of everything ($held)', async setting => {
    writeTree(folders.source, richTree)
    await expectMirrored(folders, setting, reachOf(setting))
    await expectNothingForRsync(folders)
    const other = { ...folders, source: folders.source, replica: `${folders.path}/other` }
    await mirrorByRsync(other.source, other.replica)
    expectEqualTrees(other.source, other.replica, reachOf(setting).compared)
    await expectNothingPlanned(other, setting)
  })

  it.each(inline)('on any trees: rsync after facsimile ($held)', async setting => {
    const reach = reachOf(setting, 10_000)
    const places = { source: folders.path, replica: folders.path }
    await checkPairs(treesFor(reach, true), places, { seed, numRuns: 12 }, async where => {
      expect((await mirror(where, setting, { allowEmptySource: true })).report.exitCode).toBe(0)
      await expectNothingForRsync(where)
    })
  })

  it.each(inline)('on any trees: facsimile after rsync ($held)', async setting => {
    const reach = reachOf(setting, 10_000)
    const places = { source: folders.path, replica: folders.path }
    await checkPairs(treesFor(reach, true), places, { seed, numRuns: 12 }, async where => {
      // Anew: rsync fails where a directory is to become another name of a file, and lists are asked for.
      removeTree(where.replica)
      await mirrorByRsync(where.source, where.replica)
      await expectNothingPlanned(where, setting)
    })
  })
})
