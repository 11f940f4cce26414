// `npm test -- ...`, `npm run test:long -- ...` for the long tests, `npm run test:plain -- ...` for those without the C
// library: sets the work tree up where that is needed, then is vitest.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, prepare } from './prepare.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url)

prepare()
  .then(async () => {
    const [first, ...rest] = process.argv.slice(2)
    const given = first === undefined ? [] : [first, ...rest]
    const args = first === '--long' ? ['--mode', 'long', ...rest] : first === '--plain' ? rest : given
    if (first === '--plain') process.env['FACSIMILE_NATIVE'] = '0'
    process.chdir(root)
    chooseTestRoot()
    process.argv = [
      process.execPath,
      fileURLToPath(vitest),
      'run',
      '--config',
      'test/vitest.config.ts',
      ...args,
    ]
    await import(vitest.href)
  })
  .catch(fail)

/**
 * Tests make thousands of small trees: in memory where the system has such a place, for a disk can make them take
 * minutes more. FACSIMILE_TEST_ROOT says where else.
 */
function chooseTestRoot() {
  if (process.env['FACSIMILE_TEST_ROOT'] !== undefined) return
  try {
    const made = fs.mkdtempSync(path.join('/dev/shm', 'facsimile-test-'))
    // Tests also run as an ordinary user; like /tmp, or root would not trust what is in it.
    fs.chmodSync(made, 0o1777)
    process.env['FACSIMILE_TEST_ROOT'] = made
    process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }))
  } catch {
    // Then the temporary folder of the system is used.
  }
}
