/** `npm run soak`: ten minutes of it unless told, in memory where there is such a place. Prints its seed and figures. */
import { existsSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { removeTree } from '../support/remove-tree.js'
import { failuresOf, figuresOf } from './figures.js'
import { soak } from './soak.js'

const usage = 'npm run soak -- [--minutes N] [--seed N]'

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    },
  })
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
  if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new Error(usage)
  const base = process.env['FACSIMILE_TEST_ROOT'] ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())
  const folder = mkdtempSync(join(realpathSync(base), 'facsimile-soak-'))
  console.log(`soak: ${minutes} minutes, seed ${seed}, in ${folder}`)
  const result = await soak({ folder, ms: minutes * 60_000, seed })
  for (const line of figuresOf(result)) console.log(line)
  const failures = failuresOf(result)
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  // What failed is left to be looked at.
  if (failures.length > 0) process.exitCode = 1
  else removeTree(folder)
}

await main(process.argv.slice(2))
