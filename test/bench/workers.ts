/** How much more workers help, by the same files as the cases `nothing` and `first`. */
import type { Case } from './case.js'
import { medianOf, secondsOf } from './figures.js'
import type { Point } from './result.js'
import { type Replicas, runRounds } from './rounds.js'
import { bytesOf, makeSource, shownCount, smallFiles } from './sizes.js'
import { facsimileWith } from './tools.js'

const workers = [1, 2, 4, 8] as const

export const measureWorkers: Case = {
  about: `--concurrency ${workers.join(', ')}: nothing to do, and first copy, 100,000 small files`,
  bytes: bytesOf(smallFiles, 2),
  run: async bench => {
    const { source } = makeSource(bench, smallFiles)
    const tools = workers.map(at => ({ at, tool: facsimileWith('--concurrency', String(at)) }))
    const points: Point[] = []
    for (const [title, replicas] of [
      ['nothing to do', 'shared'],
      ['first copy', 'new'],
    ] as const satisfies readonly (readonly [string, Replicas])[]) {
      const rounds = { ...bench, source, count: bench.pairs, replicas }
      const measured = await runRounds({ ...rounds, tools: tools.map(({ tool }) => tool) })
      for (const { at, tool } of tools) {
        const samples = secondsOf(measured.get(tool) ?? [])
        const what = `${title}, ${shownCount(bench, smallFiles)} small files`
        points.push({ case: bench.name, by: 'workers', what, at, ...medianOf(samples) })
      }
    }
    return { figures: [], points }
  },
}
