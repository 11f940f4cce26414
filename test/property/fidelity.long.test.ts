/** The same properties with many more trees, and on every pair of file systems. */
import { randomInt } from 'node:crypto'
import { describe, it } from 'vitest'
import { settings, useFolders } from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'
import { checkPairs, expectMirrored, reachOf, treesFor } from './fidelity.js'
import { fileSystemPairs } from './file-systems.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))

describe.each(settings)(`all that a tree can have ($held, $concurrency; seed ${seed})`, setting => {
  it.each([
    ['any names', false],
    ['few names', true],
  ] as const)('is equal after one run, and the second plans nothing: %s', async (_, few) => {
    const reach = reachOf(setting)
    const places = { source: folders.path, replica: folders.path }
    const how = { seed, numRuns: 1000, seconds: 120 }
    await checkPairs(treesFor(reach, few), places, how, where => expectMirrored(where, setting, reach))
  })
})

describe.each(fileSystemPairs)(`from $from to $to (seed ${seed})`, ({ source, replica, longest }) => {
  const places = { source: useFileSystem(source), replica: useFileSystem(replica) }

  it.each(settings.slice(0, 1))('all that a tree can have is equal ($held)', async setting => {
    const reach = reachOf(setting, longest)
    const at = { source: places.source.path, replica: places.replica.path }
    const how = { seed, numRuns: 100, seconds: 30 }
    await checkPairs(treesFor(reach, true), at, how, where => expectMirrored(where, setting, reach))
  })
})
