/** Trees that are large for what the process may take. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { compareTrees } from '../support/compare-trees.js'
import { useFolders } from '../support/mirror.js'
import { runProcess } from '../support/run.js'

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const folders = useFolders()

it('Z06: 200,000 files in a heap of 64 MB', async () => {
  for (let directory = 0; directory < 200; directory++) {
    const path = join(folders.source, `d${directory}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < 1000; file++) writeFileSync(join(path, `f${file}`), '')
  }
  const args = ['--max-old-space-size=64', main, folders.source, folders.replica, '--quiet']
  const ran = await runProcess(process.execPath, args, { timeoutMs: 600_000 })
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  expect(compareTrees(folders.source, folders.replica)).toEqual([])
})
