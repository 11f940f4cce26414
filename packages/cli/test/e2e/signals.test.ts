/** Signals, as the command meets them: it ends clean, by the signal itself, and soon. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { canStrace } from '../../../../test/support/can-strace.js'
import { expectEqualTrees } from '../../../../test/support/compare-trees.js'
import { expectOldOrNew, expectTimesRestored } from '../../../../test/support/old-or-new.js'
import { readTree } from '../../../../test/support/read-tree.js'
import { runProcess, type RunOptions, type RunResult } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { directory, fifo, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const isWindows = process.platform === 'win32'

function facsimile(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runProcess(process.execPath, [main, ...args], { cwd: temporary.path, ...options })
}

const read = (file: string): string => fs.readFileSync(file, 'utf8')

/** A pipe that takes no more: who writes to it cannot end by itself. */
function openFullPipe(name: string): number {
  writeTree(path.dirname(name), { [path.basename(name)]: fifo() })
  const pipe = fs.openSync(name, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
  try {
    for (;;) fs.writeSync(pipe, 'x')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return pipe
    throw error
  }
}

const old = { mtime: '2012-12-12T12:12:12Z' }
const some = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`file ${index}`, `${index}`]))
const large = Buffer.alloc(32 << 20, 'content')
const source: TreeLiteral = { large, new: { ...some, deep: some }, kept: { a: 'new', same: 'same' } }
const replica: TreeLiteral = {
  kept: directory({ a: 'old one', same: 'same' }, old),
  old: directory({ ...some, sub: directory(some, old) }, old),
}
/** Which has nothing to be done but what is different at the end of a file. */
const alike: TreeLiteral = { ...source, large: Buffer.concat([large.subarray(0, -1), Buffer.from('x')]) }

type Phase = {
  readonly calls: string
  /** Only those calls that are about this file. */
  readonly file?: string
  readonly nth: number
  readonly signal: NodeJS.Signals
  readonly flags?: readonly string[]
}

/** What the process is at, by the calls it makes there, and the arguments that make it do so. */
const phases: readonly (readonly [what: string, phase: Phase])[] = [
  ['listing', { calls: 'getdents64', nth: 3, signal: 'SIGINT' }],
  ['locking the replica', { calls: 'flock', nth: 1, signal: 'SIGTERM' }],
  ['making directories', { calls: 'mkdir,mkdirat', nth: 2, signal: 'SIGHUP' }],
  ['copying a large file', { calls: 'copy_file_range,read', file: 'large', nth: 1, signal: 'SIGTERM' }],
  ['deleting', { calls: 'unlink,unlinkat', nth: 6, signal: 'SIGTERM' }],
  ['giving attributes', { calls: 'utimensat', nth: 12, signal: 'SIGINT' }],
  ['comparing content', { calls: 'read', file: 'large', nth: 3, signal: 'SIGINT', flags: ['--checksum'] }],
  [
    'comparing digests',
    { calls: 'read', file: 'large', nth: 3, signal: 'SIGHUP', flags: ['--checksum', '--hash', 'sha256'] },
  ],
]

// Without the C library a program locks in our place, and the signal would be its.
const met = phases.filter(([, { calls }]) => calls !== 'flock' || process.env['FACSIMILE_NATIVE'] !== '0')

describe.skipIf(!canStrace)('K07: a signal while it is (needs strace)', () => {
  it.each(met)(
    '%s: nothing is torn, nothing is left, and the next run ends the work',
    async (what, phase) => {
      const { calls, file, nth, signal, flags = [] } = phase
      writeTree(at('source'), directory(source, { mtime: '2011-11-11T11:11:11Z' }))
      writeTree(at('replica'), directory(what.startsWith('comparing') ? alike : replica, old))
      const [before, wanted] = [readTree(at('replica')), readTree(at('source'))]
      const ended = await runProcess(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          at('trace'),
          '-e',
          `trace=${calls}`,
          ...(file === undefined ? [] : ['-P', at('source', file)]),
          '-e',
          `inject=${calls}:signal=${signal}:when=${nth}`,
          '--',
          process.execPath,
          main,
          at('source'),
          at('replica'),
          '--concurrency',
          '1',
          '--no-renames',
          ...flags,
        ],
        { env: { UV_USE_IO_URING: '0' } },
      )
      expect(ended).toMatchObject({ signal, code: null })
      expect(ended.stderr).toMatch(/stopped by SIG\w+; nothing is torn/)
      const after = readTree(at('replica'))
      expectOldOrNew(after, before, wanted)
      expectTimesRestored(after, before, wanted)
      expect((await facsimile(['source', 'replica', ...flags])).code).toBe(0)
      expectEqualTrees(at('source'), at('replica'))
    },
  )
})

