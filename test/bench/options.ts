import { parseArgs } from 'node:util'
import { cases } from './cases.js'
import { type CaseName, caseNames } from './result.js'

export type BenchOptions = {
  readonly cases: readonly CaseName[]
  /** How many rounds; in each, every tool runs once. */
  readonly pairs: number
  /** Multiplies file counts and sizes, for trying the bench itself. */
  readonly scale: number
  /** Write docs/benchmarks.json and what is made from it. */
  readonly write: boolean
}

const known = {
  cases: { type: 'string' },
  pairs: { type: 'string' },
  scale: { type: 'string' },
  write: { type: 'boolean' },
  render: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const mostScale = 10
const longestName = Math.max(...caseNames.map(name => name.length))

export const usage: string = [
  'npm run bench -- [--cases NAME,...] [--pairs N] [--scale FACTOR] [--write]',
  'npm run bench -- --render',
  '',
  '  --cases   some of those below; all by default',
  '  --pairs   rounds, in each of which every tool runs once; 5 by default',
  '  --scale   multiplies file counts and sizes, such as 0.02 to try the bench itself; 1 by default',
  '  --write   write docs/benchmarks.json, and from it docs/benchmarks.md and docs/benchmarks.svg;',
  '            some cases among the others, if these were measured in the same way',
  '  --render  measure nothing: write them again, from the figures that are there',
  '',
  ...caseNames.map(name => `  ${name.padEnd(longestName)}  ${cases[name].about}`),
].join('\n')

/** Reads the arguments; throws with a sentence about what is wrong. */
export function readOptions(argv: readonly string[]): BenchOptions | 'help' | 'render' {
  const values = parse(argv)
  if (values.help === true) return 'help'
  if (values.render === true) {
    if (argv.length > 1) throw new Error('--render measures nothing: it goes with no other option')
    return 'render'
  }
  const { pairs = '5', scale = '1', write = false } = values
  if (!/^[1-9]\d{0,3}$/.test(pairs)) throw new Error(`--pairs takes a whole number above 0, not '${pairs}'`)
  const factor = scale.trim() === '' ? Number.NaN : Number(scale)
  if (!(factor > 0 && factor <= mostScale))
    throw new Error(`--scale takes a number above 0 and up to ${mostScale}, not '${scale}'`)
  return { cases: readCases(values.cases), pairs: Number(pairs), scale: factor, write }
}

type Values = {
  readonly [name in keyof typeof known]?: (typeof known)[name]['type'] extends 'string' ? string : boolean
}

/** parseArgs explains at length; here a sentence is enough. */
function parse(argv: readonly string[]): Values {
  const { tokens } = parseArgs({ args: [...argv], options: known, strict: false, tokens: true })
  const values: Record<string, string | boolean> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') throw new Error(`what is '${token.value}' for? --help names the options`)
    if (token.kind !== 'option') continue
    const option = Object.entries(known).find(([name]) => name === token.name)?.[1]
    if (option === undefined)
      throw new Error(`there is no option ${token.rawName}: --help names those there are`)
    if (option.type === 'boolean' && token.value !== undefined)
      throw new Error(`${token.rawName} takes no value, and was given '${token.value}'`)
    if (option.type === 'string' && (token.value === undefined || token.value.startsWith('--')))
      throw new Error(`${token.rawName} takes a value, and was given none`)
    values[token.name] = token.value ?? true
  }
  return values
}

function readCases(given: string | undefined): readonly CaseName[] {
  if (given === undefined) return caseNames
  const wanted = given.split(',')
  const unknown = wanted.find(name => !caseNames.some(known => known === name))
  if (unknown !== undefined) throw new Error(`--cases knows ${caseNames.join(', ')}, and not '${unknown}'`)
  return caseNames.filter(name => wanted.includes(name))
}
