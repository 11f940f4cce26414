import { describe, expect, it } from 'vitest'
import { pointAfter, pointsBetween, timelineOf } from '../../src/schedule/timeline.js'
import { FakeClock } from '../support/fake-clock.js'

describe('a fixed grid', () => {
  it('begins at once', async () => {
    const line = await timelineOf({ every: 1000 }, new FakeClock())
    expect([line.after(line.start), line.after(0), line.after(999), line.after(1000)]).toEqual([
      0, 1000, 1000, 2000,
    ])
  })

  it('counts what the machine slept, and not what the calendar was put back or is off by a little', async () => {
    const clock = new FakeClock()
    const line = await timelineOf({ every: '1h' }, clock)
    clock.advance(500)
    expect(line.now()).toBe(500)
    clock.jump(7_200_000)
    expect(line.now()).toBe(7_200_500)
    clock.jump(-86_400_000)
    expect(line.now()).toBe(7_200_500)
    clock.jump(900)
    clock.advance(100)
    expect(line.now()).toBe(7_200_600)
  })

  it('says when a point is by the calendar of that moment', async () => {
    const clock = new FakeClock()
    const line = await timelineOf({ every: '1h' }, clock)
    clock.advance(60_000)
    expect(line.dateOf(3_600_000).toISOString()).toBe('2026-11-24T13:00:00.000Z')
  })
})

describe('the calendar', () => {
  it('is where a cron expression has its points, and it begins with the next one', async () => {
    const clock = new FakeClock()
    const line = await timelineOf({ cron: '0 * * * *', timeZone: 'UTC' }, clock)
    const first = line.after(line.start) ?? 0
    expect(line.dateOf(first).toISOString()).toBe('2026-11-24T13:00:00.000Z')
    clock.jump(-60_000)
    expect(line.now()).toBe(line.start - 60_000)
  })
})

it('points are counted up to a limit', async () => {
  const line = await timelineOf({ every: 10 }, new FakeClock())
  expect(pointsBetween(line, { from: 10, to: 40, most: 100 })).toEqual({ count: 3, last: 40 })
  expect(pointsBetween(line, { from: 10, to: 19, most: 100 })).toEqual({ count: 0, last: undefined })
  expect(pointsBetween(line, { from: 0, to: 1e9, most: 5 })).toMatchObject({ count: 5 })
})

it('the next point of a cadence', async () => {
  const moment = new Date('2026-11-24T12:00:00Z')
  expect(await pointAfter({ every: '1d' }, moment)).toEqual(new Date('2026-11-25T12:00:00Z'))
  expect(await pointAfter({ cron: '30 6 * * *', timeZone: 'Asia/Tokyo' }, moment)).toEqual(
    new Date('2026-11-24T21:30:00Z'),
  )
})
