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

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
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
