import { parseArgs } from 'node:util'
import { type CaseName, caseNames } from './result.js'

export type BenchOptions = {
  readonly cases: readonly CaseName[]
  /** How many rounds; in each, every tool runs once. */
  readonly pairs: number
  /** Multiplies file counts and sizes, for trying the bench itself. */
  readonly scale: number
  /** Write docs/benchmarks.json and docs/benchmarks.md. */
  readonly write: boolean
}

export const usage: string = [
  'npm run bench -- [--cases NAME,...] [--pairs N] [--scale FACTOR] [--write]',
  '',
  `  --cases   some of: ${caseNames.join(', ')}; all by default`,
  '  --pairs   rounds, in each of which every tool runs once; 5 by default',
  '  --scale   multiplies file counts and sizes, such as 0.05 to try the bench itself; 1 by default',
  '  --write   write docs/benchmarks.json and docs/benchmarks.md',
].join('\n')

/** Reads the arguments; throws with a sentence about what is wrong. */
export function readOptions(argv: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cases: { type: 'string' },
      pairs: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  })
  if (values.help) return 'help'
  const pairs = Number(values.pairs)
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new Error(`--pairs takes a whole number, not ${values.pairs}`)
  const scale = Number(values.scale)
  if (!(scale > 0)) throw new Error(`--scale takes a number above 0, not ${values.scale}`)
  return { cases: readCases(values.cases), pairs, scale, write: values.write }
}

function readCases(given: string | undefined): readonly CaseName[] {
  if (given === undefined) return caseNames
  const wanted = given.split(',')
  const unknown = wanted.find(name => !caseNames.some(known => known === name))
  if (unknown !== undefined) throw new Error(`--cases knows ${caseNames.join(', ')}, not ${unknown}`)
  return caseNames.filter(name => wanted.includes(name))
}
