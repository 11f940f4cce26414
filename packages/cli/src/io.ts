/** What the command touches of its process, so that tests can give it another one. */
import type { StopHost } from './signals.js'
import { startWatchdog, type Watchdog, type Watched } from './hung/watchdog.js'

/** A standard stream, as far as it is used. */
export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  /** @returns false when the stream holds more than it likes; `drain` follows */
  write(text: string): boolean
  on(event: 'drain', listener: () => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
}

/** How wide a stream is; terminals of no known width say 0. */
export function columnsOf({ columns = 0 }: Pick<OutputStream, 'columns'>): number {
  return columns > 0 ? columns : 80
}

/** Time that only goes forward, and waiting for it. */
export interface Clock {
  /** Milliseconds since some moment; not touched by changes of the calendar. */
  readonly now: () => number
  /** The calendar's time, for what people read. */
  readonly date: () => Date
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Io {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly host: StopHost
  /** Watches a run for calls that nobody answers. */
  readonly watch: (watched: Watched) => Watchdog
}

/** The real process. */
export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    host: process,
    watch: startWatchdog,
  }
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  wait: (ms, signal) =>
    new Promise(resolve => {
      if (signal.aborted) return resolve()
      const finish = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      signal.addEventListener('abort', finish)
    }),
}
