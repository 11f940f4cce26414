/** Runs by `--every` or `--cron`, by the library's own series. Loaded by the calls that ask for it. */
import {
  type Cadence,
  type ExitCode,
  nextPoint,
  scheduleRuns,
  type SyncOptions,
  type Verdict,
} from '@facsimile/core'
import { asUsage } from './as-usage.js'
import { usageExitCode } from './exit-codes.js'
import type { Given } from './flag.js'
import type { Clock } from './io.js'
import { flushAll, tell, type Teller } from './sink.js'

interface Repeated {
  readonly run: () => Promise<ExitCode>
  /** Of which a difference is what it is to find, and no failure. */
  readonly isCheck: boolean
  /** What each run is called with, but for its signal and its events. */
  readonly options: SyncOptions
  readonly signal: AbortSignal
  readonly tellers: readonly Teller[]
}

/** Runs again and again until the signal aborts. */
export type Repeat = (repeated: Repeated) => Promise<ExitCode>

/** @throws UsageError when the cadence cannot be */
export async function prepareSeries(
  { every, cron, timeZone }: Pick<Given, 'every' | 'cron' | 'timeZone'>,
  clock: Clock,
): Promise<Repeat> {
  const cadence = { every, cron, timeZone } as Cadence
  const first = await firstPoint(cadence, clock)
  return async ({ run, isCheck, signal, tellers }) => {
    const tellWait = async (next: Date, failures: number): Promise<void> => {
      await tell(tellers, renderer => renderer.wait(next, failures))
      await flushAll(tellers)
    }
    let told = 0
    const series = scheduleRuns<ExitCode>({
      ...cadence,
      clock,
      signal,
      run: async () => {
        const { missed } = series.state
        if (missed > told) await tell(tellers, renderer => renderer.missed(missed - told))
        told = missed
        return await run()
      },
      judge: exitCode => judge(exitCode, isCheck),
    })
    // The first run of a fixed grid begins at once.
    if (cron !== undefined && first !== undefined) await tellWait(first, 0)
    let last: ExitCode = 0
    for await (const exitCode of series) {
      last = exitCode
      const { next, failuresInARow } = series.state
      if (next !== undefined) await tellWait(next, failuresInARow)
    }
    return last
  }
}

function judge(exitCode: ExitCode, isCheck: boolean): Verdict {
  if (exitCode === usageExitCode) return 'final'
  return exitCode === 0 || exitCode === 24 || (isCheck && exitCode === 28) ? 'good' : 'failed'
}

async function firstPoint(cadence: Cadence, clock: Clock): Promise<Date | undefined> {
  try {
    return await nextPoint(cadence, clock.date())
  } catch (error) {
    throw asUsage(error)
  }
}
