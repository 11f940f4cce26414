/** What one call of the command does: opens its outputs, then runs once, or every so many minutes. */
import * as library from '@facsimile/core'
import type { ExitCode, SyncOptions } from '@facsimile/core'
import type { Given } from './flag.js'
import { HistoryFile } from './history/history-file.js'
import { historyRenderer } from './history/history-renderer.js'
import { refuseGarbledDirectory } from './garbled-names.js'
import { runEvery } from './interval.js'
import type { Io } from './io.js'
import { canDraw, noLiveLine, TerminalLine } from './live-line.js'
import { isInside, LogFile } from './log-file.js'
import { openOutputs } from './outputs.js'
import type { Folders, Request } from './parse.js'
import { planCalls } from './plan-calls.js'
import type { Run } from './render/renderer.js'
import { type Core, type RunContext, runOnce } from './run-once.js'
import { runTogether } from './run-together.js'
import type { Repeat } from './series.js'
import { exitCodeAfter, listenForStop, type StopHost } from './signals.js'
import { flushAll, tell } from './sink.js'
import { stateFolderFrom, stateFolderOf } from './state-folder.js'
import { leaveLostDirectory } from './working-directory.js'

// One file for all that calls the library: what two files need would be one more for each run to load.
export { explain } from './explain.js'

type RunRequest = Extract<Request, { readonly kind: 'run' | 'apply' }>

/**
 * @param core the library to call, where it is not the real one
 * @param job the schedule that this is a run of
 */
export async function runSession(
  request: RunRequest,
  io: Io,
  core: Core = library,
  job?: string,
): Promise<ExitCode> {
  const { given } = request
  const named =
    request.kind === 'apply' ? [request.file] : [request.folders.source, ...replicasOf(request.folders)]
  const paths = [...named, ...[given.log, given.out].filter(path => path !== undefined)]
  refuseGarbledDirectory(paths)
  leaveLostDirectory(paths)
  const plans = isPlain(request) ? undefined : await planCalls(request, core)
  const folders = request.kind === 'apply' ? plans?.folders : request.folders
  if (folders === undefined) throw new Error('a plan without folders')
  const repeated = await repeatedBy(given, core, io)
  const log = given.log === undefined ? undefined : new LogFile(given.log, ...replicasOf(folders))
  try {
    if (log !== undefined && isKept(given)) (await import('./log-limits.js')).keepLog(log, given, io.clock)
    const callPlan = plans?.call ?? repeated?.call
    return await runLogged({ request, folders, callPlan, io, core, log, repeat: repeated?.repeat, job })
  } finally {
    log?.close()
  }
}

/** What `--watch`, `--every` and `--cron` need is loaded for them only. */
async function repeatedBy(
  given: Given,
  core: Core,
  { clock }: Io,
): Promise<{ readonly repeat: Repeat; readonly call?: RunContext['callPlan'] } | undefined> {
  if (given.watch === true) return (await import('./watch.js')).prepareWatch(given, core)
  if (given.every === undefined && given.cron === undefined) return undefined
  return { repeat: await (await import('./series.js')).prepareSeries(given, clock) }
}

function isPlain(request: RunRequest): boolean {
  return request.kind === 'run' && request.command !== 'plan'
}

function replicasOf({ replica, replicas = [replica] }: Folders): readonly string[] {
  return replicas
}

interface Session {
  readonly request: RunRequest
  readonly folders: Folders
  readonly callPlan: RunContext['callPlan']
  readonly io: Io
  readonly core: Core
  readonly log: LogFile | undefined
  /** Where `--every`, `--cron` or `--watch` says when it runs. */
  readonly repeat: Repeat | undefined
  readonly job: string | undefined
}

