/**
 * `npm run bench`: facsimile as a whole process against rsync, `cp -a` and `fs.cp`, on generated trees. Exit
 * codes and results are checked in every run; a wrong one ends the bench. A goal that is missed does not.
 */
import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { bytesNeeded, cases } from './cases.js'
import { type BenchOptions, readOptions, usage } from './options.js'
import { type BenchResult, type Figure, isMet } from './result.js'
import { inScratch, type Scratch } from './scratch.js'
import { renderText, writeDocuments } from './table.js'
import { versions } from './tools.js'

async function run(options: BenchOptions): Promise<BenchResult> {
  const notes = [...loadNotes(), ...(options.scale === 1 ? [] : [`scaled by ${options.scale}`])]
  return await inScratch(bytesNeeded(options.scale), async scratch => {
    const figures = await runCases(options, scratch)
    return {
      date: new Date().toISOString().slice(0, 10),
      machine: machine(),
      versions: versions(),
      pairs: options.pairs,
      scale: options.scale,
      notes: scratch.note === undefined ? notes : [...notes, scratch.note],
      figures,
    }
  })
}

async function runCases({ cases: names, pairs, scale }: BenchOptions, scratch: Scratch): Promise<Figure[]> {
  const figures: Figure[] = []
  const scaled = (whole: number): number => Math.max(1, Math.round(whole * scale))
  for (const name of names) {
    console.error(`bench: ${name}`)
    const folder = join(scratch.path, name)
    await mkdir(folder)
    const found = await cases[name]({ folder, pairs, scaled })
    figures.push(...found)
    rmSync(folder, { recursive: true })
  }
  return figures
}

function loadNotes(): readonly string[] {
  const load = loadavg()[0] ?? 0
  return load < availableParallelism() / 4
    ? []
    : [`not a quiet machine: the load was ${load.toFixed(1)} at the start`]
}

function machine(): Readonly<Record<string, string>> {
  return {
    system: `${type()} ${release().split('-')[0]}`,
    processor: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  }
}

async function main(argv: readonly string[]): Promise<void> {
  let options: BenchOptions | 'help'
  try {
    options = readOptions(argv)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exitCode = 2
    return
  }
  if (options === 'help') return console.log(usage)
  const result = await run(options)
  console.log(renderText(result))
  const missed = result.figures.filter(figure => isMet(figure) === false).length
  console.log(missed === 0 ? 'every goal is met' : `${missed} of the goals missed`)
  if (options.write) writeDocuments(result)
}

await main(process.argv.slice(2))
