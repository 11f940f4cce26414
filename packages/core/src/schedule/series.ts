/** A series of runs, as the caller sees it. */
import type { Cadence } from './cadence.js'
import type { ScheduleClock } from './clock.js'

/** What a series is at. A new object each time something changes. */
export interface SeriesState<Result> {
  /** `idle` until it is iterated over for the first time; `ended` for good. */
  readonly phase: 'idle' | 'waiting' | 'running' | 'ended'
  /** When the next run begins; known while it waits. */
  readonly next: Date | undefined
  /** What the last run ended with. */
  readonly last: Result | undefined
  /** What the last run that did not fail ended with. */
  readonly lastSuccess: Result | undefined
  readonly failuresInARow: number
  /**
   * Points of the cadence, in all, at which no run began, as one was at work still, the machine slept, or nobody asked for the
   * next result. One run makes up for all that were missed in a row, of which up to 100 are counted.
   */
  readonly missed: number
}

/**
 * Iterated over, it runs, and gives what each run ended with. The next one is waited for when its result is asked for: there are never two at a
 * time, and it is iterated over once. Leaving the loop ends it, and so does disposing of it, which stops a run under way
 * cleanly and waits for that.
 */
export interface Series<Result> extends AsyncIterable<Result>, AsyncDisposable {
  readonly state: SeriesState<Result>
  [Symbol.asyncIterator](): AsyncIterator<Result, void, undefined>
}

/**
 * What a result means for what follows: `failed` is tried again sooner or later than the next point, `final` is the last one.
 */
export type Verdict = 'good' | 'failed' | 'final'

/** What `scheduleRuns` takes, besides a {@link Cadence}. */
export interface RunsOptions<Result> {
  /** Does it once. What it throws ends the series, which rejects with it. */
  readonly run: (signal: AbortSignal) => Promise<Result>
  readonly judge: (result: Result) => Verdict
  /** Ends the series: a run under way is to stop, and what it ended with is the last result. */
  readonly signal?: AbortSignal | undefined
  /** @default the clocks of the system */
  readonly clock?: ScheduleClock
}

export type ScheduledRuns<Result> = RunsOptions<Result> & Cadence
