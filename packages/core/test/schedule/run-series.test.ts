import { describe, expect, it } from 'vitest'
import type { Cadence } from '../../src/schedule/cadence.js'
import { type Board, runSeries } from '../../src/schedule/run-series.js'
import type { SeriesState } from '../../src/schedule/series.js'
import { timelineOf } from '../../src/schedule/timeline.js'
import { FakeClock } from '../support/fake-clock.js'

interface Run {
  readonly takes?: number
  readonly fails?: boolean
  readonly final?: boolean
  /** The calendar jumps so far while it runs, or while the next one is waited for. */
  readonly sleeps?: number
  readonly jumpsInWait?: number
}

/** Runs with clocks by hand, until all runs are done; then it is stopped. */
async function series(cadence: Cadence, runs: readonly Run[], { start }: { start?: string } = {}) {
  const clock = new FakeClock(start)
  const controller = new AbortController()
  const board: Board<number> = {
    state: {
      phase: 'idle',
      next: undefined,
      last: undefined,
      lastSuccess: undefined,
      failuresInARow: 0,
      missed: 0,
    },
  }
  const begun: string[] = []
  const states: SeriesState<number>[] = []
  let jump: number | undefined
  let working = 0
  let most = 0
  clock.onWait = () => {
    if (begun.length === runs.length) controller.abort()
    clock.jump(jump ?? 0)
    jump = undefined
  }
  const timeline = await timelineOf(cadence, clock)
  const run = async (): Promise<number> => {
    const { takes = 0, sleeps = 0, jumpsInWait } = runs[begun.length] ?? {}
    working += 1
    most = Math.max(most, working)
    begun.push(clock.time)
    expect(board.state.phase).toBe('running')
    await Promise.resolve()
    clock.advance(takes)
    clock.jump(sleeps)
    jump = jumpsInWait
    working -= 1
    return begun.length - 1
  }
  const judge = (index: number) =>
    runs[index]?.final === true ? 'final' : runs[index]?.fails === true ? 'failed' : 'good'
  const results: number[] = []
  for await (const result of runSeries({ timeline, clock, signal: controller.signal, board, run, judge })) {
    results.push(result)
    states.push(board.state)
  }
  expect(most).toBeLessThanOrEqual(1)
  return { begun, results, states, waits: clock.waits, end: board.state }
}

const seconds = (times: readonly string[]): readonly string[] => times.map(time => time.slice(0, 8))

describe('a fixed grid', () => {
  it('begins at once and stays on it, however long each run takes', async () => {
    const { begun, results, waits } = await series({ every: '10s' }, [{ takes: 100 }, { takes: 9000 }, {}])
    expect(begun).toEqual(['12:00:00.000', '12:00:10.000', '12:00:20.000'])
    expect(results).toEqual([0, 1, 2])
    expect(waits.slice(0, 2)).toEqual([9900, 1000])
  })

  it('R16: makes up for what a long run missed once, at once, and goes on on the grid', async () => {
    const { begun, end } = await series({ every: '10s' }, [{ takes: 35_000 }, { takes: 100 }, {}])
    expect(begun).toEqual(['12:00:00.000', '12:00:35.000', '12:00:40.000'])
    expect(end.missed).toBe(3)
  })

  it('does not wait for longer than a minute without a look at the clocks', async () => {
    const { waits, begun } = await series({ every: '2h' }, [{}, {}])
    expect(begun).toEqual(['12:00:00.000', '14:00:00.000'])
    expect(waits.every(ms => ms <= 60_000)).toBe(true)
  })

  it('waits for longer than a timer can', async () => {
    const { begun, waits } = await series({ every: '30d' }, [{}, {}])
    expect(begun).toHaveLength(2)
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(30 * 86_400_000)
  })

  it('a machine that slept through many points runs once, at once', async () => {
    const { begun, end } = await series({ every: '1h' }, [{ jumpsInWait: 10.5 * 3_600_000 }, {}, {}])
    expect(seconds(begun)).toEqual(['12:00:00', '22:31:00', '23:00:00'])
    expect(end.missed).toBe(10)
  })
})

describe('a cron expression', () => {
  const cron: Cadence = { cron: '*/10 * * * *', timeZone: 'UTC' }

  it('begins with its first point', async () => {
    const { begun } = await series(cron, [{ takes: 5000 }, {}], { start: '2026-11-24T12:03:00Z' })
    expect(seconds(begun)).toEqual(['12:10:00', '12:20:00'])
  })

  it('makes up once for what it slept through', async () => {
    const { begun, end } = await series(cron, [{ jumpsInWait: 3_600_000 }, {}])
    expect(seconds(begun)).toEqual(['12:10:00', '13:11:00'])
    expect(end.missed).toBe(6)
  })

  it('runs at the points of a calendar that was put back, not a day later', async () => {
    const { begun, end } = await series(cron, [{ jumpsInWait: -3 * 3_600_000 }, {}, {}])
    expect(seconds(begun)).toEqual(['12:10:00', '09:20:00', '09:30:00'])
    expect(end.missed).toBe(0)
  })

  it('does not repeat a point when the calendar is put back by a little', async () => {
    const { begun } = await series(cron, [{ jumpsInWait: -30_000 }, {}])
    expect(seconds(begun)).toEqual(['12:10:00', '12:20:00'])
  })

  it('ends when no point is left', async () => {
    const { results, end } = await series({ cron: '0 0 0 1 1 * 2027', timeZone: 'UTC' }, [{}, {}])
    expect(results).toEqual([0])
    expect(end.phase).toBe('ended')
  })
})

describe('W08: failures', () => {
  it('are tried again sooner than the next point of a long cadence, and further and further apart', async () => {
    const fails = { fails: true }
    const { begun, states, end } = await series({ every: '1d' }, [fails, fails, fails, {}, {}])
    expect(begun.map(time => time.slice(0, 8))).toEqual([
      '12:00:00',
      '12:00:30',
      '12:01:30',
      '12:03:30',
      '12:00:00',
    ])
    expect(states.map(({ failuresInARow }) => failuresInARow)).toEqual([1, 2, 3, 0, 0])
    expect(states[2]).toMatchObject({ last: 2, lastSuccess: undefined })
    expect(end).toMatchObject({ last: 4, lastSuccess: 4, missed: 0 })
  })

  it('leave out points of a short one, and these are none that were missed', async () => {
    const fails = { fails: true, takes: 10 }
    const { begun, end } = await series({ every: '1s' }, [fails, fails, fails, {}, {}])
    expect(begun.map(time => time.slice(6))).toEqual(['00.000', '01.000', '03.000', '07.000', '08.000'])
    expect(end.missed).toBe(0)
  })
})

describe('the end', () => {
  it('comes with a final result', async () => {
    const { results, end, waits } = await series({ every: '1s' }, [{ final: true }, {}])
    expect([results, end.phase, waits]).toEqual([[0], 'ended', []])
  })

  it('is seen in the state, and the next run before it is waited for', async () => {
    const { states, end } = await series({ every: '1m' }, [{}])
    expect(states[0]).toMatchObject({ phase: 'waiting', next: new Date('2026-11-24T12:01:00Z') })
    expect(end).toMatchObject({ phase: 'ended', next: undefined })
  })
})
