/** A source that is edited at random, in bursts, while it is watched: once it is quiet the replica is equal, without all being compared again. */
import { randomInt } from 'node:crypto'
import * as path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { it } from 'vitest'
import { compareTrees, exactly } from '../support/compare-trees.js'
import { showDifferences } from '../support/differences.js'
import { isRoot } from '../support/entry-kind.js'
import { Random } from '../support/random.js'
import { randomEdits } from '../support/random-edits.js'
import { randomTree } from '../support/random-tree.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { Watching } from '../support/watching.js'

const temporary = useTemporaryDirectory()
const rounds = Number(process.env['FACSIMILE_TEST_ROUNDS'] ?? 2)
const first = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const settleMs = 10_000

it.each([false, true])(
  'whatever happens to a watched source is in the replica (hard links: %j)',
  async hardLinks => {
    for (let seed = first; seed < first + rounds; seed++) {
      const at = (name: string): string => path.join(temporary.path, `${seed}`, name)
      await using watching = await watchRandomTree(seed, at)
      const random = new Random(seed)
      const log: string[] = []
      for (let burst = 0; burst < 20; burst++) {
        const count = 1 + random.below(20)
        const kinds = isRoot
          ? {}
          : { kinds: ['create', 'remove', 'replace', 'rename', 'touch', 'rewrite'] as const }
        log.push(...randomEdits(at('source'), { seed: random.below(2 ** 30), count, hardLinks, ...kinds }))
        for (let turns = random.below(40); turns > 0; turns--) await nextTurn()
        if (random.chance(0.3)) await watching.until(() => watching.reports.length > 1)
      }
      const failed = setTimeout(() => {
        void watching[Symbol.asyncDispose]()
      }, settleMs)
      await watching
        .until(() => compareTrees(at('source'), at('replica'), exactly).length === 0)
        .catch(() => undefined)
      clearTimeout(failed)
      const told = watching.reports.map(({ scope, exitCode }) => `${scope} ${exitCode}`).join(', ')
      const differences = compareTrees(at('source'), at('replica'), exactly)
      // Files of several names have all compared, for some of them may lie elsewhere.
      const isLimited = hardLinks || watching.reports.slice(1).every(({ scope }) => scope === 'touched')
      if (differences.length > 0 || !isLimited)
        throw new Error(
          `FACSIMILE_TEST_SEED=${seed}: ${showDifferences(differences)}\nruns: ${told}\nedits:\n${log.join('\n')}`,
        )
    }
  },
)

async function watchRandomTree(seed: number, at: (name: string) => string): Promise<Watching> {
  randomTree(at('source'), { seed, entries: 60 })
  const watching = new Watching({
    source: at('source'),
    replica: at('replica'),
    stateFolder: at('state'),
    maxDelete: '100%',
    allowEmptySource: true,
    debounce: 2,
  })
  await watching.live()
  return watching
}
