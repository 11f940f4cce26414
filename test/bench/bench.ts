/**
 * `npm run bench`: facsimile as a whole process against rsync, rclone, cp and the copiers for Node, on generated trees.
 * Exit codes and results are checked: a wrong one ends the case, and the bench in the end with 1. A goal that is missed is
 * told and no more.
 */
import { cases } from './cases.js'
import { readResult, writeDocuments } from './documents.js'
import { loadNotes, machine, versions, watchOthers } from './machine.js'
import { type Circumstances, differenceOf, merge } from './merge.js'
import { type BenchOptions, readOptions, usage } from './options.js'
import {
  type BenchResult,
  type CaseName,
  caseNames,
  type Findings,
  type LeftOut,
  verdictOn,
} from './result.js'
import { inScratch, lackOfRoom } from './scratch.js'
import { renderText } from './table.js'

/** Room that any case has, for its logs and a few files. */
const spareBytes = 64 * 2 ** 20

type Run = { readonly result: BenchResult; readonly measured: readonly CaseName[] }

async function run({ cases: names, ...options }: BenchOptions): Promise<Run> {
  const notes = new Set(loadNotes())
  if (options.scale !== 1) notes.add(`scaled by ${options.scale}`)
  const others = watchOthers()
  const found = new Map<CaseName, Required<Findings>>()
  const failed: LeftOut[] = []
  for (const name of names) {
    try {
      found.set(name, await runCase(name, options, notes))
    } catch (error) {
      // The others are worth their time; and it is not to be missing unseen from what is written.
      console.error(`bench: ${name} failed: ${error instanceof Error ? error.message : String(error)}`)
      failed.push({ case: name, what: cases[name].about, why: 'it failed when it was measured' })
      process.exitCode = 1
    }
  }
  for (const note of others()) notes.add(note)
  const findings = [...found.values()]
  const result = {
    ...circumstances(options),
    date: new Date().toISOString().slice(0, 10),
    notes: [...notes],
    figures: findings.flatMap(({ figures }) => figures),
    points: findings.flatMap(({ points }) => points),
    leftOut: [...findings.flatMap(({ leftOut }) => leftOut), ...failed],
  }
  return { result, measured: [...found.keys()] }
}

function circumstances({ pairs, scale }: Pick<BenchOptions, 'pairs' | 'scale'>): Circumstances {
  return { machine: machine(), versions: versions(), pairs, scale }
}

async function runCase(
  name: CaseName,
  { pairs, scale }: Pick<BenchOptions, 'pairs' | 'scale'>,
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
    if (options === 'help') return console.log(usage)
    if (options === 'render') return writeDocuments(readResult())
    if (options.write) checkWritable(options)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
    return
  }
  const { result, measured } = await run(options)
  console.log(renderText(result))
  const missed = result.figures.filter(figure => verdictOn(figure) === 'missed').length
  console.log(missed === 0 ? 'every goal is met' : `${missed} of the goals missed`)
  if (options.write) writeDocuments(isPart(options) ? merge(readResult(), result, measured) : result)
}

function isPart({ cases: names }: BenchOptions): boolean {
  return names.length < caseNames.length
}

/** Some cases are written only among others of the same kind. */
function checkWritable(options: BenchOptions): void {
  const difference = isPart(options) ? differenceOf(circumstances(options), readResult()) : undefined
  if (difference !== undefined)
    throw new Error(`--write needs all cases: the figures that are written by now are ${difference}`)
}

await main(process.argv.slice(2))
