/**
 * Signals that stop the command. The first aborts the run cleanly; a second one ends the process at once.
 *
 * A terminal sends Ctrl+C to every process of the job, and package managers pass it on to their child once more,
 * so one press can arrive twice. The same signal is therefore not counted again within {@link echoMs}.
 */
import { type StopSignal, signalExitCodes, stopSignals } from './exit-codes.js'
import type { ExitCode } from '@facsimile/core'

/** How soon after the first the same signal is taken for its echo. A person is not that quick. */
export const echoMs = 100

/** The part of `process` that signals need. */
export interface StopHost {
  readonly pid: number
  readonly platform: string
  on(signal: StopSignal, listener: () => void): unknown
  removeListener(signal: StopSignal, listener: () => void): unknown
  kill(pid: number, signal: StopSignal): unknown
  exit(code: number): unknown
}

export interface Stop {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal
  /** The signal that came, if one came. */
  readonly received: () => StopSignal | undefined
  /** Ends the process at once, as the signal would, after the last words. */
  readonly endNow: (name: StopSignal) => void
  /** Stops listening. */
  readonly dispose: () => void
}

interface StopOptions {
  readonly host: StopHost
  readonly now: () => number
  /** Last words before the process ends at once: what is buffered is written. Must be quick and must not throw. */
  readonly beforeEnd: () => void
  /** What a SIGHUP does instead of stopping: services are told so to open their logs anew. */
  readonly onHangup?: (() => void) | undefined
}

/** Listens for the signals until disposed. */
export function listenForStop({ host, now, beforeEnd, onHangup }: StopOptions): Stop {
  const controller = new AbortController()
  let first: { readonly name: StopSignal; readonly at: number } | undefined

  const listeners = stopSignals.map(name => ({
    name,
    listener: (): void => {
      if (name === 'SIGHUP' && onHangup !== undefined) {
        onHangup()
      } else if (first === undefined) {
        first = { name, at: now() }
        controller.abort(new Error(`stopped by ${name}`))
      } else if (name !== first.name || now() - first.at >= echoMs) {
        endNow(name)
      }
    },
  }))
  const dispose = (): void => {
    for (const { name, listener } of listeners) host.removeListener(name, listener)
  }

  const endNow = (name: StopSignal): void => {
    beforeEnd()
    dispose()
    endBySignal(host, name)
  }

  for (const { name, listener } of listeners) host.on(name, listener)
  return { signal: controller.signal, received: () => first?.name, endNow, dispose }
}

/** Ends the process at once, as the signal itself would. Nobody may be listening for it any more. */
export function endBySignal(host: StopHost, name: StopSignal): void {
  // Without listeners the signal kills the process where it stands. `exit` would wait for threads, and one of
  // them may hang in the system. Windows knows no signals, and the first process of a container hears none.
  if (host.platform !== 'win32') host.kill(host.pid, name)
  host.exit(signalExitCodes[name])
}

/** The exit code of a run: a signal comes before everything else. */
export function exitCodeAfter(stop: Pick<Stop, 'received'>, exitCode: ExitCode): ExitCode {
  const received = stop.received()
  return received === undefined ? exitCode : signalExitCodes[received]
}
