import type { Cadence } from './cadence.js'
import { systemClock } from './clock.js'
import type { Board } from './run-series.js'
import type { ScheduledRuns, Series } from './series.js'

/**
 * Runs a function again and again: `every` so often, at once and then on a fixed grid, or by `cron`. See {@link Series}.
 *
 * Iterating rejects with a `SyncError` (2) when the cadence cannot be, and with whatever `run` throws.
 */
export function scheduleRuns<Result>(options: ScheduledRuns<Result>): Series<Result> {
  const { run, judge, clock = systemClock } = options
  const own = new AbortController()
  const signal = options.signal === undefined ? own.signal : AbortSignal.any([own.signal, options.signal])
  const board: Board<Result> = {
    state: {
      phase: 'idle',
      next: undefined,
      last: undefined,
      lastSuccess: undefined,
      failuresInARow: 0,
      missed: 0,
    },
  }
  async function* begin(): AsyncGenerator<Result, void, undefined> {
    try {
      // Few programs run in a series: the code is loaded by those that do.
      const [{ runSeries }, { timelineOf }] = await Promise.all([
        import('./run-series.js'),
        import('./timeline.js'),
      ])
      const timeline = await timelineOf(options, clock)
      yield* runSeries({ run, judge, clock, signal, board, timeline })
    } finally {
      end()
    }
  }
  const end = (): void => {
    board.state = { ...board.state, phase: 'ended', next: undefined }
  }
  const results = begin()
  return {
    get state() {
      return board.state
    },
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => {
      own.abort(new Error('the series was disposed of'))
      // Waits for what is under way; what that ends with is told to whoever asked for it.
      await results.return()
      end()
    },
  }
}

/**
 * When something of this cadence is next due.
 *
 * @param after the moment that it is behind; now by default
 * @returns undefined when it never is any more
 * @throws {SyncError} with `invalid-options`, when the cadence cannot be
 */
export async function nextPoint(cadence: Cadence, after: Date = new Date()): Promise<Date | undefined> {
  const { pointAfter } = await import('./timeline.js')
  return await pointAfter(cadence, after)
}
