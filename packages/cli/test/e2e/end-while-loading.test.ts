/**
 * The process ends while a thread is loading the C library: with the exit code it is to have. Node ends threads where they are,
 * and koffi aborts the process when that meets it there (docs/decisions/029).
 */
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../../../../test/support/compare-trees.js'
import { runProcess, type RunResult } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const library = new URL('../../../core/bundle/index.js', import.meta.url)
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)

/**
 * What every thread loads first. In a worker thread the first function of the C library takes a long time to be declared; as soon
 * as that has begun, the main thread ends the process. It is in a call that cannot be interrupted meanwhile, and what follows it
 * is the next call of koffi, with no JavaScript between the two that Node could end.
 */
const preload = (end: string): string => `
  const { BroadcastChannel, isMainThread } = require('node:worker_threads')
  const channel = new BroadcastChannel('loading')
  channel.unref()
  if (isMainThread) channel.onmessage = () => { ${end} }
  else {
    const koffi = require(${JSON.stringify(createRequire(library).resolve('koffi'))})
    const { load } = koffi
    const usleep = load(null).func('int usleep(uint32_t microseconds)')
    koffi.load = name => {
      const opened = load(name)
      const { func } = opened
      let isFirst = true
      const value = text => {
        if (isFirst) { isFirst = false; channel.postMessage('loading'); usleep(700_000) }
        return Reflect.apply(func, opened, [text])
      }
      return Object.defineProperty(opened, 'func', { value })
    }
  }`

const byLibrary = `
  import { syncFolders } from ${JSON.stringify(library.href)}
  await syncFolders({ source: 'source', replica: 'replica', concurrency: 2 })`

const isLinux = process.platform === 'linux'

/** Runs Node with what ends it while a thread loads, also where the other tests go without the C library. */
async function runUntilEnd(end: string, args: readonly string[]): Promise<RunResult> {
  writeTree(at('source'), new Map(Array.from({ length: 500 }, (_, number) => [`file-${number}`, 'x'])))
  fs.writeFileSync(at('preload.cjs'), preload(end))
  return await runProcess(process.execPath, ['--require', at('preload.cjs'), ...args], {
    cwd: temporary.path,
    env: { FACSIMILE_NATIVE: undefined },
  })
}

describe.skipIf(!isLinux)('K09: the end, while a thread loads the C library', () => {
  it.each([
    ['an exception', `throw new Error('unexpected')`, { code: 1, signal: null }],
    ['a rejection', `void Promise.reject(new Error('unexpected'))`, { code: 1, signal: null }],
    ['process.exit', 'process.exit(23)', { code: 23, signal: null }],
    ['a signal', `process.kill(process.pid, 'SIGTERM')`, { code: null, signal: 'SIGTERM' }],
  ])('%s ends the command as ever, and the next run cleans up', async (_what, end, expected) => {
    const ended = await runUntilEnd(end, [main, 'source', 'replica', '--concurrency', '2'])
    expect(ended).toMatchObject(expected)
    const next = await runProcess(process.execPath, [main, 'source', 'replica'], { cwd: temporary.path })
    expect(next.code).toBe(0)
    expectEqualTrees(at('source'), at('replica'))
  })

  it.each([
    ['an exception', `throw new Error('unexpected')`, 1],
    ['process.exit', 'process.exit(42)', 42],
  ])('%s ends a program that uses the library as ever', async (_what, end, code) => {
    fs.writeFileSync(at('program.mjs'), byLibrary)
    expect(await runUntilEnd(end, [at('program.mjs')])).toMatchObject({ code, signal: null })
  })
})
