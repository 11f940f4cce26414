/** How long the library holds its caller's event loop at most, in a process of its own. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Case } from './case.js'
import { measure } from './measure.js'
import { median } from './result.js'
import { makeSmallFiles } from './trees.js'

const script = fileURLToPath(new URL('./held-loop.mjs', import.meta.url))
const directories = 1000
const filesEach = 100
const mostMs = 50

export const measureLoop: Case = async ({ folder, pairs, scaled }) => {
  const source = join(folder, 'source')
  const replica = join(folder, 'replica')
  const count = scaled(directories)
  makeSmallFiles(source, { directories: count, filesEach, mostBytes: 200 })
  const held: number[] = []
  for (let round = 0; round < pairs; round++) {
    const log = join(folder, `log-${round}.txt`)
    const { code, stdout, stderr } = await measure([process.execPath, script, source, replica, log])
    if (code !== 0) throw new Error(`the library's caller ended with ${code}: ${stderr}`)
    expectEqualTrees(source, replica)
    rmSync(replica, { recursive: true })
    held.push((JSON.parse(stdout) as { readonly heldMs: number }).heldMs)
  }
  const what = `longest hold of the event loop, ${count.toLocaleString('en')} new directories of ${filesEach} files`
  const figure = { case: 'loop', unit: 'ms', goal: mostMs, samples: held } as const
  return [
    { ...figure, what, value: median(held) },
    { ...figure, what: `${what}: worst of all runs`, value: Math.max(...held) },
  ]
}
