/** The most memory that a run holds, against the number of entries. */
import { join } from 'node:path'
import type { Bench, Case } from './case.js'
import { boundBy, medianOf, peakFigure, runsOfFirst, secondsOf } from './figures.js'
import type { Figure, Point } from './result.js'
import { type Rounds, runRounds, sharedReplica } from './rounds.js'
import { bytesOf, countOf, type Files, makeSource, shownCount } from './sizes.js'
import { facsimile } from './tools.js'
import { removeFiles } from './trees.js'

const emptyFiles = { filesEach: 200, mostBytes: 0 } as const
const million = { ...emptyFiles, files: 1_000_000 } as const
const lesser = [10, 10_000, 100_000] as const
/** Memory is even from run to run, and these take long. */
const mostRounds = 3

const newOnes = 'all new'

export const empty: Case = {
  about: '1,000,000 new empty files: the peak of memory',
  bytes: bytesOf(million, 2),
  run: async bench => {
    const { source } = makeSource(bench, million)
    const runs = runsOfFirst(await runRounds({ ...bench, ...alone(bench, source), replicas: 'new' }))
    const what = `first copy, ${shownCount(bench, million)} empty files`
    const peak = { ...peakFigure(bench, runs, what), ...boundBy({ atMost: 500, target: 350 }) }
    return {
      figures: [{ case: bench.name, what, unit: 's', ...medianOf(secondsOf(runs)) }, peak],
      points: [pointOf(peak, newOnes, countOf(bench, million))],
      leftOut: [{ case: bench.name, what: 'every peer', why: 'it is our memory that is measured' }],
    }
  },
}

/** The million of each row is measured by the cases `million` and `empty`. */
export const memory: Case = {
  about: 'the peak of memory with 10 to 100,000 empty files, unchanged and new',
  bytes: bytesOf({ ...emptyFiles, files: 100_000 }, 3),
  run: async bench => {
    const points: Point[] = []
    for (const files of lesser) points.push(...(await pointsOf(bench, { ...emptyFiles, files })))
    return { figures: [], points }
  },
}

async function pointsOf(bench: Bench, files: Files): Promise<readonly Point[]> {
  // A handful is a handful at any scale: it is what the others are compared with.
  const scaled = files.files === lesser[0] ? (whole: number): number => whole : bench.scaled
  const own = { ...bench, scaled, folder: join(bench.folder, String(files.files)) }
  const { source } = makeSource(own, files)
  const rounds = { ...own, ...alone(bench, source) }
  const still = runsOfFirst(await runRounds({ ...rounds, replicas: 'shared' }))
  removeFiles(join(own.folder, sharedReplica))
  const copied = runsOfFirst(await runRounds({ ...rounds, replicas: 'new' }))
  return [
    pointOf(peakFigure(bench, still, ''), 'nothing to do', countOf(own, files)),
    pointOf(peakFigure(bench, copied, ''), newOnes, countOf(own, files)),
  ]
}

function pointOf({ case: name, value, samples }: Figure, what: string, at: number): Point {
  return { case: name, by: 'entries', what, at, value, samples }
}

function alone({ pairs }: Bench, source: string): Pick<Rounds, 'source' | 'tools' | 'count' | 'memory'> {
  return { source, tools: [facsimile], count: Math.min(pairs, mostRounds), memory: true }
}
