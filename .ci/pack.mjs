// Packs both packages as they would be published.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { packed, root, run, tarballs } from './command.mjs'
import { fail, PNPM, prepare } from './prepare.mjs'

prepare()
  .then(() => {
    fs.rmSync(packed, { recursive: true, force: true })
    fs.mkdirSync(packed, { recursive: true })
    for (const name of /** @type {const} */ (['core', 'cli'])) {
      run('npx', ['-y', PNPM, 'pack', '--out', tarballs[name]], path.join(root, 'packages', name))
    }
  })
  .catch(fail)
