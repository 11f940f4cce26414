import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { graceMs, Patience } from '../../src/run/patience.js'

const never = (): Promise<string> => new Promise(() => {})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('waits as long as it takes, and for what is refused too', async () => {
  const patience = new Patience(new AbortController().signal)
  const answer = patience.waitFor(
    new Promise(resolve => {
      setTimeout(resolve, 100 * graceMs, 'late')
    }),
  )
  await vi.advanceTimersByTimeAsync(100 * graceMs)
  expect([await answer, vi.getTimerCount()]).toEqual(['late', 0])
  await expect(patience.waitFor(Promise.reject(new Error('no')))).rejects.toThrow('no')
})

it('K07: waits no longer than a moment once the run is stopped, for none of them', async () => {
  const controller = new AbortController()
  const patience = new Patience(controller.signal)
  const told: unknown[] = []
  for (const each of [never(), never()]) void patience.waitFor(each).then(answer => told.push(answer))
  controller.abort()
  await vi.advanceTimersByTimeAsync(graceMs - 1)
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(told).toEqual([undefined, undefined])
  expect(await patience.waitFor(never())).toBe(undefined)
})

it('what was given up may fail later, and what comes in time counts', async () => {
  const controller = new AbortController()
  const patience = new Patience(controller.signal)
  controller.abort()
  const inTime = patience.waitFor(Promise.resolve('in time'))
  expect(await inTime).toBe('in time')
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
  let fail: ((error: Error) => void) | undefined
  const given = patience.waitFor(
    new Promise((_resolve, reject) => {
      fail = reject
    }),
  )
  await vi.advanceTimersByTimeAsync(graceMs)
  expect(await given).toBe(undefined)
  fail?.(new Error('nobody hears this'))
  await vi.advanceTimersByTimeAsync(0)
})
