import { expect, it } from 'vitest'
import { columnsOf, processIo } from '../src/io.js'

it('takes a terminal that does not know its width for one of 80 columns', () => {
  expect([columnsOf({ columns: 120 }), columnsOf({ columns: 0 }), columnsOf({})]).toEqual([120, 80, 80])
})

it('waits, and wakes at an abort', async () => {
  const { clock } = processIo()
  const start = clock.now()
  await clock.wait(5, new AbortController().signal)
  // Timers count whole milliseconds.
  expect(clock.now() - start).toBeGreaterThanOrEqual(4)
  const controller = new AbortController()
  const waiting = clock.wait(1e9, controller.signal)
  controller.abort()
  await waiting
  await clock.wait(1e9, controller.signal)
})
