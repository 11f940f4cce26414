import { expect, it } from 'vitest'
import { systemClock } from '../../src/schedule/clock.js'

it('the clocks of the system go on, and a wait ends by its time or by its signal', async () => {
  const before = systemClock.now()
  await systemClock.wait(5, new AbortController().signal)
  expect(systemClock.now() - before).toBeGreaterThan(3)
  expect(Math.abs(systemClock.date().getTime() - Date.now())).toBeLessThan(1000)
  await systemClock.wait(1e9, AbortSignal.abort())
  const controller = new AbortController()
  const waiting = systemClock.wait(1e9, controller.signal)
  controller.abort()
  await waiting
})
