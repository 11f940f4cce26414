/** Any trees with all that they can have, on the file systems that can hold all of it, and from one to another. */
import { canMake, fileSystems } from '../support/file-systems.js'
import { canMount } from '../support/mounts.js'
import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { settings } from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'
import { checkPairs, expectMirrored, reachOf, treesFor } from './fidelity.js'
import { somePairs } from './file-systems.js'

const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))

describe.each(somePairs)(`from $from to $to (seed ${seed})`, ({ source, replica, longest }) => {
  const places = { source: useFileSystem(source), replica: useFileSystem(replica) }

  it.each(settings.slice(0, 1))('F04: all that a tree can have is equal ($held)', async setting => {
    const reach = reachOf(setting, longest)
    const at = { source: places.source.path, replica: places.replica.path }
    await checkPairs(treesFor(reach, true), at, { seed, numRuns: 4 }, where =>
      expectMirrored(where, setting, reach),
    )
  })
})

it('are mounted where this machine can', () => {
  expect(fileSystems.some(canMake)).toBe(canMount)
})
