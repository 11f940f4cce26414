/** What is measured. Each case makes its own source, and what is left of it is removed by who runs the case. */
import { join } from 'node:path'
import type { Bench, Case } from './case.js'
import { measureLoop } from './loop.js'
import { compareTools, runRounds } from './rounds.js'
import { type CaseName, median } from './result.js'
import { measureStart } from './start.js'
import { cp, facsimile, fsCp, isInstalled, rsync, type Tool } from './tools.js'
import { changeOnePercent, makeLargeFile, makeSmallFiles } from './trees.js'

const smallFiles = 40_000
const mostBytes = 4096
const filesEach = 200
const emptyFiles = 200_000
const largeBytes = 1.5 * 2 ** 30

export const cases: Readonly<Record<CaseName, Case>> = {
  start: measureStart,
  nothing: async bench => {
    const { source } = makeSource(bench, smallFiles)
    const measured = await runRounds({
      ...bench,
      source,
      tools: present(rsync),
      count: bench.pairs,
      keep: true,
    })
    const what = `nothing to do, ${named(bench, smallFiles)} small files`
    return compareTools(measured, { case: 'nothing', what, goals: { [rsync.name]: 1.2 } })
  },
  first: async bench => {
    const { source } = makeSource(bench, smallFiles)
    const tools = present(rsync, cp, fsCp)
    const measured = await runRounds({ ...bench, source, tools, count: bench.pairs, keep: false })
    const what = `first copy, ${named(bench, smallFiles)} small files`
    return compareTools(measured, { case: 'first', what, goals: { [rsync.name]: 0.9 } })
  },
  changed: async bench => {
    const { source, files } = makeSource(bench, smallFiles)
    const measured = await runRounds({
      ...bench,
      source,
      tools: present(rsync),
      count: bench.pairs,
      keep: true,
      beforeRound: round => changeOnePercent(files, round),
    })
    const what = `1 % changed of ${named(bench, smallFiles)} small files`
    return compareTools(measured, { case: 'changed', what, goals: {} })
  },
  large: async bench => {
    const source = join(bench.folder, 'source')
    makeLargeFile(source, bench.scaled(largeBytes))
    const tools = present(rsync, cp, fsCp)
    const measured = await runRounds({ ...bench, source, tools, count: bench.pairs, keep: false })
    const what = `first copy, one file of ${(bench.scaled(largeBytes) / 2 ** 30).toFixed(2)} GiB`
    return compareTools(measured, { case: 'large', what, goals: { [rsync.name]: 0.6 } })
  },
  empty: async bench => {
    const source = join(bench.folder, 'source')
    makeSmallFiles(source, { directories: bench.scaled(emptyFiles / filesEach), filesEach, mostBytes: 0 })
    const rounds = { ...bench, source, count: bench.pairs, keep: false, memory: true }
    const measured = await runRounds({ ...rounds, tools: present(rsync) })
    const what = `first copy, ${named(bench, emptyFiles)} empty files`
    const peaks = (measured.get(facsimile) ?? []).map(run => run.peakMb)
    return [
      ...compareTools(measured, { case: 'empty', what, goals: {} }),
      {
        case: 'empty',
        what: `${what}: peak resident memory`,
        unit: 'MB',
        value: median(peaks),
        goal: 300,
        samples: peaks,
      },
    ]
  },
  loop: measureLoop,
}

/** The most that any case puts into the scratch folder, in bytes, with room to spare. */
export function bytesNeeded(scale: number): number {
  return Math.ceil(2 ** 30 + 3 * largeBytes * scale)
}

function makeSource(
  bench: Bench,
  files: number,
): { readonly source: string; readonly files: readonly string[] } {
  const source = join(bench.folder, 'source')
  const directories = bench.scaled(files / filesEach)
  return { source, files: makeSmallFiles(source, { directories, filesEach, mostBytes }) }
}

function named(bench: Bench, files: number): string {
  return (bench.scaled(files / filesEach) * filesEach).toLocaleString('en')
}

/** facsimile, and those of the others that are installed. */
function present(...others: readonly Tool[]): readonly Tool[] {
  return [facsimile, ...others.filter(isInstalled)]
}
