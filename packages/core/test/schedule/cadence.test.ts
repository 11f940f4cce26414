import { describe, expect, it } from 'vitest'
import { checkCadence } from '../../src/schedule/cadence.js'

describe('a cadence', () => {
  it.each([
    [1, 1],
    [1500, 1500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['0.5h', 1_800_000],
    ['1d', 86_400_000],
    ['366d', 366 * 86_400_000],
  ])('every %j is %d ms', (every, everyMs) => {
    expect(checkCadence({ every })).toEqual({ kind: 'every', everyMs })
  })

  it('by cron keeps its zone', () => {
    expect(checkCadence({ cron: '* * * * *', timeZone: 'UTC' })).toEqual({
      kind: 'cron',
      cron: '* * * * *',
      timeZone: 'UTC',
    })
  })

  it.each([
    [{}, 'option "every" or "cron" says how often, and neither was given'],
    [{ every: '5m', cron: '* * * * *' }, 'options "every" and "cron" contradict each other'],
    [{ every: '5m', timeZone: 'UTC' }, 'option "timeZone" needs "cron"'],
    [{ every: 0 }, 'option "every": expected milliseconds, 1 at least'],
    [{ every: Number.NaN }, 'option "every"'],
    [{ every: '0m' }, 'option "every"'],
    [{ every: '5' }, 'found "5"'],
    [{ every: '5 m' }, 'found "5 m"'],
    [{ every: '-5m' }, 'found "-5m"'],
    [{ every: '367d' }, 'at most 366 days; found "367d"'],
    [{ every: null }, 'found null'],
    [{ cron: 5 }, 'option "cron": expected a cron expression'],
    [{ cron: '* * * * *', timeZone: 5 }, 'option "timeZone": expected a name'],
  ])('%j is refused', (given, message) => {
    expect(() => checkCadence(given)).toThrow(
      expect.objectContaining({
        code: 'invalid-options',
        exitCode: 2,
        message: expect.stringContaining(message),
      }),
    )
  })
})
