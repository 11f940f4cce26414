/** A peer that fails, or does not do what it promises, is no measure. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../support/temp.js'
import { type Replicas, runRounds } from './rounds.js'
import { facsimile, type Tool } from './tools.js'
import { makeFiles } from './trees.js'

const temporary = useTemporaryDirectory()
let source = ''

beforeEach(() => {
  source = join(temporary.path, 'source')
  makeFiles(source, { directories: 2, filesEach: 3, mostBytes: 50 })
})

/** A program of Node; `S` and `R` are the roots. */
function toolOf(name: string, script: string): Tool {
  const program = process.execPath
  const roots = 'const fs = require("node:fs"); const [S, R] = process.argv.slice(1);'
  return { name, program, promises: {}, command: (...paths) => [program, '--eval', roots + script, ...paths] }
}

async function rounds(tool: Tool, replicas: Replicas): Promise<readonly (readonly [string, number])[]> {
  const tools = [facsimile, tool]
  const measured = await runRounds({ source, folder: temporary.path, tools, count: 2, replicas })
  return [...measured].map(([{ name }, runs]) => [name, runs.length])
}

const copy = 'fs.cpSync(S, R, { recursive: true, preserveTimestamps: true });'

it('takes a measure of each in every round, whose turns change', async () => {
  const log = join(temporary.path, 'log')
  appendFileSync(log, '')
  const noted = toolOf('noted', `${copy} fs.appendFileSync(${JSON.stringify(log)}, 'x');`)
  const tools = [facsimile, { ...noted, promises: { times: 'files' } } satisfies Tool]
  const measured = await runRounds({ source, folder: temporary.path, tools, count: 3, replicas: 'new' })
  expect([...measured.values()].map(runs => runs.length)).toEqual([3, 3])
  // Three rounds, and once before them.
  expect(readFileSync(log, 'utf8')).toBe('xxxx')
})

it.each([
  ['that ends with another code than 0', 'process.exit(3)', 'new', /ended with 3/],
  ['that says it copied, and did not', '0', 'new', /the result of bad: .*presence/s],
  [
    'that leaves the end of a file out',
    `${copy} fs.truncateSync(R + '/group-0/directory-0/file-1.txt', 1)`,
    'new',
    /size/,
  ],
  ['that keeps no times', 'fs.cpSync(S, R, { recursive: true })', 'own', /mtime/],
] as const)('a peer %s ends it', async (_, script, replicas, message) => {
  await expect(rounds(toolOf('bad', script), replicas)).rejects.toThrow(message)
})

it('a peer that changes the replica that all share ends it', async () => {
  // The few files that each program is warmed up with are left alone.
  const spoils = "if (fs.existsSync(R + '/group-0/directory-1')) fs.writeFileSync(R + '/new', '')"
  const bad: Tool = { ...toolOf('bad', `${copy} ${spoils}`), promises: { times: 'files' } }
  await expect(rounds(bad, 'shared')).rejects.toThrow(/what bad left: .*presence/s)
})
