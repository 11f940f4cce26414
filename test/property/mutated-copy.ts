/** A copy of what was built and of its tests, with one place of it changed, and what the tests say to that. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Mutation = {
  /** The guard that is switched off. */
  readonly what: string
  /** Below `packages/core/dist`, without its ending. */
  readonly file: string
  /** Found there exactly once; an indent is any white space. */
  readonly find: string
  readonly put: string
  /** Below `test/`, without its ending, and part of the names of the tests that must fail. */
  readonly test: readonly [file: string, name: string]
  /** What the tests cannot do without. */
  readonly needs?: 'mount' | 'root'
  /** Only who does without the C library goes that way. */
  readonly plain?: true
  /** A second guard for the same thing, in the same file, which is switched off with it. */
  readonly also?: Pick<Mutation, 'find' | 'put'>
}

export type Verdict = {
  readonly passed: number
  readonly failed: number
  /** It never came to an end, which is as good as failed. */
  readonly timedOut: boolean
  readonly output: string
}

const workspace = realpathSync(fileURLToPath(new URL('../..', import.meta.url)))
const vitest = join(workspace, 'node_modules', 'vitest', 'vitest.mjs')
/** One table of tests takes a few seconds; one that hangs takes for ever. */
const timeoutMs = 60_000

/** Copies the built library and the tests into an empty directory. */
export function copyWorkspace(to: string): void {
  const core = join(to, 'packages', 'core')
  const cli = join(to, 'packages', 'cli')
  for (const part of [
    'core/dist',
    'core/package.json',
    'core/test',
    'cli/dist',
    'cli/package.json',
    'cli/test',
  ])
    cpSync(join(workspace, 'packages', part), join(to, 'packages', part), { recursive: true })
  // What is bundled is not changed with it: who imports the package, or runs the command, gets the modules.
  rmSync(join(core, 'dist', 'bundle'), { recursive: true })
  const instead: readonly (readonly [bundle: string, module: string])[] = [
    [join(core, 'dist', 'bundle', 'sync-folders.js'), '../sync-folders.js'],
    [join(core, 'dist', 'bundle', 'undo-run.js'), '../undo-run.js'],
    [join(core, 'dist', 'bundle', 'errors.js'), '../model/errors.js'],
    [join(cli, 'bundle', 'main.js'), '../dist/main.js'],
  ]
  for (const [bundle, module] of instead) {
    mkdirSync(dirname(bundle), { recursive: true })
    writeFileSync(bundle, `export * from ${JSON.stringify(module)}\n`)
  }
  const manifest = join(core, 'package.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('./bundle/index.js', './dist/index.js'))
  // Tests of single modules import them from there.
  cpSync(join(core, 'dist'), join(core, 'src'), { recursive: true })
  cpSync(join(workspace, 'test'), join(to, 'test'), {
    recursive: true,
    filter: path => !/node_modules|tsconfig/.test(basename(path)),
  })
  const cliModules = join(workspace, 'packages', 'cli', 'node_modules')
  mkdirSync(join(cli, 'node_modules'))
  for (const name of readdirSync(cliModules))
    if (!name.startsWith('@')) symlinkSync(join(cliModules, name), join(cli, 'node_modules', name))
  for (const user of [join(to, 'test'), cli]) {
    const scope = join(user, 'node_modules', '@facsimile')
    mkdirSync(scope, { recursive: true })
    symlinkSync(core, join(scope, 'core'))
  }
  symlinkSync(join(workspace, 'node_modules'), join(to, 'node_modules'))
  symlinkSync(join(workspace, 'packages', 'core', 'node_modules'), join(core, 'node_modules'))
}

export function mutate(copy: string, { file, find, put, also }: Mutation): void {
  change(copy, file, find, put)
  if (also !== undefined) change(copy, file, also.find, also.put)
}

function change(copy: string, file: string, find: string, put: string): void {
  const core = join(copy, 'packages', 'core')
  const text = readFileSync(join(core, 'dist', `${file}.js`), 'utf8')
  const pattern = new RegExp(find.split(/\s+/).map(escape).join('\\s+'), 'g')
  const found = [...text.matchAll(pattern)]
  if (found.length !== 1) throw new Error(`found ${found.length} times in ${file}: ${find}`)
  const changed = text.replace(pattern, () => put)
  for (const built of ['dist', 'src']) writeFileSync(join(core, built, `${file}.js`), changed)
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Runs tests in a copy: one file's of one name, or whole files. */
export async function runTests(
  copy: string,
  files: readonly string[],
  name?: string,
  plain = false,
): Promise<Verdict> {
  const out = join(copy, 'results.json')
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--reporter=json', `--outputFile=${out}`]
  const only = name === undefined ? [] : ['--testNamePattern', escape(name)]
  const paths = files.map(file => `test/${file}.test.ts`)
  const timedOut = await runToItsEnd(
    [...args, ...only, ...paths],
    copy,
    name === undefined ? 10 * timeoutMs : timeoutMs,
    plain ? { FACSIMILE_NATIVE: '0' } : {},
  )
  if (timedOut) return { passed: 0, failed: 0, timedOut, output: '' }
  const results = JSON.parse(readFileSync(out, 'utf8'))
  const { numPassedTests: passed, numFailedTests: failed, testResults } = results
  const output = (testResults as readonly FileResult[]).flatMap(failuresOf).join('\n')
  if (passed + failed === 0) throw new Error(`no test ran: ${output}`)
  return { passed, failed, timedOut, output }
}

type FileResult = {
  readonly name: string
  readonly message: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly failureMessages: readonly string[]
  }[]
}

function failuresOf({ name, message, assertionResults }: FileResult): readonly string[] {
  const failed = assertionResults.filter(({ status }) => status === 'failed')
  const told = failed.map(
    test => `${name}: ${test.fullName}: ${test.failureMessages.join(' ').slice(0, 500)}`,
  )
  return message === '' ? told : [...told, `${name}: ${message}`]
}

/** True when it had to be killed, with all the processes it had started: one of them may hang in a system call. */
async function runToItsEnd(
  args: readonly string[],
  cwd: string,
  mostMs: number,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const child = spawn(process.execPath, args, {
    cwd,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  })
  let timedOut = false
  const timeout = setTimeout(() => {
    timedOut = true
    process.kill(-(child.pid ?? 0), 'SIGKILL')
  }, mostMs)
  await once(child, 'exit')
  clearTimeout(timeout)
  return timedOut
}
