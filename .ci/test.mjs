// `npm test -- ...` and `npm run test:long -- ...`: sets the work tree up where that is needed, then is vitest.
import { fileURLToPath } from 'node:url'
import { fail, prepare } from './prepare.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url)

prepare()
  .then(async () => {
    const [first, ...rest] = process.argv.slice(2)
    const given = first === undefined ? [] : [first, ...rest]
    const args = first === '--long' ? ['--mode', 'long', ...rest] : given
    process.chdir(root)
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