async function runLogged({
  request,
  folders,
  callPlan,
  io,
  core,
  log,
  repeat,
  job,
}: Session): Promise<ExitCode> {
  const { given } = request
  const command = request.kind === 'apply' ? 'apply' : request.command
  const {
    log: _log,
    from0: _from0,
    run: _run,
    replicas: _replicas,
    out,
    intervalMs,
    every: _every,
    cron: _cron,
    timeZone: _timeZone,
    watch: _watch,
    reconcile: _reconcile,
    logMaxBytes: _logMaxBytes,
    logMaxAge: _logMaxAge,
    logKeep: _logKeep,
    install: _install,
    scheduler: _scheduler,
    ifDue: _ifDue,
    maxAge: _maxAge,
    json = false,
    quiet = false,
    verbose = false,
    ...flagged
  } = given
  const stateFolder = stateFolderFrom(io.env)
  const options: SyncOptions = {
    ...flagged,
    source: folders.source,
    replica: folders.replica,
    ...(log === undefined && out === undefined ? {} : { ownFiles: ownFiles(log, out) }),
    // This process does nothing else meanwhile.
    callerHelps: true,
    // Lets who cannot, or does not want to, load code that is not JavaScript do without.
    ...(io.env['FACSIMILE_NATIVE'] === '0' ? { native: false } : {}),
    ...(stateFolder === undefined ? {} : { stateFolder }),
  }
  const { clock, host } = io
  const isLive = !json && !quiet && canDraw(io.stderr, io.env)
  const live = isLive ? new TerminalLine(io.stderr, clock) : noLiveLine
  const beforeEnd = (): void => {
    log?.flush()
    live.clear()
  }
  const stop = listenForStop({ host, now: clock.now, beforeEnd, onHangup: onHangup(host, given, log) })
  try {
    const style = { json, quiet, verbose }
    const outputs = openOutputs({ io, style, options, live, log, signal: stop.signal })
    const history = historyOf(io, folders)
    const recorder = historyRenderer({ job, log, isWatch: given.watch === true })
    const recording = history === undefined ? [] : [{ renderer: recorder, sink: history }]
    const tellers = [...outputs.tellers, ...recording]
    const context: RunContext = {
      core,
      options,
      callPlan,
      ...outputs,
      tellers,
      log,
      history,
      live,
      clock,
      stop,
    }
    const pinned = log !== undefined && isInside(log.path, folders.source)
    const run = async (): Promise<ExitCode> => {
      const watchdog = io.watch({ isLive, onHung: signal => stop.endNow(signal) })
      const onStop = (): void => watchdog.stopping(stop.received() ?? 'SIGTERM')
      stop.signal.addEventListener('abort', onStop)
      if (pinned) log?.pin()
      try {
        const dryRun = options.dryRun === true
        const { source, replicas } = folders
        const date = clock.date()
        const runOf = (replica: string): Run => ({ command, source, replica, dryRun, date })
        if (replicas === undefined) return await runOnce(runOf(folders.replica), context)
        return await runTogether(replicas.map(runOf), context)
      } finally {
        stop.signal.removeEventListener('abort', onStop)
        watchdog.end()
        if (pinned) log?.unpin()
      }
    }
    if (repeat !== undefined) {
      const isCheck = command === 'check'
      const exitCode = await repeat({ run, isCheck, options, signal: stop.signal, tellers: outputs.tellers })
      return exitCodeAfter(stop, exitCode)
    }
    if (intervalMs === undefined) return await run()
    const onWait = async (next: Date): Promise<void> => {
      await tell(outputs.tellers, renderer => renderer.wait(next))
      await flushAll(outputs.tellers)
    }
    return exitCodeAfter(stop, await runEvery({ intervalMs, clock, signal: stop.signal, run, onWait }))
  } finally {
    stop.dispose()
  }
}

/** Who has no home has none. */
function historyOf({ env }: Io, folders: Folders): HistoryFile | undefined {
  const folder = stateFolderOf(env)
  return folder === undefined ? undefined : new HistoryFile(folder, replicasOf(folders))
}

function ownFiles(log: LogFile | undefined, out: string | undefined): readonly string[] {
  return [...(log?.paths ?? []), ...(out === undefined ? [] : [out])]
}

/** Whether runs are repeated until somebody stops that. */
function lasts({ intervalMs, every, cron, watch }: Given): boolean {
  return intervalMs !== undefined || every !== undefined || cron !== undefined || watch === true
}

/** Whether the log may have to be opened anew. */
function isKept(given: Given): boolean {
  return lasts(given) || given.logMaxBytes !== undefined || given.logMaxAge !== undefined
}

/** On Windows it says that the console is closed, which nobody survives. */
function onHangup({ platform }: StopHost, given: Given, log: LogFile | undefined): (() => void) | undefined {
  return log === undefined || !lasts(given) || platform === 'win32' ? undefined : () => log.reopen()
}
