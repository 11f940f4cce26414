import { describe, expect, it } from 'vitest'
import { isDue, nextRun } from '../../src/jobs/due.js'
import { job } from '../support/jobs.js'

const at = (time: string): Date => new Date(`2026-02-01T${time}Z`)

describe('the next run', () => {
  it('of what never ran is now, or at the first point since it was added', async () => {
    expect(await nextRun(job(), undefined, at('08:00'))).toEqual(at('08:00'))
    expect(await nextRun(job({ cron: '0 2 * * *', timeZone: 'UTC' }), undefined, at('08:00'))).toEqual(
      at('02:00'),
    )
  })

  it('is counted from the last one', async () => {
    expect(await nextRun(job(), at('08:00'), at('09:00'))).toEqual(at('08:15'))
    expect(await nextRun(job({ cron: '0 * * * *' }), at('08:00:01'), at('08:30'))).toEqual(at('09:00'))
  })
})

describe('a run is due', () => {
  it.each([
    ['08:14:00', false],
    ['08:14:31', true],
    ['08:14:29', false],
    ['08:00:10', false],
    ['23:00:00', true],
  ])('every 15 minutes, at %s: %j', async (time, due) => {
    expect(await isDue(job(), at('08:00'), at(time))).toBe(due)
  })

  it.each([
    ['08:59:59', false],
    ['09:00:00', true],
    ['23:00:00', true],
  ])('each hour, at %s: %j', async (time, due) => {
    expect(await isDue(job({ cron: '0 * * * *' }), at('08:00:00'), at(time))).toBe(due)
  })

  it('of a short cadence not a run too early', async () => {
    expect(await isDue(job({ every: '10s' }), at('08:00:00'), at('08:00:08'))).toBe(false)
    expect(await isDue(job({ every: '10s' }), at('08:00:00'), at('08:00:09'))).toBe(true)
  })
})
