/**
 * Runs whenever a point of the cadence comes, never two at a time.
 *
 * - Points that passed meanwhile are made up for by one run, at once, however many they are.
 * - A failure does not end it; `retry.ts` says when it is tried again.
 * - The clocks are asked at least once a minute, for the calendar may jump and timers stand still while the machine sleeps. A
 *   timer holds no more than 24.8 days, either.
 */
import type { ScheduleClock } from './clock.js'
import { retryAt } from './retry.js'
import type { RunsOptions, SeriesState } from './series.js'
import { pointsBetween, type Timeline } from './timeline.js'

const longestWaitMs = 60_000
/** A run that begins so soon after its point is on time. */
const onTimeMs = 1000
/** A calendar put back by less than this is believed to have passed the points that it had passed. */
const repeatMs = 60_000
const mostMissed = 100

/** Where the caller reads the state. */
export interface Board<Result> {
  state: SeriesState<Result>
}

interface SeriesParts<Result> extends Pick<RunsOptions<Result>, 'run' | 'judge'> {
  readonly timeline: Timeline
  readonly clock: ScheduleClock
  readonly signal: AbortSignal
  readonly board: Board<Result>
}

export async function* runSeries<Result>(
  parts: SeriesParts<Result>,
): AsyncGenerator<Result, void, undefined> {
  const { timeline, signal, board } = parts
  const show = (changes: Partial<SeriesState<Result>>): void => {
    board.state = { ...board.state, ...changes }
  }
  try {
    let passed = timeline.start
    let due = timeline.after(passed)
    while (due !== undefined) {
      show({ phase: 'waiting', next: timeline.dateOf(due) })
      const isRetry = board.state.failuresInARow > 0
      const reached = await waitFor(due, { ...parts, passed, isRetry, show })
      if (signal.aborted) return
      // Points before a try that was put off were left out on purpose.
      const from = isRetry ? reached.due - 1 : reached.passed
      const now = timeline.now()
      const missed = board.state.missed + missedIn(timeline, from, now)
      show({ phase: 'running', next: undefined, missed })
      passed = now
      const result = await parts.run(signal)
      const verdict = parts.judge(result)
      const failures = verdict === 'failed' ? board.state.failuresInARow + 1 : 0
      show({ last: result, failuresInARow: failures, ...(verdict === 'good' ? { lastSuccess: result } : {}) })
      due =
        failures > 0
          ? retryAt(timeline, { due: reached.due, ended: timeline.now(), failures })
          : timeline.after(passed)
      const isOver = signal.aborted || verdict === 'final' || due === undefined
      show(isOver ? { phase: 'ended' } : { phase: 'waiting', next: timeline.dateOf(due ?? now) })
      yield result
      if (isOver || signal.aborted) return
    }
  } finally {
    show({ phase: 'ended', next: undefined })
  }
}

interface Awaited<Result> extends SeriesParts<Result> {
  readonly passed: number
  readonly isRetry: boolean
  readonly show: (changes: Partial<SeriesState<Result>>) => void
}

interface Reached {
  readonly due: number
  readonly passed: number
}

/** Waits until a point has come. A calendar that was put back is begun anew from there. */
async function waitFor<Result>(
  wanted: number,
  { timeline, clock, signal, passed: before, isRetry, show }: Awaited<Result>,
): Promise<Reached> {
  let [due, passed] = [wanted, before]
  for (let now = timeline.now(); now < due && !signal.aborted; now = timeline.now()) {
    if (passed - now > repeatMs) {
      passed = now
      due = isRetry ? now : (timeline.after(now) ?? due)
      show({ next: timeline.dateOf(due) })
    } else {
      await clock.wait(Math.min(due - now, longestWaitMs), signal)
    }
  }
  return { due, passed }
}

/** How many points had no run, when one begins now. */
function missedIn(timeline: Timeline, from: number, now: number): number {
  const { count, last } = pointsBetween(timeline, { from, to: now, most: mostMissed })
  if (last === undefined) return 0
  return now - last > onTimeMs ? count : count - 1
}
