/**
 * Rounds: in each, every tool runs once, and the next round begins with another one, so that none profits from
 * its place. A ratio is taken within a round, where the machine is in one mood, and of the ratios the median.
 *
 * Nobody begins with what another lacks: before the first round each tool has run once, on a few files, so that its
 * program was read; facsimile remembers nothing from run to run, unless that is what is measured; and of a shared replica all find the same.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { compareTrees } from '../support/compare-trees.js'
import { showDifferences } from '../support/differences.js'
import { type Measured, measureDone } from './measure.js'
import { facsimile, type Tool } from './tools.js'
import { makeFiles, removeFiles } from './trees.js'

export type Rounds = {
  readonly source: string
  /** Where replicas are made. */
  readonly folder: string
  /** facsimile first. */
  readonly tools: readonly Tool[]
  readonly count: number
  readonly replicas: Replicas
  readonly memory?: boolean
  /** Each tool keeps what it remembers, from a run before the first round: where all of them are facsimile. */
  readonly remembers?: boolean
  /** Edits the source before a round. */
  readonly beforeRound?: (round: number) => void
  /** Looks at the result of a run, besides the comparison. */
  readonly afterRun?: (tool: Tool) => void
  /** Readies a run, untimed. */
  readonly beforeRun?: () => void
}

/**
 * `new`: each run begins with an empty one. `shared`: one for all, which nobody may change; it is compared before the
 * first round and after each run of the last one, for the next tool might put right what was changed. `own`: one for
 * each tool, from round to round. A function makes it for each run.
 */
export type Replicas = 'new' | 'shared' | 'own' | ((replica: string) => void)

/** By tool, a measurement for each round. */
export type Measurements = ReadonlyMap<Tool, readonly Measured[]>

export async function runRounds(rounds: Rounds): Promise<Measurements> {
  const { tools, count, replicas, beforeRound } = rounds
  await warmUp(rounds)
  const measurements = new Map<Tool, Measured[]>(tools.map(tool => [tool, []]))
  if (replicas === 'shared') await runTool({ ...rounds, replicas: 'own' }, facsimile, sharedReplica)
  if (replicas === 'own') for (const tool of tools) await runTool(rounds, tool)
  if (rounds.remembers === true) for (const tool of tools) await runTool(rounds, tool)
  // Memory that the system hands out for the first time is slower: nobody is to be the first.
  if (replicas === 'new' && rounds.memory !== true) await runTool(rounds, facsimile)
  for (let round = 0; round < count; round++) {
    beforeRound?.(round)
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(round + turn) % tools.length]
      if (tool === undefined) continue
      measurements.get(tool)?.push(await runTool(rounds, tool))
      if (replicas === 'shared' && round === count - 1)
        expectCopy(`what ${tool.name} left`, rounds.source, join(rounds.folder, sharedReplica), facsimile)
    }
  }
  return measurements
}

/** The name of the one replica that all share, and of one that is new. */
export const sharedReplica = 'replica'

/** Each tool once, with ten files. */
async function warmUp({ folder, tools }: Rounds): Promise<void> {
  const place = join(folder, 'warm-up')
  const source = join(place, 'source')
  makeFiles(source, { directories: 1, filesEach: 10, mostBytes: 100 })
  for (const tool of tools) await runTool({ source, folder: place, tools, count: 1, replicas: 'new' }, tool)
  removeFiles(place)
}

async function runTool(rounds: Rounds, tool: Tool, name = nameFor(rounds, tool)): Promise<Measured> {
  const { source, folder, replicas, memory = false, remembers = false } = rounds
  const replica = join(folder, name)
  const state = join(folder, remembers ? `state-${rounds.tools.indexOf(tool)}` : 'state')
  if (typeof replicas === 'function') replicas(replica)
  mkdirSync(replica, { recursive: true })
  if (!remembers) removeFiles(state)
  rounds.beforeRun?.()
  const env = { XDG_STATE_HOME: state }
  const measured = await measureDone(tool.command(source, replica), { memory, env })
  rounds.afterRun?.(tool)
  if (replicas !== 'shared') expectCopy(`the result of ${tool.name}`, source, replica, tool)
  if (replicas !== 'shared' && replicas !== 'own') removeFiles(replica)
  return measured
}

function nameFor({ tools, replicas }: Rounds, tool: Tool): string {
  return replicas === 'own' ? `replica-${tools.indexOf(tool)}` : sharedReplica
}

function expectCopy(what: string, source: string, replica: string, { promises }: Tool): void {
  const differences = compareTrees(source, replica, promises)
  if (differences.length > 0) throw new Error(`${what}: ${showDifferences(differences)}`)
}
