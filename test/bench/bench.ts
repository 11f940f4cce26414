/**
 * `npm run bench`: facsimile as a whole process against rsync, rclone, cp and the copiers for Node, on generated trees.
 * Exit codes and results are checked; a wrong one ends the bench. A goal that is missed does not.
 */
import { cases } from './cases.js'
import { readResult, writeDocuments } from './documents.js'
import { loadNotes, machine, versions, watchOthers } from './machine.js'
import { type BenchOptions, readOptions, usage } from './options.js'
import { type BenchResult, type CaseName, type Findings, verdictOn } from './result.js'
import { inScratch, lackOfRoom } from './scratch.js'
import { renderText } from './table.js'

/** Room that any case has, for its logs and a few files. */
const spareBytes = 64 * 2 ** 20

async function run(options: BenchOptions): Promise<BenchResult> {
  const notes = new Set(loadNotes())
  if (options.scale !== 1) notes.add(`scaled by ${options.scale}`)
  const others = watchOthers()
  const found: Required<Findings>[] = []
  for (const name of options.cases) found.push(await runCase(name, options, notes))
  for (const note of others()) notes.add(note)
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: versions(),
    pairs: options.pairs,
    scale: options.scale,
    notes: [...notes],
    figures: found.flatMap(({ figures }) => figures),
    points: found.flatMap(({ points }) => points),
    leftOut: found.flatMap(({ leftOut }) => leftOut),
  }
}

async function runCase(
  name: CaseName,
  { pairs, scale }: BenchOptions,
  notes: Set<string>,
): Promise<Required<Findings>> {
  const { about, bytes, run } = cases[name]
  const room = Math.ceil(spareBytes + bytes * scale)
  const why = lackOfRoom(room)
  if (why !== undefined) return { figures: [], points: [], leftOut: [{ case: name, what: about, why }] }
  const begun = performance.now()
  const found = await inScratch(room, async ({ path, note }) => {
    if (note !== undefined) notes.add(note)
    return await run({ name, folder: path, pairs, scaled: scaledBy(scale) })
  })
  console.error(`bench: ${name}, ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  return { points: [], leftOut: [], ...found }
}

function scaledBy(scale: number): (whole: number) => number {
  return whole => Math.max(1, Math.round(whole * scale))
}

async function main(argv: readonly string[]): Promise<void> {
  let options: BenchOptions | 'help' | 'render'
  try {
    options = readOptions(argv)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
    return
  }
  if (options === 'help') return console.log(usage)
  if (options === 'render') return writeDocuments(readResult())
  const result = await run(options)
  console.log(renderText(result))
  const missed = result.figures.filter(figure => verdictOn(figure) === 'missed').length
  console.log(missed === 0 ? 'every goal is met' : `${missed} of the goals missed`)
  if (options.write) writeDocuments(result)
}

await main(process.argv.slice(2))
