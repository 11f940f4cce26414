/** How much a start costs: the help, and a mirror of ten files, against Node that does nothing. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Case } from './case.js'
import { type Command, measure } from './measure.js'
import { median } from './result.js'
import { emptyNode, facsimile, help } from './tools.js'
import { makeSmallFiles } from './trees.js'

/** A start is short and uneven: more rounds, for the same time. */
const roundsPerPair = 4
const mostTimes = 3

export const measureStart: Case = async ({ folder, pairs }) => {
  const source = join(folder, 'source')
  const replica = join(folder, 'replica')
  makeSmallFiles(source, { directories: 1, filesEach: 10, mostBytes: 1000 })
  const nothing: number[] = []
  const helping: number[] = []
  const mirroring: number[] = []
  for (let round = 0; round < pairs * roundsPerPair; round++) {
    nothing.push(await milliseconds(emptyNode))
    helping.push(await milliseconds(help))
    mkdirSync(replica)
    mirroring.push(await milliseconds(facsimile.command(source, replica)))
    expectEqualTrees(source, replica, facsimile.promises)
    rmSync(replica, { recursive: true })
  }
  const figure = (what: string, own: readonly number[]) => ({
    case: 'start' as const,
    what,
    unit: 'ms' as const,
    value: median(own),
    against: 'node -e 0',
    itsValue: median(nothing),
    ratio: median(own.map((value, round) => value / (nothing[round] ?? Number.NaN))),
    goal: mostTimes,
    samples: own,
    itsSamples: nothing,
  })
  return [figure('--help', helping), figure('a mirror of ten files', mirroring)]
}

async function milliseconds(command: Command): Promise<number> {
  const { seconds, code, stderr } = await measure(command)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`)
  return seconds * 1000
}
