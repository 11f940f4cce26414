import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runInSlices, sliceMs, Slices } from '../../src/run/slices.js'

let now = 0
beforeEach(() => {
  now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Steps that take so many milliseconds each, by the clock of the test. */
function* working(steps: number, ms: number, told: string[] = []): Generator<void, string> {
  try {
    for (let step = 0; step < steps; step += 1) {
      now += ms
      told.push(`step ${step}`)
      yield
    }
    return 'done'
  } finally {
    told.push('end')
  }
}

/** Counts turns of the event loop until it is stopped. */
function countTurns(): { readonly turns: () => number; readonly stop: () => void } {
  let turns = 0
  let isCounting = true
  const count = (): void => {
    turns += 1
    if (isCounting) setImmediate(count)
  }
  setImmediate(count)
  return {
    turns: () => turns,
    stop: () => {
      isCounting = false
    },
  }
}

describe('work in slices', () => {
  it.each<[steps: number, ms: number, turns: number]>([
    [0, 0, 0],
    [1000, 0, 0],
    [7, 1, 0],
    [8, 1, 1],
    [24, 1, 3],
    [25, 1, 3],
    [3, 100, 3],
  ])('of %i steps of %i ms lets the event loop have %i turns', async (steps, ms, turns) => {
    const counting = countTurns()
    expect(await runInSlices(working(steps, ms))).toBe('done')
    // Those that were counted when the work ended: one goes on at each breath.
    expect(counting.turns()).toBe(turns)
    counting.stop()
  })

  it('fails with what a step throws', async () => {
    const error = new Error('a step')
    function* failing(): Generator<void, never> {
      yield
      throw error
    }
    await expect(runInSlices(failing())).rejects.toBe(error)
  })

  it('is stopped by an abort between two slices, not within one', async () => {
    const controller = new AbortController()
    const told: string[] = []
    const reason = new Error('stop')
    function* aborting(): Generator<void, string> {
      yield
      controller.abort(reason)
      now += sliceMs - 1
      yield
      now += 1
      yield
      told.push('after')
      return 'done'
    }
    await expect(runInSlices(aborting(), controller.signal)).rejects.toBe(reason)
    expect(told).toEqual([])
    expect(await runInSlices(working(3, 1), controller.signal)).toBe('done')
  })

  it('shares a slice with what comes after it', async () => {
    const slices = new Slices()
    const counting = countTurns()
    for (let piece = 0; piece < 5; piece += 1) await runInSlices(working(1, 3), undefined, slices)
    expect(counting.turns()).toBe(1)
    counting.stop()
  })
})

it('a slice is over when its time is, and begins again with a breath', async () => {
  const slices = new Slices()
  expect(slices.isOver).toBe(false)
  now += sliceMs - 1
  expect(slices.isOver).toBe(false)
  now += 1
  expect(slices.isOver).toBe(true)
  await slices.breathe()
  expect(slices.isOver).toBe(false)
})
