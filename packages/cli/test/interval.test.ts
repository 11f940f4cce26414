import { describe, expect, it } from 'vitest'
import { nextDue, runEvery } from '../src/interval.js'
import { FakeClock } from './support/fake-io.js'

/** Runs with a clock by hand: each run takes so long and ends so. */
async function series(runs: readonly { takes: number; exit?: 0 | 2 | 23 }[], { stopDuringRun = false } = {}) {
  const clock = new FakeClock()
  const controller = new AbortController()
  const starts: number[] = []
  const told: string[] = []
  let running = 0
  let most = 0
  clock.onWait = () => {
    if (!stopDuringRun && starts.length === runs.length) controller.abort()
  }
  const exitCode = await runEvery({
    intervalMs: 1000,
    clock,
    signal: controller.signal,
    onWait: next => void told.push(next.toISOString().slice(17, 23)),
    run: async () => {
      const { takes, exit = 0 } = runs[starts.length] ?? { takes: 0 }
      starts.push(clock.now())
      running += 1
      most = Math.max(most, running)
      await Promise.resolve()
      clock.advance(takes)
      running -= 1
      if (stopDuringRun && starts.length === runs.length) controller.abort()
      return exit
    },
  })
  return { exitCode, starts, told, most, waits: clock.waits }
}

describe('runEvery', () => {
  it('runs at once and then on a fixed grid, however long each run takes', async () => {
    const { starts, waits, told } = await series([
      { takes: 10 },
      { takes: 900 },
      { takes: 0 },
      { takes: 400 },
    ])
    expect(starts).toEqual([0, 1000, 2000, 3000])
    expect(waits).toEqual([990, 100, 1000, 600])
    expect(told).toEqual(['01.000', '02.000', '03.000', '04.000'])
  })

  it('R16: leaves out what a long run missed, and never runs two at a time', async () => {
    const { starts, most } = await series([{ takes: 3_600_500 }, { takes: 1000 }, { takes: 0 }])
    expect(starts).toEqual([0, 3_601_000, 3_603_000])
    expect(most).toBe(1)
  })

  it('W08: goes on after a failed run', async () => {
    const { starts } = await series([{ takes: 0, exit: 23 }, { takes: 0 }])
    expect(starts).toHaveLength(2)
  })

  it('ends at once when a run cannot work at all', async () => {
    const { starts, exitCode, waits } = await series([{ takes: 0 }, { takes: 0, exit: 2 }, { takes: 0 }])
    expect(starts).toHaveLength(2)
    expect(exitCode).toBe(2)
    expect(waits).toHaveLength(1)
  })

  it('does not wait when it was stopped during a run', async () => {
    const { starts, waits } = await series([{ takes: 5 }], { stopDuringRun: true })
    expect(starts).toEqual([0])
    expect(waits).toEqual([])
  })
})

describe('nextDue', () => {
  it.each([
    [0, 1000],
    [999, 1000],
    [1000, 2000],
    [1001, 2000],
  ])('at %d is %d', (now, due) => {
    expect(nextDue(0, 1000, now)).toBe(due)
  })
})
