/** How long the library holds its caller's event loop at most, in a process of its own. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Bench, Case } from './case.js'
import { type Bound, boundBy, medianOf } from './figures.js'
import { measureDone } from './measure.js'
import type { Figure } from './result.js'
import { bytesOf, countOf, type Files, makeSource, shown } from './sizes.js'
import { removeFiles } from './trees.js'

const script = fileURLToPath(new URL('./held-loop.mjs', import.meta.url))
const many = { files: 100_000, filesEach: 100, mostBytes: 200 } as const
const oneDirectory = { files: 100_000, filesEach: 100_000, mostBytes: 200, place: () => 'all' } as const

export const loop: Case = {
  about: 'how long the library holds the event loop: 1,000 new directories of 100 files, and one of 100,000',
  bytes: bytesOf(many, 4),
  run: async bench => {
    const directories = shown(countOf(bench, many) / Math.min(many.filesEach, bench.scaled(many.files)))
    return {
      figures: [
        ...(await held(bench, many, {
          what: `longest hold of the event loop, ${directories} new directories of ${many.filesEach} files`,
          bound: { atMost: 30, target: 20 },
        })),
        ...(await held(bench, oneDirectory, {
          what: `longest hold of the event loop, one new directory of ${shown(countOf(bench, oneDirectory))} files`,
          bound: { atMost: 250, target: 50 },
        })),
      ],
      leftOut: [{ case: bench.name, what: 'every peer', why: 'none says how long it holds a loop' }],
    }
  },
}

async function held(
  bench: Bench,
  files: Files,
  { what, bound }: { readonly what: string; readonly bound: Bound },
): Promise<readonly Figure[]> {
  const { folder, pairs, name } = bench
  const { source } = makeSource(bench, files)
  const [replica, log, state] = [join(folder, 'replica'), join(folder, 'log.txt'), join(folder, 'state')]
  const samples: number[] = []
  for (let round = 0; round < pairs; round++) {
    const { stdout } = await measureDone([process.execPath, script, source, replica, log, state])
    expectEqualTrees(source, replica)
    for (const made of [replica, log, state]) removeFiles(made)
    samples.push((JSON.parse(stdout) as { readonly heldMs: number }).heldMs)
  }
  removeFiles(source)
  const figure = { case: name, unit: 'ms', samples } as const
  return [
    { ...figure, what, ...medianOf(samples), ...boundBy(bound) },
    { ...figure, what: `${what}: worst of all runs`, value: Math.max(...samples) },
  ]
}
