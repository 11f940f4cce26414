/** Any trees with all that they can have, in each setting; then again and again, with edits on both sides. */
import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { settings, useFolders } from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import { writeTree } from '../support/write-tree.js'
import { checkPairs, expectMirrored, reachOf, treesFor } from './fidelity.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))

describe.each(settings)(`all that a tree can have ($held, $concurrency; seed ${seed})`, setting => {
  const reach = reachOf(setting)
  const inline = setting.concurrency === 1

  it.each([
    ['any names', false],
    ['few names', true],
  ] as const)('is equal after one run, and the second plans nothing: %s', async (_, few) => {
    const places = { source: folders.path, replica: folders.path }
    const how = { seed, numRuns: inline ? 15 : 3 }
    await checkPairs(treesFor(reach, few), places, how, where => expectMirrored(where, setting, reach))
  })

  it('is edited on both sides, again and again', async () => {
    const { hardLinks = false, attributes = false } = reach.compared
    const fifos = reach.trees.fifos === true
    const [literal] = fc.sample(treesFor(reach, false), { seed, numRuns: 1 })
    writeTree(folders.source, literal ?? {})
    await expectMirrored(folders, setting, reach)
    for (let round = 0; round < (inline ? 4 : 1); round += 1) {
      const options = { count: 60, fifos, hardLinks, attributes }
      const edits = [
        ...randomEdits(folders.source, { ...options, seed: seed + round }),
        ...randomEdits(folders.replica, { ...options, seed: seed - round - 1 }),
      ]
      try {
        await expectMirrored(folders, setting, reach)
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}, after\n${edits.join('\n')}`, { cause: error })
      }
    }
  })
})
