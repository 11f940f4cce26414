/**
 * When to try again what failed (docs/decisions/031).
 *
 * The wait doubles with each failure in a row, from 30 seconds, or the cadence where that is shorter, to the cadence, but 15
 * minutes at least and an hour at most. Of a long cadence the next try so comes before the next point, and no point is
 * put off; of a short one points are left out.
 */
import type { Timeline } from './timeline.js'

const firstMs = 30_000
const leastBoundMs = 15 * 60_000
const mostBoundMs = 60 * 60_000

interface FailedRun {
  /** When it was due, and when it had ended, on the line. */
  readonly due: number
  readonly ended: number
  /** In a row, this one included. */
  readonly failures: number
}

export function retryAt(timeline: Timeline, { due, ended, failures }: FailedRun): number {
  const point = timeline.after(ended)
  const gap = point === undefined ? Infinity : (timeline.after(point) ?? Infinity) - point
  const wait = waitAfter(failures, gap)
  const retry = ended + wait
  if (point === undefined || retry <= point) return retry
  if (wait <= gap) return point
  // Counted from when it was due, or each try would lose a point by having begun a little after its own.
  return timeline.after(Math.max(due + wait, ended) - 1) ?? retry
}

export function waitAfter(failures: number, gap: number): number {
  const bound = Math.min(Math.max(gap, leastBoundMs), mostBoundMs)
  return Math.min(Math.min(gap, firstMs) * 2 ** (failures - 1), bound)
}
