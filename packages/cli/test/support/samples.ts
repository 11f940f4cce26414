/** Events as the library sends them, each with what a test cares about and defaults for the rest. */
import type {
  Action,
  Change,
  Entry,
  Outcome,
  OutcomeCounts,
  Plan,
  Problem,
  Progress,
  Report,
  WatchState,
} from '@facsimile/core'
import type { Run, RunEnd } from '../../src/render/renderer.js'

export const date: Date = new Date('2026-01-31T12:00:00.000Z')

function entry(fields: Partial<Entry> = {}): Entry {
  return {
    kind: 'file',
    size: 1,
    allocated: 4096,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtimeNs: 0n,
    ctimeNs: 0n,
    device: 1n,
    inode: 1n,
    links: 1,
    deviceNumber: 0,
    ...fields,
  }
}

export function change(fields: Partial<Change> = {}): Change {
  return {
    action: 'create',
    path: 'a.txt',
    kind: 'file',
    linkedTo: undefined,
    renamedFrom: undefined,
    before: undefined,
    after: entry(),
    bytes: 1,
    reasons: ['new'],
    withheld: undefined,
    ...fields,
  }
}

export function outcome(
  fields: Partial<Omit<Outcome, 'change'>> = {},
  changed: Partial<Change> = {},
): Outcome {
  return {
    change: change(changed),
    status: 'done',
    problem: undefined,
    bytes: 1,
    digest: undefined,
    ...fields,
  }
}

export function problem(fields: Partial<Problem> = {}): Problem {
  return {
    code: 'replica-failed',
    path: 'a.txt',
    side: 'replica',
    message: 'a.txt could not be written: permission denied (EACCES)',
    errno: 'EACCES',
    exitCode: 23,
    ...fields,
  }
}

export function progress(fields: Partial<Progress> = {}): Progress {
  return { phase: 'copy', entries: 0, totalEntries: 0, bytes: 0, totalBytes: 0, ...fields }
}

export function counts(fields: Partial<OutcomeCounts> = {}): OutcomeCounts {
  return { planned: 0, done: 0, failed: 0, skipped: 0, withheld: 0, ...fields }
}

export function changeCounts(fields: Partial<Record<Action, OutcomeCounts>> = {}): Report['changes'] {
  return {
    create: counts(),
    update: counts(),
    metadata: counts(),
    replace: counts(),
    rename: counts(),
    link: counts(),
    delete: counts(),
    ...fields,
  }
}

export function report(fields: Partial<Report> = {}): Report {
  return {
    source: '/source',
    replica: '/replica',
    exitCode: 0,
    exact: true,
    dryRun: false,
    unchanged: 3,
    changes: changeCounts(),
    bytes: 0,
    problems: [],
    moreProblems: 0,
    residuals: [],
    held: { source: 'proc', replica: 'proc' },
    startedAt: date.toISOString(),
    durationMs: 12,
    ...fields,
  }
}

export function run(fields: Partial<Run> = {}): Run {
  return { command: 'sync', source: 's', replica: 'r', dryRun: false, date, ...fields }
}

export function runEnd(fields: Partial<RunEnd> = {}): RunEnd {
  return { run: run(), exitCode: 0, report: report(), failures: [], date, ...fields }
}

export function watchState(fields: Partial<WatchState> = {}): WatchState {
  const lastProof = date.toISOString()
  return { coverage: 'live', reason: undefined, directories: 1234, lagMs: 0, lastProof, ...fields }
}

/** What the command reads of a plan. */
export function plan(changes: readonly Change[], fields: Partial<Plan> = {}): Plan {
  const byAction = { create: 0, update: 0, metadata: 0, replace: 0, rename: 0, link: 0, delete: 0 }
  for (const { action } of changes) byAction[action] += 1
  return {
    source: '/source',
    replica: '/replica',
    refusals: [],
    problems: [],
    residuals: [],
    totals: {
      changes: changes.length,
      withheld: 0,
      byAction,
      deletions: byAction.delete,
      additions: byAction.create,
      bytes: 0,
      spaceNeeded: 0,
      unchanged: 0,
      sourceEntries: changes.length,
      replicaEntries: 0,
    },
    changes,
    ...fields,
  } as Plan
}
