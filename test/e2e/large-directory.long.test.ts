/** One directory of very many entries. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { useFolders } from '../support/mirror.js'
import { runProcess } from '../support/run.js'

const main = new URL('../../packages/core/dist/index.js', import.meta.url).href
const cli = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const folders = useFolders()
const entries = 200_000

/** Mirrors in a process of its own, and tells how often its event loop came to do something else, and its peak. */
const script = `
  import { syncFolders } from ${JSON.stringify(main)}
  const [source, replica, stateFolder] = process.argv.slice(1)
  let turns = 0
  setInterval(() => (turns += 1), 1).unref()
  const { exitCode } = await syncFolders({ source, replica, stateFolder, reject: false })
  console.log(JSON.stringify({ exitCode, turns, peakKb: process.resourceUsage().maxRSS }))`

type Ran = { readonly exitCode: number; readonly turns: number; readonly peakKb: number }

async function mirrorApart(): Promise<Ran> {
  const args = [
    '--input-type=module',
    '-e',
    script,
    folders.source,
    folders.replica,
    join(folders.path, 'state'),
  ]
  const ran = await runProcess(process.execPath, args, { timeoutMs: 600_000 })
  if (ran.stderr !== '') throw new Error(ran.stderr)
  return JSON.parse(ran.stdout) as Ran
}

it('Z01, D07: 200,000 entries of one directory are made and removed: the event loop lives, and memory is bounded', async () => {
  mkdirSync(folders.source)
  for (let file = 0; file < entries; file++) writeFileSync(join(folders.source, `file ${file}`), '')
  const made = await mirrorApart()
  expect(readdirSync(folders.replica)).toHaveLength(entries)
  const again = await mirrorApart()
  rmSync(folders.source, { recursive: true })
  mkdirSync(folders.source)
  writeFileSync(join(folders.source, 'one'), '')
  const removed = await runProcess(
    process.execPath,
    ['--max-old-space-size=64', cli, folders.source, folders.replica, '--quiet', '--max-delete', '100%'],
    { timeoutMs: 600_000, env: { XDG_STATE_HOME: join(folders.path, 'state') } },
  )
  expect([removed.code, removed.stderr]).toEqual([0, ''])
  expect(readdirSync(folders.replica)).toEqual(['one'])
  for (const { exitCode, turns, peakKb } of [made, again]) {
    expect(exitCode).toBe(0)
    expect(turns).toBeGreaterThan(20)
    expect(peakKb).toBeLessThan(400 * 1024)
  }
})

/** Tells how many bytes are held when a plan is there. */
const holding = `
  import { planSync } from ${JSON.stringify(main)}
  const [source, replica, stateFolder] = process.argv.slice(1)
  const held = () => {
    global.gc()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = held()
  const plan = await planSync({ source, replica, stateFolder })
  console.log(JSON.stringify({ changes: plan.totals.changes, bytes: held() - before }))`

it('Z02: a planned change takes no more than 250 bytes', async () => {
  mkdirSync(folders.source)
  const plan = async (): Promise<{ readonly changes: number; readonly bytes: number }> => {
    const state = join(folders.path, 'state')
    const args = ['--expose-gc', '--input-type=module', '-e', holding, folders.source, folders.replica, state]
    const ran = await runProcess(process.execPath, args, { timeoutMs: 600_000 })
    if (ran.stderr !== '') throw new Error(ran.stderr)
    return JSON.parse(ran.stdout) as { readonly changes: number; readonly bytes: number }
  }
  const few = 1000
  for (let file = 0; file < few; file++) writeFileSync(join(folders.source, `file ${file}`), '')
  const small = await plan()
  for (let file = few; file < entries; file++) writeFileSync(join(folders.source, `file ${file}`), '')
  const large = await plan()
  expect(large.changes - small.changes).toBe(entries - few)
  expect((large.bytes - small.bytes) / (entries - few)).toBeLessThan(250)
})
