/** One run: the library is called, and what it tells is passed on. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type * as core from '@facsimile/core'
import type { ExitCode, Plan, Problem, SyncEvents, SyncOptions } from '@facsimile/core'
import { incompleteExitCode } from './exit-codes.js'
import { type Ended, endOf } from './ended.js'
import type { Clock } from './io.js'
import { type LiveLine, noLiveLine } from './live-line.js'
import type { LogFile } from './log-file.js'
import { ProgressMeter } from './render/progress.js'
import { type Failure, isPreview, outputFailed, type Run, type RunEnd, silent } from './render/renderer.js'
import { exitCodeAfter, type Stop } from './signals.js'
import { flushAll, tell, type Teller } from './sink.js'
import type { StreamSink } from './stream-sink.js'

/** The part of the library that the command calls. */
export type Core = Pick<
  typeof core,
  'syncFolders' | 'checkFolders' | 'watchFolders' | 'holdPlan' | 'readPlan' | 'applyPlan' | 'explainPath'
>

export interface RunContext {
  readonly core: Core
  readonly options: SyncOptions
  /** Makes the call that is none of a plain run or check. */
  readonly callPlan?: ((options: SyncOptions) => Promise<Ended>) | undefined
  readonly tellers: readonly Teller[]
  /** The sink of those that tell on stdout. */
  readonly stdout: StreamSink
  readonly log: LogFile | undefined
  /** What may have trouble of its own. */
  readonly history?: { readonly takeTrouble: () => string | undefined } | undefined
  readonly live: LiveLine
  readonly clock: Clock
  readonly stop: Pick<Stop, 'signal' | 'received'>
}

export async function runOnce(run: Run, context: RunContext): Promise<ExitCode> {
  const { tellers, stdout, log, history, live, clock, stop } = context
  await tell(tellers, renderer => renderer.start(run))
  const ended = await callLibrary(run, context, live === noLiveLine ? undefined : new ProgressMeter())
  live.clear()
  await flushAll(tellers)
  await tellTrouble(log, tellers)

  const failures = [...ended.failures, ...logFailures(log)]
  const exitCode = exitCodeAfter(stop, worse(ended.exitCode, failures.length > ended.failures.length))
  const end: RunEnd = { run, exitCode, report: ended.report, failures, date: clock.date() }
  const onStdout = tellers.filter(({ sink }) => sink === stdout)
  await tell(onStdout, renderer => renderer.end(end))
  await flushAll(onStdout)
  // Only now, and a turn later, is known what became of stdout; stderr and the log say that too.
  await nextTurn()
  const known = withOutputFailure(end, stdout.takeFailure())
  const others = tellers.filter(({ sink }) => sink !== stdout)
  await tell(others, renderer => renderer.end(known))
  await flushAll(others)
  await tellTrouble(history, others)
  return known.exitCode
}

export function withOutputFailure(end: RunEnd, reason: string | undefined): RunEnd {
  if (reason === undefined) return end
  const message = `lines on stdout were lost: ${reason}; nothing else was left undone for that`
  const failure: Failure = { code: outputFailed, exitCode: incompleteExitCode, message }
  return { ...end, exitCode: worse(end.exitCode, true), failures: [...end.failures, failure] }
}

async function callLibrary(run: Run, context: RunContext, meter: ProgressMeter | undefined): Promise<Ended> {
  const { core, stop, callPlan } = context
  const options: SyncOptions = { ...context.options, signal: stop.signal, on: eventsOf(run, context, meter) }
  try {
    if (callPlan !== undefined) return await callPlan(options)
    const report = await (run.command === 'check' ? core.checkFolders(options) : core.syncFolders(options))
    return { exitCode: report.exitCode, report, failures: [] }
  } catch (error) {
    return endOf(error, stop.received())
  }
}

export function eventsOf(
  run: Run,
  { tellers, log, live, clock, stop }: RunContext,
  meter: ProgressMeter | undefined,
): SyncEvents {
  const preview = isPreview(run)
  // Nothing is told for each entry where nobody says it: making a change out of a row costs as much as a copy.
  const saysOutcomes = !preview && tellers.some(({ renderer }) => renderer.outcome !== silent.outcome)
  return {
    plan: async plan => {
      log?.requirePlace()
      await tell(tellers, renderer => renderer.plan(plan))
      // What is refused will not be done, so it is not shown as if it were. A check refuses nothing.
      if (run.command === 'check' || (preview && plan.refusals.length === 0)) {
        await tellPlanned(plan, tellers, stop.signal)
      }
    },
    ...(saysOutcomes
      ? { outcome: async outcome => await tell(tellers, renderer => renderer.outcome(outcome)) }
      : {}),
    problem: problem => void tell(tellers, renderer => renderer.problem(problem)),
    progress: progress => {
      void tell(tellers, renderer => renderer.progress(progress))
      if (meter === undefined || !live.isDue()) return
      // What is gathered is printed with the redraw, so that it does not take the line away in between.
      void flushAll(tellers)
      live.show(meter.line(progress, clock.now()))
    },
  }
}

/** Signals are heard between so many lines. */
const linesPerTurn = 1000

async function tellPlanned(plan: Plan, tellers: readonly Teller[], signal: AbortSignal): Promise<void> {
  let told = 0
  for (const change of plan.changes) {
    if (signal.aborted) return
    await tell(tellers, renderer => renderer.planned(change))
    told += 1
    if (told % linesPerTurn === 0) await nextTurn()
  }
}

/** What is wrong with a file that is written to, though nothing was left undone for that. */
export async function tellTrouble(file: RunContext['history'], tellers: readonly Teller[]): Promise<void> {
  const message = file?.takeTrouble()
  if (message === undefined) return
  const problem: Problem = {
    code: 'notice',
    side: 'replica',
    path: '',
    message,
    exitCode: 0,
    errno: undefined,
  }
  await tell(tellers, renderer => renderer.problem(problem))
  await flushAll(tellers)
}

export function logFailures(log: LogFile | undefined): readonly Failure[] {
  const reason = log?.takeFailure()
  if (log === undefined || reason === undefined) return []
  const message = `lines of the log ${log.path} were lost: ${reason}; nothing else was left undone for that`
  return [{ code: 'log-failed', exitCode: incompleteExitCode, message }]
}

export function worse(exitCode: ExitCode, linesWereLost: boolean): ExitCode {
  return exitCode === 0 && linesWereLost ? incompleteExitCode : exitCode
}
