/** Runs the library in a process of its own: as another user, under strace, or to be killed. */
import { fileURLToPath } from 'node:url'
import type { Report, SyncOptions, UndoOptions } from '@facsimile/core'
import type { Folders, Setting } from './mirror.js'
import { type RunOptions, runProcess } from './run.js'
import { type StraceOptions, strace, type Traced } from './strace.js'

const driver = fileURLToPath(new URL('./mirror-driver.mjs', import.meta.url))

export type Driven = {
  readonly report: Report
  /** As `shownChange` shows them. */
  readonly changes: readonly string[]
}

/** What can be told a process: with `ownHasher` it uses an object for a hasher. */
export type PlainOptions = Omit<Partial<SyncOptions>, 'on' | 'signal' | 'filter' | 'hasher'> & {
  readonly hasher?: string
  readonly ownHasher?: boolean
}

function argumentsFor(
  folders: Folders,
  setting: Setting,
  { ownHasher, ...options }: PlainOptions,
): readonly string[] {
  const { source, replica, path } = folders
  const all = { source, replica, stateFolder: `${path}/state`, ...setting, ...options }
  return [driver, JSON.stringify({ options: all, threads: setting.concurrency > 1, ownHasher })]
}

/** `limits` are what `prlimit` takes. */
export async function drive(
  folders: Folders,
  setting: Setting,
  options: PlainOptions = {},
  { limits = [], ...how }: RunOptions & { readonly limits?: readonly string[] } = {},
): Promise<Driven> {
  const args = argumentsFor(folders, setting, options)
  const [program, first] =
    limits.length === 0 ? [process.execPath, []] : ['prlimit', [...limits, process.execPath]]
  const { code, stdout, stderr } = await runProcess(program, [...first, ...args], how)
  if (code !== 0) throw new Error(`the run ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Null where there is no strace. */
export async function driveTraced(
  folders: Folders,
  setting: Setting,
  options: PlainOptions = {},
  how: Partial<StraceOptions> = {},
): Promise<Traced | null> {
  const { source, replica } = folders
  return await strace(process.execPath, argumentsFor(folders, setting, options), {
    roots: [source, replica],
    ...how,
  })
}

/** What the C library calls for what Node does by a path; `unlinkat` removes directories too. */
const beneath: Readonly<Record<string, string>> = {
  mkdir: 'mkdirat',
  rename: 'renameat',
  unlink: 'unlinkat',
  rmdir: 'unlinkat',
  symlink: 'symlinkat',
  link: 'linkat',
  mknod: 'mknodat',
  fchmod: 'chmod',
}

/** Kills the run at its n-th system call of a name, counted in each thread. Returns false when it ended before. */
export async function driveKilled(
  folders: Folders,
  setting: Setting,
  call: string,
  nth: number,
  options: PlainOptions = {},
): Promise<boolean> {
  return await killed(argumentsFor(folders, setting, options), call, nth)
}

const undoDriver = fileURLToPath(new URL('./undo-driver.mjs', import.meta.url))

/** As {@link driveKilled}, an undo. */
export async function undoKilled(options: UndoOptions, call: string, nth: number): Promise<boolean> {
  return await killed([undoDriver, JSON.stringify(options)], call, nth)
}

async function killed(program: readonly string[], call: string, nth: number): Promise<boolean> {
  const calls = [call, beneath[call]].filter(name => name !== undefined).join(',')
  const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${nth}`]
  const args = ['-f', '-qq', '-o', '/dev/null', ...inject, '--', process.execPath, ...program]
  // io_uring would change files without a system call for each.
  const { code, signal, stderr } = await runProcess('strace', args, { env: { UV_USE_IO_URING: '0' } })
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the run ended with ${code ?? signal}: ${stderr}`)
  return signal === 'SIGKILL'
}
