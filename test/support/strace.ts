/** Runs a program under strace and tells which system calls changed something beneath given roots. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { type Bytes, bytesOf, bytesOfText, textOf } from './byte-names.js'
import { canStrace } from './can-strace.js'
import { type RunOptions, type RunResult, runProcess } from './run.js'
import { type TracedCall, readTraces, tracedCalls } from './strace-calls.js'

export type Traced = {
  readonly result: RunResult
  /** In the order of time, those that failed too. */
  readonly mutations: readonly Mutation[]
}

type Mutation = {
  /** The system call's name. */
  readonly call: string
  /** The paths beneath the roots that it was to change; a byte that is no UTF-8 is a lone surrogate. */
  readonly paths: readonly string[]
  /** The call as strace wrote it. */
  readonly line: string
  /** It returned an error, or did not return. */
  readonly failed: boolean
}

export type StraceOptions = Omit<RunOptions, 'signalAfter'> & {
  /** Calls beneath none of these are left out. */
  readonly roots: readonly string[]
  /** More for strace, as `-e`, `inject=rename:signal=KILL:when=3`, which kills at the third of these calls. */
  readonly flags?: readonly string[]
}

/** Null where there is no strace, or where it may not trace. */
export async function strace(
  command: string,
  args: readonly string[],
  { roots, flags = [], ...options }: StraceOptions,
): Promise<Traced | null> {
  if (!canStrace) return null
  const traces = mkdtempSync(join(tmpdir(), 'strace-'))
  // The program may run as another user.
  chmodSync(traces, 0o777)
  try {
    // Faster, but strace would forget to inject.
    const quick = flags.some(flag => flag.startsWith('inject=')) ? [] : ['--seccomp-bpf']
    const fixed = ['-ff', ...quick, '-y', '-xx', '-ttt', '-s', '64', '-e', 'quiet=all']
    const filter = ['-e', 'signal=none', '-e', `trace=${tracedCalls.map(call => `?${call}`).join(',')}`]
    const result = await runProcess(
      'strace',
      [...fixed, ...filter, ...flags, '-o', join(traces, 'trace'), '--', command, ...args],
      // io_uring would change files without a system call for each.
      { timeoutMs: 600_000, ...options, env: { UV_USE_IO_URING: '0', ...options.env } },
    )
    const files = readdirSync(traces).map(name => ({
      thread: Number(name.split('.').at(-1)),
      text: readFileSync(join(traces, name), 'latin1'),
    }))
    const calls = readTraces(files, bytesOf(realpathSync(options.cwd ?? '.', 'buffer')))
    const reals = roots.map(realPath)
    return { result, mutations: calls.flatMap(call => mutationIn(call, reals)) }
  } finally {
    rmSync(traces, { recursive: true })
  }
}

function mutationIn(call: TracedCall, roots: readonly Bytes[]): readonly Mutation[] {
  const paths = call.changed.filter(path => roots.some(root => path === root || path.startsWith(`${root}/`)))
  if (paths.length === 0) return []
  return [{ call: call.name, paths: paths.map(textOf), line: call.line, failed: call.failed }]
}

/** Also of a root that is not there yet, or no longer. */
function realPath(root: string): Bytes {
  const parent = bytesOf(realpathSync(dirname(resolve(root)), 'buffer'))
  return existsSync(root)
    ? bytesOf(realpathSync(root, 'buffer'))
    : (`${parent}/${bytesOfText(basename(resolve(root)))}` as Bytes)
}
