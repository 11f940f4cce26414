/** The command where another run has the replica. */
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const holder = fileURLToPath(new URL('../../../../test/support/lock-holder.mjs', import.meta.url))
const temporary = useTemporaryDirectory()

it('L01: it ends with 27 at once, or waits, says so, and ends with Ctrl+C', async () => {
  writeTree(temporary.path, { source: { a: 'newer' }, replica: { a: 'old' } })
  const state = path.join(temporary.path, 'state')
  const other = spawn(
    process.execPath,
    [holder, path.join(temporary.path, 'replica'), 'paths', path.join(state, 'facsimile')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  try {
    await once(other.stdout, 'data')
    const options = { cwd: temporary.path, env: { XDG_STATE_HOME: state } }
    const args = [main, 'source', 'replica']
    const content = (): string => readFileSync(path.join(temporary.path, 'replica', 'a'), 'utf8')
    expect((await runProcess(process.execPath, args, options)).code).toBe(27)
    const signalAfter = { signal: 'SIGINT', output: 'waiting for its end' } as const
    const stopped = await runProcess(process.execPath, [...args, '--wait'], { ...options, signalAfter })
    expect([130, null]).toContain(stopped.code)
    expect(stopped.timedOut).toBe(false)
    expect(content()).toBe('old')
    const waiting = runProcess(process.execPath, [...args, '--wait'], options)
    other.stdin.end()
    expect((await waiting).code).toBe(0)
    expect(content()).toBe('newer')
  } finally {
    other.kill('SIGKILL')
  }
})

it('R13: two jobs may write to one log: each line is whole, and none is lost', async () => {
  const files = Array.from({ length: 500 }, (_, number) => [`file-${number}`, ''] as const)
  writeTree(path.join(temporary.path, 'source'), new Map(files))
  const env = { XDG_STATE_HOME: path.join(temporary.path, 'state') }
  const runs = await Promise.all(
    ['one', 'two'].map(replica => {
      const args = [main, 'source', replica, '--quiet', '--log', 'log']
      return runProcess(process.execPath, args, { cwd: temporary.path, env })
    }),
  )
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ])
  const lines = readFileSync(path.join(temporary.path, 'log'), 'utf8').trimEnd().split('\n')
  expect(lines.filter(line => !/^\d{4}-\d\d-\d\d/.test(line))).toEqual([])
  const created = lines.flatMap(line => /\bfile-\d+$/.exec(line)?.[0] ?? []).sort()
  expect(created).toEqual([...files, ...files].map(([name]) => name).sort())
})
