/** How much a start costs: the help, and a mirror of ten files, against Node that does nothing. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Case } from './case.js'
import { against, boundBy } from './figures.js'
import { type Command, measureDone } from './measure.js'
import type { Figure } from './result.js'
import { emptyNode, facsimile, help } from './tools.js'
import { makeFiles } from './trees.js'

/** A start is short and uneven: more rounds, for the same time. */
const roundsPerPair = 4
const doingNothing = 'node -e 0'

export const start: Case = {
  about: 'a whole run of the help, and of a mirror of ten files, against Node that does nothing',
  bytes: 0,
  run: async ({ name, folder, pairs }) => {
    const source = join(folder, 'source')
    const replica = join(folder, 'replica')
    const state = join(folder, 'state')
    makeFiles(source, { directories: 1, filesEach: 10, mostBytes: 1000 })
    const [nothing, helping, mirroring]: [number[], number[], number[]] = [[], [], []]
    const turns = [
      async () => void nothing.push(await milliseconds(emptyNode, state)),
      async () => void helping.push(await milliseconds(help, state)),
      async () => {
        mkdirSync(replica)
        mirroring.push(await milliseconds(facsimile.command(source, replica), state))
        expectEqualTrees(source, replica, facsimile.promises)
        for (const made of [replica, state]) rmSync(made, { recursive: true })
      },
    ]
    for (const turn of turns) await turn()
    // What they took was to read the programs: nobody is to be the first.
    for (const samples of [nothing, helping, mirroring]) samples.length = 0
    for (let round = 0; round < pairs * roundsPerPair; round++)
      for (const place of turns.keys()) await turns[(round + place) % turns.length]?.()
    const figure = (what: string, own: readonly number[]): Figure => ({
      case: name,
      what,
      unit: 'ms',
      ...against(doingNothing, own, nothing),
    })
    return {
      figures: [
        { ...figure('--help', helping), ...boundBy({ atMost: 3 }) },
        { ...figure('a mirror of ten files', mirroring), ...boundBy({ atMost: 2.5, target: 2 }) },
      ],
      leftOut: [{ case: name, what: 'every other peer', why: 'the question is what is paid besides Node' }],
    }
  },
}

async function milliseconds(command: Command, state: string): Promise<number> {
  return 1000 * (await measureDone(command, { env: { XDG_STATE_HOME: state } })).seconds
}
