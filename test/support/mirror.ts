/** Runs the library as tests do: each way of holding directories, in the caller's thread and in worker threads. */
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Change, Problem, Report, SyncEvents, SyncOptions } from '@facsimile/core'
import { describe, expect } from 'vitest'
import type { Internals } from '../../packages/core/dist/internals.js'
import { syncWith } from './core.mjs'
import { type Fault, type Faulty, faulty } from './faulty.js'
import { useTemporaryDirectory } from './temp.js'

type Held = 'libc' | 'proc' | 'paths'
export type Setting = { readonly held: Held; readonly concurrency: number }

/** Whether the C library is called; `npm run test:plain` does without. */
const native: boolean = process.env['FACSIMILE_NATIVE'] !== '0'

/** The way that holds directories open: the one of the two that this run of the tests is about. */
export const holding: Held = native ? 'libc' : 'proc'

const held: readonly Held[] = process.platform === 'linux' ? [holding, 'paths'] : ['paths']

/**
 * The ways this platform has, each in one thread and in several. What threads are to the way by paths, they are to the
 * other: they meet without the C library only, where the suite has less to do.
 */
export const settings: readonly Setting[] = held
  .flatMap(way => [1, 2].map(concurrency => ({ held: way, concurrency })))
  .filter(({ held: way, concurrency }) => concurrency === 1 || way === held[0] || !native)

/** A `describe` for each way of holding directories, in the caller's thread and in two worker threads. */
export function describeEachSetting(what: string, tests: (setting: Setting) => void): void {
  for (const setting of settings) {
    describe(`${what} (${setting.held}, ${setting.concurrency === 1 ? 'inline' : 'threads'})`, () => {
      tests(setting)
    })
  }
}

/** A `describe` for each way of holding directories. */
export function describeEachWay(what: string, tests: (setting: Setting) => void): void {
  for (const way of held) {
    describe(`${what} (${way})`, () => {
      tests({ held: way, concurrency: 1 })
    })
  }
}

/**
 * The cases of a table for a setting: all of them in the caller's thread; in worker threads, which cost much to
 * start, every third, another third for each way.
 */
export function sampled<T>(cases: readonly T[], { held: way, concurrency }: Setting): readonly T[] {
  return concurrency === 1 ? cases : cases.filter((_, index) => index % 3 === held.indexOf(way))
}

export type Folders = {
  /** The directory of the test, which holds both. */
  readonly path: string
  readonly source: string
  readonly replica: string
  /** What each run on them is told, unless it says otherwise. */
  readonly options?: Partial<SyncOptions>
}

/**
 * A source and a replica for each test; neither is made. Tests of what is copied and deleted say `renames: false` for all their
 * runs: their files are alike, and what is deleted would be renamed to what is created.
 */
export function useFolders(options: Partial<SyncOptions> = {}): Folders {
  const temporary = useTemporaryDirectory()
  return {
    options,
    get path() {
      return temporary.path
    },
    get source() {
      return join(temporary.path, 'source')
    },
    get replica() {
      return join(temporary.path, 'replica')
    },
  }
}

export type Mirrored = {
  readonly report: Report
  readonly changes: readonly Change[]
  readonly problems: readonly Problem[]
  readonly faults: Faulty
}

/**
 * Mirrors, whatever comes of it: the report, the planned changes and the problems. Fails when a handle is left
 * open, when a staging directory is left behind, and when a planted fault was never met.
 */
export async function mirror(
  folders: Folders,
  { held, concurrency }: Setting,
  options: Partial<SyncOptions> = {},
  planted: readonly Fault[] = [],
  internals: Internals = {},
): Promise<Mirrored> {
  const { source, replica, path } = folders
  const faults = faulty(planted, concurrency > 1)
  const changes: Change[] = []
  const problems: Problem[] = []
  const on: SyncEvents = {
    ...options.on,
    plan: async plan => {
      changes.push(...plan.changes)
      await options.on?.plan?.(plan)
    },
    problem: problem => {
      problems.push(problem)
      options.on?.problem?.(problem)
    },
  }
  const stagedBefore = [...stagedIn(replica), ...stagedIn(source)]
  const all = { source, replica, held, concurrency, reject: false, stateFolder: join(path, 'state') }
  try {
    const report = await syncWith(
      { ...all, ...folders.options, ...options, on },
      { ...faults.internals, ...internals },
    )
    return { report, changes, problems, faults }
  } finally {
    expect(faults.openHandles, 'handles left open').toBe(0)
    expect(openBeneath(path), 'descriptors left open').toEqual([])
    const left = stagedIn(replica).filter(name => !stagedBefore.includes(name))
    expect(left, 'staging left behind').toEqual([])
    expect(faults.struck.indexOf(0), 'a fault that was never met').toBe(-1)
  }
}

/** A second run has nothing to do, and finds nothing to complain about. */
export async function expectNothingLeft(
  folders: Folders,
  setting: Setting,
  options: Partial<SyncOptions> = {},
): Promise<void> {
  const { report, changes } = await mirror(folders, setting, options)
  expect(changes.map(shownChange)).toEqual([])
  expect(report.exitCode).toBe(0)
}

/** One line for a change: its action and its path, and why it is not done if it is not. */
export function shownChange({ action, path, withheld }: Change): string {
  return withheld === undefined ? `${action} ${path}` : `${action} ${path}: ${withheld}`
}

/** One line for a problem. */
export function shownProblem({ code, path }: Problem): string {
  return `${code} ${path}`
}

export function stagedIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder).filter(name => name.startsWith('.facsimile-'))
}

/** What this process holds open at or beneath a path. */
function openBeneath(path: string): readonly string[] {
  if (!existsSync('/proc/self/fd')) return []
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target === path || target.startsWith(`${path}/`) ? [target] : []
    } catch {
      // The descriptor this list was read by.
      return []
    }
  })
}
