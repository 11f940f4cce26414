/** What one call of the command does: opens its outputs, then runs once, or every so many minutes. */
import * as library from '@facsimile/core'
import type { ExitCode, SyncOptions } from '@facsimile/core'
import { refuseGarbledDirectory } from './garbled-names.js'
import { runEvery } from './interval.js'
import type { Io } from './io.js'
import { canDraw, noLiveLine, TerminalLine } from './live-line.js'
import { LogFile } from './log-file.js'
import { openOutputs } from './outputs.js'
import type { Request } from './parse.js'
import { type Core, type RunContext, runOnce } from './run-once.js'
import { exitCodeAfter, listenForStop } from './signals.js'
import { flushAll, tell } from './sink.js'
import { stateFolderFrom } from './state-folder.js'
import { leaveLostDirectory } from './working-directory.js'

type RunRequest = Extract<Request, { readonly kind: 'run' }>

/** @param core the library to call, where it is not the real one */
export async function runSession(request: RunRequest, io: Io, core: Core = library): Promise<ExitCode> {
  const { folders, given } = request
  const paths = [folders.source, folders.replica, ...(given.log === undefined ? [] : [given.log])]
  refuseGarbledDirectory(paths)
  leaveLostDirectory(paths)
  const log = given.log === undefined ? undefined : new LogFile(given.log, folders.replica)
  try {
    return await runLogged({ request, io, core, log })
  } finally {
    log?.close()
  }
}

interface Session {
  readonly request: RunRequest
  readonly io: Io
  readonly core: Core
  readonly log: LogFile | undefined
}

async function runLogged({ request, io, core, log }: Session): Promise<ExitCode> {
  const { command, folders, given } = request
  const { log: _log, intervalMs, json = false, quiet = false, verbose = false, ...flagged } = given
  const stateFolder = stateFolderFrom(io.env)
  const options: SyncOptions = {
    ...flagged,
    ...folders,
    ...(log === undefined ? {} : { ownFiles: [log.path] }),
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
  const stop = listenForStop({ host, now: clock.now, beforeEnd })
  try {
    const style = { json, quiet, verbose }
    const outputs = openOutputs({ io, style, options, live, log, signal: stop.signal })
    const context: RunContext = { core, options, ...outputs, log, live, clock, stop }
    const run = async (): Promise<ExitCode> => {
      const watchdog = io.watch({ isLive, onHung: signal => stop.endNow(signal) })
      const onStop = (): void => watchdog.stopping(stop.received() ?? 'SIGTERM')
      stop.signal.addEventListener('abort', onStop)
      try {
        const dryRun = options.dryRun === true
        return await runOnce({ command, ...folders, dryRun, date: clock.date() }, context)
      } finally {
        stop.signal.removeEventListener('abort', onStop)
        watchdog.end()
      }
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
