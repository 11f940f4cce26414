// `npm run soak -- ...`: sets the work tree up where that is needed, then runs test/soak/main.ts.
import { fileURLToPath } from 'node:url'
import { fail, prepare } from './prepare.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

prepare()
  .then(async () => {
    process.chdir(root)
    const { runnerImport } = await import('vite')
    await runnerImport(fileURLToPath(new URL('../test/soak/main.ts', import.meta.url)), {
      root,
      logLevel: 'error',
    })
  })
  .catch(fail)
