/** A library that behaves as a test wants it, and a call of the command with it. */
import type { Change, Report, SyncOptions } from '@facsimile/core'
import { run } from '../../src/cli.js'
import type { Core } from '../../src/run-once.js'
import { type FakeIo, fakeIo } from './fake-io.js'
import { change, changeCounts, counts, plan, progress, report } from './samples.js'

export type Behaviour = (options: SyncOptions) => Promise<Report>

export const changes: readonly Change[] = [
  change({ path: 'new.txt' }),
  change({ action: 'update', path: 'a\nb', reasons: ['size', 'mtime'] }),
  change({ action: 'delete', path: 'old', kind: 'directory', reasons: ['extraneous'] }),
]

/** How the changes are told. */
export const changeLines = 'create    new.txt\nupdate    a\\nb\ndelete    old/\n'

/** Tells a plan and its outcomes, as the library does. */
export const mirror: Behaviour = async ({ on, dryRun = false }) => {
  on?.progress?.(progress({ phase: 'scan', entries: 3 }))
  await on?.plan?.(plan(changes))
  for (const each of dryRun ? [] : changes) {
    await on?.outcome?.({
      change: each,
      status: 'done',
      problem: undefined,
      bytes: each.bytes,
      digest: undefined,
    })
    on?.progress?.(progress({ entries: 1, totalEntries: 3 }))
  }
  const settled = counts({ planned: 1, done: dryRun ? 0 : 1 })
  return report({ dryRun, changes: changeCounts({ create: settled, update: settled, delete: settled }) })
}

const notCalled = (): never => {
  throw new Error('this is not to be called')
}

/** Where plans, explanations and watches are not what a test is about. */
export const noPlans: Pick<Core, 'watchFolders' | 'holdPlan' | 'readPlan' | 'applyPlan' | 'explainPath'> = {
  watchFolders: notCalled,
  holdPlan: notCalled,
  readPlan: notCalled,
  applyPlan: notCalled,
  explainPath: notCalled,
}

/** As `checkFolders` does. */
export const compareOnly: Behaviour = options => mirror({ ...options, dryRun: true })

export interface Called {
  readonly exitCode: number
  readonly out: string
  readonly err: string
  /** What the library was asked, each time. */
  readonly asked: readonly SyncOptions[]
  /** Which of its functions was called. */
  readonly called: readonly string[]
}

export async function call(
  argv: readonly string[],
  behave: Behaviour = mirror,
  io: FakeIo = fakeIo(),
): Promise<Called> {
  const asked: SyncOptions[] = []
  const called: string[] = []
  const named =
    (name: string): Behaviour =>
    options => {
      asked.push(options)
      called.push(name)
      return behave(options)
    }
  const core = { ...noPlans, syncFolders: named('sync'), checkFolders: named('check') } as Core
  const exitCode = await run(argv, io, { core })
  return { exitCode, out: io.stdout.text, err: io.stderr.text, asked, called }
}