describe.skipIf(isWindows)('K07: signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends the wait of an interval, by the signal itself, and leaves nothing behind',
    async signal => {
      writeTree(at('source'), { a: 'a', d: { b: 'b' } })
      const args = ['-s', 'source', '-d', 'replica', '-i', '500']
      const ended = await facsimile(args, { signalAfter: { signal, output: 'Next run at ' } })
      expect(ended).toMatchObject({ code: null, signal, stderr: '' })
      expect(readTree(at('replica'))).toEqual(readTree(at('source')))
    },
  )

  it.each([
    ['INT', 130],
    ['TERM', 143],
    ['HUP', 129],
  ])('a shell sees SIG%s as %d', async (signal, status) => {
    writeTree(at('source'), { a: 'a' })
    const script = `"$0" "$1" source replica -i 500 | { grep -qm1 'Next run'; pkill -${signal} -P $$ -f "source replica"; }; echo "\${PIPESTATUS[0]}"`
    const ended = await runProcess('bash', ['-c', script, process.execPath, main], { cwd: temporary.path })
    expect(ended.stdout.trim()).toBe(String(status))
  })

  it('an interval runs again and again, and picks up what changed', async () => {
    writeTree(at('source'), { a: 'a' })
    const ended = await facsimile(['source', 'replica', '-i', '0.002', '-l', 'source/log'], {
      signalAfter: [
        { signal: 'SIGCONT', output: 'Next run at ' },
        { signal: 'SIGCONT', output: 'Next run at ' },
        { signal: 'SIGINT', output: 'Next run at ' },
      ],
    })
    expect(ended.signal).toBe('SIGINT')
    expect(fs.readFileSync(at('source/log'), 'utf8').match(/ start /g)?.length).toBeGreaterThanOrEqual(3)
  })

  it('end a run with threads cleanly: every file is whole, and nothing else is left', async () => {
    const content = 'x'.repeat(20_000)
    const files = Array.from({ length: 2000 }, (_, number) => [`file-${number}`, content] as const)
    writeTree(at('source'), new Map(files))
    // It may be over before the signal comes; the interval keeps the process there to be ended.
    const ended = await facsimile(['source', 'replica', '-i', '500'], {
      signalAfter: { signal: 'SIGINT', output: 'create ' },
    })
    expect(ended.signal).toBe('SIGINT')
    for (const name of fs.readdirSync(at('replica'))) {
      expect(name).toMatch(/^file-\d+$/)
      expect(fs.statSync(at('replica', name)).size).toBe(content.length)
    }
    expect((await facsimile(['source', 'replica'])).code).toBe(0)
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
  })

  it('one ends the process though nobody reads what it says', async () => {
    writeTree(at('source'), { a: 'a' })
    const full = openFullPipe(at('pipes', 'full'))
    const child = spawn(process.execPath, [main, 'source', 'replica', '--log', 'source/log'], {
      cwd: temporary.path,
      stdio: ['ignore', full, 'pipe'],
    })
    const ended = new Promise(resolve => child.once('exit', (code, signal) => resolve(signal ?? code)))
    // It says at once that the log is left out; then it stops, but for what it cannot get rid of.
    child.stderr?.once('data', () => child.kill('SIGINT'))
    expect(await ended).toBe('SIGINT')
    fs.closeSync(full)
  })
})

describe.skipIf(process.platform !== 'linux')('K08: SIGSTOP and SIGCONT', () => {
  it('while it runs: the lock is still held, and the work is ended afterwards', async () => {
    const files = Array.from({ length: 300 }, (_, number) => [`file-${number}`, `${number}`] as const)
    writeTree(at('source'), new Map(files))
    const child = spawn(process.execPath, [main, 'source', 'replica', '--concurrency', '1'], {
      cwd: temporary.path,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    // Its pipe is not read any more, so it is still at work, or at its last words, when it goes on.
    child.kill('SIGSTOP')
    const second = await facsimile(['source', 'replica'])
    const isAtWork = fs.readdirSync(at('replica')).some(name => name.startsWith('.facsimile-'))
    expect(second.code).toBe(isAtWork ? 27 : 0)
    child.stdout.resume()
    child.kill('SIGCONT')
    expect(await ended).toEqual([0, null])
    expectEqualTrees(at('source'), at('replica'))
  })

  it('in the wait of an interval: what was slept through is not caught up', async () => {
    writeTree(at('source'), { a: 'a' })
    const child = spawn(process.execPath, [main, 'source', 'replica', '-i', '0.005', '-l', 'log', '-q'], {
      cwd: temporary.path,
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    const runs = (): number => (fs.existsSync(at('log')) ? read(at('log')).split(' end ').length - 1 : 0)
    await vi.waitFor(() => expect(runs()).toBeGreaterThan(0), 20_000)
    child.kill('SIGSTOP')
    const before = runs()
    // The passing of time is what this is about: ten intervals.
    await new Promise(resolve => setTimeout(resolve, 3000))
    expect(runs()).toBe(before)
    const woken = performance.now()
    child.kill('SIGCONT')
    await vi.waitFor(() => expect(runs()).toBeGreaterThan(before), 20_000)
    const sinceThen = performance.now() - woken
    expect(runs() - before).toBeLessThanOrEqual(2 + Math.ceil(sinceThen / 300))
    child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
  })
})

describe('K09: what nobody expected', () => {
  it.each([
    ['an exception', `setTimeout(() => { throw new Error('unexpected') })`],
    ['a rejection', `void Promise.reject(new Error('unexpected'))`],
  ])('%s ends the process with 1, and the next run cleans up', async (_what, statement) => {
    const files = Array.from({ length: 500 }, (_, number) => [`file-${number}`, 'x'] as const)
    writeTree(at('source'), new Map(files))
    const script = `
      process.argv = [process.execPath, 'main', 'source', 'replica', '-i', '500']
      const write = process.stdout.write.bind(process.stdout)
      process.stdout.write = (...args) => { process.stdout.write = write; ${statement}; return write(...args) }
      await import(${JSON.stringify(new URL('../../bundle/main.js', import.meta.url).href)})`
    const died = await runProcess(process.execPath, ['--input-type=module', '-e', script], {
      cwd: temporary.path,
    })
    expect([died.code, died.stderr]).toEqual([1, expect.stringContaining('unexpected')])
    expect((await facsimile(['source', 'replica'])).code).toBe(0)
    expectEqualTrees(at('source'), at('replica'))
  })
})
