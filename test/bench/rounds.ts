/**
 * Rounds: in each, every tool runs once, and the next round begins with another one, so that none profits from
 * its place. A ratio is taken within a round, where the machine is in one mood, and of the ratios the median.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { compareTrees } from '../support/compare-trees.js'
import { showDifferences } from '../support/differences.js'
import { type Measured, measure } from './measure.js'
import { type CaseName, type Figure, median, type Unit } from './result.js'
import { facsimile, type Tool } from './tools.js'

export type Rounds = {
  readonly source: string
  /** Where replicas are made. */
  readonly folder: string
  /** facsimile first. */
  readonly tools: readonly Tool[]
  readonly count: number
  /** Whether replicas stay from round to round, and begin as copies; else each run begins with an empty one. */
  readonly keep: boolean
  readonly memory?: boolean
  /** Edits the source before a round. */
  readonly beforeRound?: (round: number) => void
}

/** By tool, a measurement for each round. */
export type Measurements = ReadonlyMap<Tool, readonly Measured[]>

export async function runRounds(rounds: Rounds): Promise<Measurements> {
  const { tools, count, keep, beforeRound } = rounds
  const measurements = new Map<Tool, Measured[]>(tools.map(tool => [tool, []]))
  if (keep) for (const tool of tools) await runTool(rounds, tool)
  for (let round = 0; round < count; round++) {
    beforeRound?.(round)
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(round + turn) % tools.length]
      if (tool !== undefined) measurements.get(tool)?.push(await runTool(rounds, tool))
    }
  }
  return measurements
}

async function runTool({ source, folder, tools, keep, memory }: Rounds, tool: Tool): Promise<Measured> {
  const replica = join(folder, keep ? `replica-${tools.indexOf(tool)}` : 'replica')
  mkdirSync(replica, { recursive: true })
  const measured = await measure(tool.command(source, replica), memory === true ? 'memory' : 'time only')
  if (measured.code !== 0) throw new Error(`${tool.name} ended with ${measured.code}: ${measured.stderr}`)
  const differences = compareTrees(source, replica, tool.promises)
  if (differences.length > 0) throw new Error(`the result of ${tool.name}: ${showDifferences(differences)}`)
  if (!keep) rmSync(replica, { recursive: true })
  return measured
}

type Comparison = {
  readonly case: CaseName
  readonly what: string
  /** The most that the ratio to a tool may be, by its name. */
  readonly goals: Readonly<Record<string, number>>
  readonly unit?: Unit
  readonly figureOf?: (measured: Measured) => number
}

/** facsimile against each other tool. */
export function compareTools(measurements: Measurements, comparison: Comparison): readonly Figure[] {
  const { goals, unit = 's', figureOf = measured => measured.seconds } = comparison
  const ours = (measurements.get(facsimile) ?? []).map(figureOf)
  return [...measurements]
    .filter(([tool]) => tool !== facsimile)
    .map(([{ name }, runs]) => {
      const its = runs.map(figureOf)
      const goal = goals[name]
      return {
        case: comparison.case,
        what: comparison.what,
        unit,
        value: median(ours),
        against: name,
        itsValue: median(its),
        ratio: median(ours.map((own, round) => own / (its[round] ?? Number.NaN))),
        ...(goal === undefined ? {} : { goal }),
        samples: ours,
        itsSamples: its,
      }
    })
}
