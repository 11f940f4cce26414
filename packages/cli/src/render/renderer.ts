/**
 * A renderer turns what happens in a run into text. Renderers are plain functions of events: they write nothing,
 * so that each can be tested as a table, and joined with any sink.
 */
import type {
  Change,
  ExitCode,
  Outcome,
  OutcomeCounts,
  Plan,
  Problem,
  Progress,
  Report,
  SyncErrorCode,
  WatchReport,
  WatchState,
} from '@facsimile/core'
import type { CommandName } from '../commands.js'

/** One run, before it begins. */
export interface Run {
  readonly command: Exclude<CommandName, 'explain'>
  readonly source: string
  readonly replica: string
  readonly dryRun: boolean
  /** When it begins. */
  readonly date: Date
}

/** Why a run did not go on, where no problem at one place says it. */
export interface Failure {
  /** A code of the library's errors, or one of the command's own. */
  readonly code: string
  readonly exitCode: ExitCode
  /** One sentence, not escaped yet. */
  readonly message: string
}

/** The code of the failure that stdout cannot tell of, for it is the one that failed. */
export const outputFailed = 'output-failed'

/** How a run ended. */
export interface RunEnd {
  readonly run: Run
  /** What the command ends with; may be worse than the report's. */
  readonly exitCode: ExitCode
  /** Absent when the run never began. */
  readonly report: Report | WatchReport | undefined
  readonly failures: readonly Failure[]
  readonly date: Date
}

/** Each returns whole lines, or the empty string. */
export interface Renderer {
  start(run: Run): string
  plan(plan: Plan): string
  /** A change that a dry run or a check only shows. */
  planned(change: Change): string
  outcome(outcome: Outcome): string
  problem(problem: Problem): string
  progress(progress: Progress): string
  end(end: RunEnd): string
  /** Before the wait for the next run of a series, of which so many in a row have failed. */
  wait(next: Date, failures?: number): string
  /** Before a run that makes up for so many others, which did not begin at their time. */
  missed(count: number): string
  /** How far a watch can be relied on, whenever that is another. */
  watch(state: WatchState): string
  /** The same, whose lines say which of several replicas they are about. */
  about?(replica: string): Renderer
}

/** Says nothing; renderers override what they tell. */
export const silent: Renderer = {
  start: () => '',
  plan: () => '',
  planned: () => '',
  outcome: () => '',
  problem: () => '',
  progress: () => '',
  end: () => '',
  wait: () => '',
  missed: () => '',
  watch: () => '',
}

/** Whether a run changes nothing by its nature. */
export function isPreview(run: Pick<Run, 'command' | 'dryRun'>): boolean {
  return run.dryRun || run.command === 'check' || run.command === 'plan'
}

/** Whether a run ended before it began to change anything, for a reason that a problem has said. */
export function isRefused({ failures }: Pick<RunEnd, 'failures'>): boolean {
  return failures.some(({ code }) => refusals.has(code))
}

const refusals: ReadonlySet<string> = new Set<SyncErrorCode>([
  'invalid-options',
  'root-refused',
  'too-many-deletions',
  'locked',
])

/** Whether the run of a watch looked at no more than what had been touched. */
export function isOfTouched(report: Report | WatchReport): boolean {
  return 'scope' in report && report.scope === 'touched'
}

/** How many changes were planned that a run ended without having come to. Of a preview that is no question. */
export function notReached({ planned, done, failed, skipped, withheld }: OutcomeCounts): number {
  return planned - done - failed - skipped - withheld
}
