/**
 * Runs at once and then every so many milliseconds after the start, until aborted.
 *
 * - The runs lie on a fixed grid, so that their own length does not add up.
 * - Never two at a time: the grid points that a long run (or a sleeping machine) missed are left out, not caught up.
 * - A run that fails does not end the series, only one that can never work does.
 */
import { usageExitCode } from './exit-codes.js'
import type { Clock } from './io.js'
import type { ExitCode } from '@facsimile/core'

interface IntervalOptions {
  readonly intervalMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly run: () => Promise<ExitCode>
  /** Told before each wait. */
  readonly onWait: (next: Date) => void | Promise<void>
}

/** @returns the exit code of the last run, once the series has ended */
export async function runEvery({
  intervalMs,
  clock,
  signal,
  run,
  onWait,
}: IntervalOptions): Promise<ExitCode> {
  const start = clock.now()
  for (;;) {
    const exitCode = await run()
    if (signal.aborted || exitCode === usageExitCode) return exitCode
    const due = nextDue(start, intervalMs, clock.now())
    await onWait(new Date(clock.date().getTime() + due - clock.now()))
    await clock.wait(Math.max(0, due - clock.now()), signal)
    if (signal.aborted) return exitCode
  }
}

/** The first point of the grid that is not over yet. */
export function nextDue(start: number, intervalMs: number, now: number): number {
  const passed = Math.floor((now - start) / intervalMs)
  return start + (passed + 1) * intervalMs
}
