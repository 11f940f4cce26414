/** A run for several replicas: the library is called once, and what it tells of each is passed on with its name. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type ExitCode, type ManySyncOptions, type ReplicaResult, SyncError } from '@facsimile/core'
import { type Ended, endOf } from './ended.js'
import { type LiveLine, noLiveLine } from './live-line.js'
import { labelOf } from './render/label.js'
import { ProgressMeter } from './render/progress.js'
import type { Run, RunEnd } from './render/renderer.js'
import { eventsOf, logFailures, type RunContext, tellTrouble, withOutputFailure, worse } from './run-once.js'
import { exitCodeAfter } from './signals.js'
import { flushAll, tell, type Teller } from './sink.js'

/** One replica, and those who tell of it. */
interface Part {
  readonly run: Run
  readonly tellers: readonly Teller[]
}

interface AllEnded {
  /** The most severe of all. */
  readonly exitCode: ExitCode
  readonly each: readonly Ended[]
}

export async function runTogether(runs: readonly Run[], context: RunContext): Promise<ExitCode> {
  const { tellers, stdout, log, history, live, clock, stop } = context
  const parts = runs.map(run => ({ run, tellers: tellers.map(teller => about(teller, run.replica)) }))
  for (const { run, tellers: own } of parts) await tell(own, renderer => renderer.start(run))
  const ended = await callLibrary(parts, context)
  live.clear()
  await flushAll(tellers)
  await tellTrouble(log, tellers)

  const lost = logFailures(log)
  const ends = parts.map((part, index): Part & { readonly end: RunEnd } => {
    const { exitCode = 1, report, failures = [] } = ended.each[index] ?? {}
    // What is wrong with the log is said once.
    const all = index === 0 ? [...failures, ...lost] : failures
    const own = exitCodeAfter(stop, worse(exitCode, all.length > failures.length))
    return { ...part, end: { run: part.run, exitCode: own, report, failures: all, date: clock.date() } }
  })
  await tellEnds(ends, ({ sink }) => sink === stdout)
  // Only now, and a turn later, is known what became of stdout; stderr and the log say that too.
  await nextTurn()
  const reason = stdout.takeFailure()
  const known = ends.map((part, index) =>
    index === 0 ? { ...part, end: withOutputFailure(part.end, reason) } : part,
  )
  await tellEnds(known, ({ sink }) => sink !== stdout)
  await tellTrouble(history, tellers)
  return exitCodeAfter(stop, worse(ended.exitCode, lost.length > 0 || reason !== undefined))
}

async function tellEnds(
  parts: readonly (Part & { readonly end: RunEnd })[],
  isMeant: (teller: Teller) => boolean,
): Promise<void> {
  for (const { end, tellers } of parts) {
    const meant = tellers.filter(isMeant)
    await tell(meant, renderer => renderer.end(end))
    await flushAll(meant)
  }
}

function about({ renderer, sink }: Teller, replica: string): Teller {
  return { renderer: renderer.about?.(replica) ?? renderer, sink }
}

async function callLibrary(parts: readonly Part[], context: RunContext): Promise<AllEnded> {
  const { core, live, stop } = context
  const told = new Map(
    parts.map(({ run, tellers }) => {
      const own = { ...context, tellers, live: labelledLine(live, run.replica) }
      return [run.replica, eventsOf(run, own, live === noLiveLine ? undefined : new ProgressMeter())]
    }),
  )
  const [first] = told.values()
  const { replica: _replica, on: _on, callerHelps: _helps, ...given } = context.options
  const options: ManySyncOptions = {
    ...given,
    replicas: parts.map(({ run }) => run.replica),
    signal: stop.signal,
    on: {
      plan: async (plan, replica) => await told.get(replica)?.plan?.(plan),
      // Nothing is told for each entry where nobody says it.
      ...(first?.outcome === undefined
        ? {}
        : { outcome: async (outcome, replica) => await told.get(replica)?.outcome?.(outcome) }),
      problem: (problem, replica) => told.get(replica)?.problem?.(problem),
      progress: (progress, replica) => told.get(replica)?.progress?.(progress),
    },
  }
  const isCheck = parts.some(({ run }) => run.command === 'check')
  try {
    const { exitCode, replicas } = await (isCheck ? core.checkFolders(options) : core.syncFolders(options))
    return { exitCode, each: replicas.map(result => endOfReplica(result, context)) }
  } catch (error) {
    if (error instanceof SyncError && error.replicas !== undefined)
      return {
        exitCode: error.exitCode,
        each: error.replicas.map(result => endOfReplica(result, context)),
      }
    const ended = endOf(error, stop.received())
    // It is about all of them, and said once.
    const others = parts.slice(1).map(() => ({ ...ended, failures: [] }))
    return { exitCode: ended.exitCode, each: [ended, ...others] }
  }
}

function endOfReplica({ report, error }: ReplicaResult, { stop }: RunContext): Ended {
  return error === undefined
    ? { exitCode: report.exitCode, report, failures: [] }
    : endOf(error, stop.received())
}

/** The line shows whichever replica told last. */
function labelledLine(live: LiveLine, replica: string): LiveLine {
  if (live === noLiveLine) return live
  return {
    isDue: () => live.isDue(),
    show: text => live.show(`${labelOf(replica)}${text}`),
    clear: () => live.clear(),
  }
}
