import { expect, it } from 'vitest'
import { Growth, type Usage, usageOfProcess } from '../../src/run/growth.js'

const start: Usage = { nowMs: 1000, busyMs: 500, waits: 10, preemptions: 10 }

function judged(threads: number, after: Partial<Usage>): boolean {
  const readings = [start, { ...start, ...after }]
  return new Growth(() => readings.shift() ?? start).isWorthMore(threads)
}

it.each<[what: string, threads: number, after: Partial<Usage>, isWorthMore: boolean]>([
  ['two that wait', 2, { nowMs: 1200, busyMs: 560, waits: 400, preemptions: 12 }, true],
  ['two that work', 2, { nowMs: 1200, busyMs: 860, waits: 400, preemptions: 12 }, false],
  ['eight that work by turns', 8, { nowMs: 1200, busyMs: 900, waits: 20, preemptions: 900 }, false],
  ['eight that wait', 8, { nowMs: 1200, busyMs: 900, waits: 900, preemptions: 20 }, true],
  ['two on a busy machine', 2, { nowMs: 1200, busyMs: 560, waits: 108, preemptions: 76 }, false],
  ['where nothing is counted', 2, { nowMs: 1200 }, false],
])('%s', (_, threads, after, isWorthMore) => {
  expect(judged(threads, after)).toBe(isWorthMore)
})

it('looks at what was used since the last look', () => {
  const readings: Usage[] = [
    start,
    { nowMs: 1200, busyMs: 510, waits: 400, preemptions: 10 },
    { nowMs: 1400, busyMs: 900, waits: 410, preemptions: 10 },
    { nowMs: 1600, busyMs: 910, waits: 900, preemptions: 10 },
  ]
  const growth = new Growth(() => readings.shift() ?? start)
  expect([growth.isWorthMore(2), growth.isWorthMore(2), growth.isWorthMore(2)]).toEqual([true, false, true])
})

it('forgets what was before it began', () => {
  const readings: Usage[] = [
    start,
    { ...start, nowMs: 5000 },
    { nowMs: 5200, busyMs: 890, waits: 90, preemptions: 9 },
  ]
  const growth = new Growth(() => readings.shift() ?? start)
  growth.begin()
  expect(growth.isWorthMore(2)).toBe(false)
})

it('counts what was waited for a processor as work', () => {
  const [some, more] = [usageOfProcess(0), usageOfProcess(500)]
  expect(more.busyMs - some.busyMs).toBeGreaterThanOrEqual(500)
})
