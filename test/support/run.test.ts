import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { isRoot } from './entry-kind.js'
import { ordinaryUser, runProcess } from './run.js'
import { temporaryDirectory } from './temp.js'

const node = process.execPath

test('what a program put out and how it ended', async () => {
  const script = 'process.stdout.write("out é"); process.stderr.write("err"); process.exitCode = 3'
  const { durationMs, ...rest } = await runProcess(node, ['-e', script])
  expect(rest).toEqual({ code: 3, signal: null, stdout: 'out é', stderr: 'err', timedOut: false })
  expect(durationMs).toBeGreaterThan(0)
})

test('working directory, environment and input', async () => {
  using place = temporaryDirectory()
  const script =
    'process.stdin.pipe(process.stdout); console.log(process.cwd(), process.env.ONE, process.env.PATH)'
  const options = { cwd: place.path, env: { ONE: '1', PATH: undefined }, input: Buffer.from('input') }
  const { stdout } = await runProcess(node, ['-e', script], options)
  expect(stdout).toBe(`${place.path} 1 undefined\ninput`)
})

test('signals, each when its text was seen', async () => {
  const script = `
    process.on('SIGINT', () => console.log('once'))
    setInterval(() => {}, 1000)
    console.log('ready')`
  const signalAfter = [
    { output: 'ready\n', signal: 'SIGINT' },
    { output: 'once', signal: 'SIGTERM' },
  ] as const
  const { signal, stdout } = await runProcess(node, ['-e', script], { signalAfter })
  expect(stdout).toBe('ready\nonce\n')
  expect(signal).toBe('SIGTERM')
})

test('a signal after a time, and an end to what does not end', async () => {
  const forever = ['-e', 'setInterval(() => {}, 1000)']
  const stopped = await runProcess(node, forever, { signalAfter: { milliseconds: 10, signal: 'SIGTERM' } })
  expect(stopped).toMatchObject({ signal: 'SIGTERM', timedOut: false })
  const killed = await runProcess(node, forever, { timeoutMs: 50 })
  expect(killed).toMatchObject({ signal: 'SIGKILL', timedOut: true })
})

test('a program that is not there rejects', async () => {
  await expect(runProcess('no-such-program-anywhere', [])).rejects.toThrow('spawn no-such-program-anywhere')
})

test.runIf(isRoot)('as an ordinary user', async () => {
  const script = 'console.log(process.getuid(), process.getgid(), process.getgroups().join())'
  const { stdout } = await runProcess(node, ['-e', script], { asUser: ordinaryUser })
  expect(stdout).toBe('65534 65534 65534\n')
})
