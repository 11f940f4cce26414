import { describe, expect, it } from 'vitest'
import { signalled } from '../../../../test/support/signalled.js'
import { nextPoint, scheduleRuns } from '../../src/schedule/schedule-runs.js'
import type { ScheduledRuns, Series } from '../../src/schedule/series.js'
import { FakeClock } from '../support/fake-clock.js'

/** Gives its number, each time. */
function numbers(options: Partial<ScheduledRuns<number>> = {}): Series<number> {
  let count = 0
  const run = (): Promise<number> => Promise.resolve(++count)
  const given = { every: 1000, clock: new FakeClock(), judge: () => 'good', run, ...options }
  return scheduleRuns(given as ScheduledRuns<number>)
}

async function take(series: Series<number>, most: number): Promise<readonly number[]> {
  const taken: number[] = []
  for await (const each of series) if (taken.push(each) === most) break
  return taken
}

describe('a series', () => {
  it('is idle until it is iterated over, and ends where the loop is left', async () => {
    const series = numbers()
    expect(series.state).toEqual({
      phase: 'idle',
      next: undefined,
      last: undefined,
      lastSuccess: undefined,
      failuresInARow: 0,
      missed: 0,
    })
    expect(await take(series, 3)).toEqual([1, 2, 3])
    expect(series.state).toMatchObject({ phase: 'ended', next: undefined, last: 3, lastSuccess: 3 })
    expect(await take(series, 1)).toEqual([])
  })

  it('ends by its signal, with the result of the run that was under way', async () => {
    const controller = new AbortController()
    const run = (signal: AbortSignal): Promise<number> => {
      controller.abort()
      return Promise.resolve(signal.aborted ? 130 : 0)
    }
    expect(await take(numbers({ run, signal: controller.signal }), 9)).toEqual([130])
  })

  it('runs nothing when its signal had come already', async () => {
    expect(await take(numbers({ signal: AbortSignal.abort() }), 9)).toEqual([])
  })

  it('disposing of it stops the run under way, and waits for it', async () => {
    const order: string[] = []
    const beginning = signalled()
    const run = async (signal: AbortSignal): Promise<number> => {
      beginning.settle()
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      order.push('stopped')
      return 130
    }
    const series = numbers({ run })
    const taken = take(series, 9)
    await beginning.promise
    await series[Symbol.asyncDispose]()
    order.push('disposed of')
    expect(order).toEqual(['stopped', 'disposed of'])
    expect(await taken).toEqual([130])
    expect(series.state.phase).toBe('ended')
  })

  it('can be disposed of before it began, and twice', async () => {
    const series = numbers()
    await series[Symbol.asyncDispose]()
    await series[Symbol.asyncDispose]()
    expect(series.state.phase).toBe('ended')
    expect(await take(series, 1)).toEqual([])
  })

  it('rejects with what the run throws', async () => {
    const series = numbers({ run: () => Promise.reject(new Error('no')) })
    await expect(take(series, 1)).rejects.toThrow('no')
    expect(series.state.phase).toBe('ended')
  })

  it('rejects when its cadence cannot be', async () => {
    await expect(take(numbers({ every: '5' as never }), 1)).rejects.toMatchObject({ code: 'invalid-options' })
  })
})

it('nextPoint says when something is due', async () => {
  const moment = new Date('2026-11-24T12:00:00Z')
  expect(await nextPoint({ cron: '0 2 * * *', timeZone: 'UTC' }, moment)).toEqual(
    new Date('2026-11-25T02:00:00Z'),
  )
  await expect(nextPoint({ cron: 'x' })).rejects.toMatchObject({ exitCode: 2 })
})
