/**
 * Replicas on file systems that cannot hold all of a tree: what can be held is, the rest is said, and a second run plans
 * nothing, whatever the tree has.
 */
import { randomInt } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareTrees } from '../support/compare-trees.js'
import type { Difference } from '../support/differences.js'
import { canMake, type FileSystem, fileSystems } from '../support/file-systems.js'
import { canMount } from '../support/mounts.js'
import { landed } from '../support/landed.js'
import { type Folders, mirror, type Setting, settings, useFolders } from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'
import { checkPairs, expectNothingPlanned, reachOf, treesFor } from './fidelity.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const lesser = fileSystems.filter(
  each => canMake(each) && (each.keeps.names !== 'bytes' || each.keeps.times.precisionNs !== 1n),
)
const inline = settings.filter(({ concurrency }) => concurrency === 1)

describe.each(lesser)(`a replica on $name (seed ${seed})`, fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(inline)(
    'F01, M11: is as equal as it can be, and the second run plans nothing ($held)',
    async setting => {
      const { trees: any, compared } = reachOf(setting, 500)
      const possible = {
        ...any,
        specials: any.specials === true && (landed.ntfsDevices || fileSystem.name !== 'NTFS'),
        utf8Only: fileSystem.keeps.names !== 'bytes',
      }
      const reach = { trees: possible, compared }
      const trees = treesFor(reach, true, ['a', 'b', 'a!', 'c'])
      const places = { source: folders.path, replica: folders.path }
      await checkPairs(trees, places, { seed, numRuns: 6 }, async pair => {
        // What the replica holds at first is another tree, as far as it can be held there.
        const path = mkdtempSync(join(mounted.path, 'run-'))
        const [before, where] = [pair.replica, pair.source].map(source => ({
          path,
          source,
          replica: join(path, 'replica'),
        })) as [Folders, Folders]
        await expectHeld(before, setting, fileSystem)
        await expectHeld(where, setting, fileSystem)
      })
    },
  )
})

async function expectHeld(where: Folders, setting: Setting, { keeps }: FileSystem): Promise<void> {
  // Times that cannot be told apart there do not hide what differs.
  const { report, problems } = await mirror(where, setting, { allowEmptySource: true, compare: 'content' })
  expect(problems).toEqual([])
  expect(report.exitCode).toBe(0)
  // Where a kind cannot be held, the replica keeps what it has.
  const unheld: readonly Difference['attribute'][] = keeps.links ? [] : ['presence', 'kind']
  const found = compareTrees(where.source, where.replica, {
    times: false,
    mode: keeps.modes,
    owner: keeps.owners,
  })
  expect(found.filter(({ attribute }) => !unheld.includes(attribute))).toEqual([])
  await expectNothingPlanned(where, setting)
}

it('are mounted where this machine can', () => {
  expect(fileSystems.some(canMake)).toBe(canMount)
})
