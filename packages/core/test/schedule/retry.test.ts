import { describe, expect, it } from 'vitest'
import { retryAt, waitAfter } from '../../src/schedule/retry.js'
import { timelineOf } from '../../src/schedule/timeline.js'
import { FakeClock } from '../support/fake-clock.js'

const minute = 60_000

describe('the wait', () => {
  it.each([
    ['a second', 1000, [1000, 2000, 4000]],
    ['ten minutes', 10 * minute, [30_000, minute, 2 * minute]],
    ['a day', 1440 * minute, [30_000, minute, 2 * minute]],
  ])('doubles from 30 seconds, or from %s', (_what, gap, waits) => {
    expect([1, 2, 3].map(failures => waitAfter(failures, gap))).toEqual(waits)
  })

  it.each([
    ['a second', 1000, 15 * minute],
    ['half an hour', 30 * minute, 30 * minute],
    ['a day', 1440 * minute, 60 * minute],
  ])('has a bound, with a cadence of %s', (_what, gap, bound) => {
    expect(waitAfter(1000, gap)).toBe(bound)
  })
})

/** When it is tried again, with a cadence of so many milliseconds. */
async function at(every: number, due: number, ended: number, failures: number): Promise<number> {
  return retryAt(await timelineOf({ every }, new FakeClock()), { due, ended, failures })
}

describe('what failed is tried again', () => {
  it('sooner than the next point of a long cadence, which is kept', async () => {
    const day = 1440 * minute
    expect(await at(day, 0, 5000, 1)).toBe(35_000)
    expect(await at(day, 0, day - 10 * minute, 20)).toBe(day)
  })

  it('at the next point of a short one, then at the second, the fourth, and so on', async () => {
    const series = [1, 2, 3, 4].map(async failures => await at(1000, 5000, 5010, failures))
    expect(await Promise.all(series)).toEqual([6000, 7000, 9000, 13_000])
    expect(await at(1000, 5000, 5010, 50)).toBe(5000 + 15 * minute)
  })

  it('never at once, however long it took', async () => {
    expect(await at(1000, 5000, 9500, 1)).toBe(10_000)
  })

  it('also when no point is left', () => {
    const line = { start: 0, now: () => 0, after: () => undefined, dateOf: () => new Date() }
    expect(retryAt(line, { due: 0, ended: 10, failures: 1 })).toBe(30_010)
  })
})
