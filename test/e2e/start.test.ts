/**
 * What the command opens before and after its walk, whatever there is to do: a guard of its start that does not depend on the
 * clock. What the system tells of mounts, rights and users is asked
 * once; the mounts also by what watches the run, and once more before anything would be written.
 */
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { runProcess } from '../support/run.js'
import { temporaryDirectory } from '../support/temp.js'

const packages = fileURLToPath(new URL('../../packages', import.meta.url))
const main = join(packages, 'cli/bundle/main.js')

interface Opened {
  /** Files that were there, each as often as it was opened. */
  readonly byAll: readonly string[]
  /** By the thread that the run is in: what Node loads is read by others, and a long run is watched by one. */
  readonly byRun: readonly string[]
}

async function openedBy(args: readonly string[], folder: string): Promise<Opened> {
  const trace = join(folder, 'trace')
  const flags = ['-f', '-qq', '-s', '4096', '-e', 'trace=open,openat', '-e', 'signal=none', '-o', trace]
  const env = { UV_USE_IO_URING: '0', XDG_STATE_HOME: join(folder, 'state') }
  const all = [...flags, '--', process.execPath, main, ...args]
  const result = await runProcess('strace', all, { env, timeoutMs: 120_000 })
  expect([result.code, result.stderr]).toEqual([0, ''])
  // A call that another thread's came between is told in two lines: whether it failed is in the second.
  const calls = [...readFileSync(trace, 'utf8').matchAll(/^(\d+) +open(?:at)?\([^"]*"([^"]+)"(.*)/gm)]
    .filter(([, , , rest = '']) => !rest.includes(' = -1 '))
    .map(([, thread = '', path = '']) => ({ thread, path }))
  const byRun = calls.filter(({ thread }) => thread === calls[0]?.thread)
  return { byAll: calls.map(({ path }) => path), byRun: byRun.map(({ path }) => path) }
}

it.skipIf(!canStrace)('a run with nothing to do asks the system once (needs strace)', async () => {
  using temporary = temporaryDirectory()
  const folder = realpathSync(temporary.path)
  const [source, replica] = [join(folder, 'source'), join(folder, 'replica')]
  mkdirSync(source)
  for (const name of ['a', 'b']) writeFileSync(join(source, name), name)
  const args = [source, replica]
  const first = await openedBy(args, folder)
  const { byAll, byRun } = await openedBy(args, folder)
  const timesOf = (path: RegExp): number => byRun.filter(each => path.test(each)).length
  expect({
    mounts: timesOf(/^\/proc\/self\/mountinfo$/),
    rights: timesOf(/^\/proc\/self\/status$/),
    memory: timesOf(/\/state\/facsimile\/sources\//),
  }).toEqual({ mounts: 3, rights: 1, memory: 1 })
  // Where the system asks another program, it does not read them itself.
  expect(timesOf(/^\/etc\/passwd$/)).toBeLessThan(2)
  // No thread is started but one at whose end nobody waits, however long strace makes it last: there is one directory.
  for (const run of [first, { byAll }]) expect(loadedBy(run)).toEqual(loadedByRun)
})

it.skipIf(!canStrace)('many directories start threads, which load little else (needs strace)', async () => {
  using temporary = temporaryDirectory()
  const folder = realpathSync(temporary.path)
  for (let each = 0; each < 20; each++) mkdirSync(join(folder, 'source', String(each)), { recursive: true })
  const run = await openedBy([join(folder, 'source'), join(folder, 'replica'), '--concurrency', '2'], folder)
  expect(loadedBy(run)).toEqual([...loadedByRun, '/cli/bundle/worker.js'])
})

const loadedByRun = ['cli', 'library', 'main', 'messages', 'rolldown-runtime', 'session'].map(
  name => `/cli/bundle/${name}.js`,
)

/** What was loaded of ours. */
function loadedBy({ byAll }: Pick<Opened, 'byAll'>): readonly string[] {
  const loaded = new Set(byAll.filter(path => path.startsWith(packages) && /\/bundle\/.*\.js$/.test(path)))
  // That of the thread which watches a run that takes long.
  loaded.delete(join(packages, 'cli/bundle/watcher.js'))
  return [...loaded].map(path => path.slice(packages.length)).toSorted()
}

/**
 * What Node's own modules are called that no ordinary run needs, and that cost it more than all of a small one. Without the
 * C library the lock is taken by a program.
 */
const unneeded =
  process.env['FACSIMILE_NATIVE'] === '0'
    ? /^NativeModule (?:worker_threads|internal\/crypto\/webcrypto|.*readline.*)$/
    : /^NativeModule (?:child_process|worker_threads|internal\/crypto\/webcrypto|.*readline.*)$/

it('a run loads no module of Node that it does not need', async () => {
  using temporary = temporaryDirectory()
  const source = join(temporary.path, 'source')
  mkdirSync(source)
  const list = join(temporary.path, 'loaded')
  const atEnd = join(temporary.path, 'at-end.cjs')
  writeFileSync(
    atEnd,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')))`,
  )
  const before = await runProcess(process.execPath, ['--require', atEnd, '-e', '0'])
  const ofNode = new Set(readFileSync(list, 'utf8').split('\n'))
  const args = ['--require', atEnd, main, source, join(temporary.path, 'replica')]
  const result = await runProcess(process.execPath, args, { env: { XDG_STATE_HOME: temporary.path } })
  expect([before.code, result.code, result.stderr]).toEqual([0, 0, ''])
  const loaded = readFileSync(list, 'utf8').split('\n')
  expect(loaded).toContain('NativeModule crypto')
  expect(loaded.filter(name => unneeded.test(name) && !ofNode.has(name))).toEqual([])
})

it.skipIf(!canStrace)('help and the version need no library (needs strace)', async () => {
  using temporary = temporaryDirectory()
  for (const flag of ['--help', '--version']) {
    const { byAll } = await openedBy([flag], temporary.path)
    expect(byAll).toContain(main)
    expect(loadedBy({ byAll })).not.toContain('/cli/bundle/library.js')
    expect(byAll.filter(path => path.startsWith(join(packages, 'core')))).toEqual([])
  }
})
