/**
 * Any source and any replica: one run makes them equal, and the next has nothing to do. Then, with random edits on
 * both sides between the runs. A counterexample is printed as a literal, with the seed to find it again.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { treeLiteral } from '../support/arbitrary-tree.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { withFewNames } from '../support/few-names.js'
import {
  describeEachWay,
  type Folders,
  mirror,
  type Setting,
  settings,
  useFolders,
} from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import { randomTree } from '../support/random-tree.js'
import { removeTree } from '../support/remove-tree.js'
import { type LiteralNode, rootOf, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const allowed = { allowEmptySource: true }

function numbered(run: number): Folders {
  const path = join(folders.path, String(run))
  return { path, source: join(path, 'source'), replica: join(path, 'replica') }
}

async function expectMirrored(where: Folders, setting: Setting): Promise<void> {
  const { report, problems } = await mirror(where, setting, allowed)
  expect(problems).toEqual([])
  expect(report.exitCode).toBe(0)
  expectEqualTrees(where.source, where.replica)
  const second = await mirror(where, setting, allowed)
  expect(second.changes).toEqual([])
}

async function checkTrees(
  tree: fc.Arbitrary<TreeLiteral | LiteralNode>,
  setting: Setting,
  numRuns: number,
): Promise<void> {
  let run = 0
  await fc.assert(
    fc.asyncProperty(tree, tree, async (source, replica) => {
      const where = numbered(run++)
      writeTree(where.source, source)
      writeTree(where.replica, replica)
      await expectMirrored(where, setting)
      removeTree(where.path)
    }),
    { seed, numRuns, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  )
}

describeEachWay(`any two trees (seed ${seed})`, setting => {
  it('are equal after one run, and the second plans nothing', async () => {
    await checkTrees(treeLiteral({ before1970: true }), setting, 60)
  })

  it('whose names meet are equal after one run, and the second plans nothing', async () => {
    const tree = treeLiteral({ maxDepth: 3, maxChildren: 4 })
    await checkTrees(
      tree.map(literal => withFewNames(rootOf(literal))),
      setting,
      100,
    )
  })
})

it.each(settings)(
  `edits on both sides are mirrored, again and again ($held, $concurrency; seed ${seed})`,
  async setting => {
    randomTree(folders.source, { seed, entries: 150 })
    await expectMirrored(folders, setting)
    for (let round = 0; round < (setting.concurrency === 1 ? 8 : 3); round += 1) {
      const edits = [
        ...randomEdits(folders.source, { seed: seed + round, count: 40 }),
        ...randomEdits(folders.replica, { seed: seed - round, count: 40 }),
      ]
      try {
        await expectMirrored(folders, setting)
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}, after\n${edits.join('\n')}`, { cause: error })
      }
    }
  },
)
