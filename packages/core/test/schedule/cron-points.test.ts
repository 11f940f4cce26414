import { describe, expect, it } from 'vitest'
import { cronPoints } from '../../src/schedule/cron-points.js'

function points(cron: string, timeZone: string | undefined, from: string, count: number): readonly string[] {
  const next = cronPoints(cron, timeZone, Date.parse(from))
  const found: string[] = []
  for (let at = next(Date.parse(from)); at !== undefined && found.length < count; at = next(at))
    found.push(new Date(at).toISOString().slice(5, 19))
  return found
}

describe('the points of a cron expression', () => {
  it.each([
    ['*/10 * * * *', '2026-11-24T12:05:00Z', ['11-24T12:10:00', '11-24T12:20:00']],
    ['*/10 * * * *', '2026-11-24T12:10:00Z', ['11-24T12:20:00', '11-24T12:30:00']],
    ['* * * * * *', '2026-11-24T12:10:00.5Z', ['11-24T12:10:01', '11-24T12:10:02']],
    ['@daily', '2026-11-24T12:10:00Z', ['11-25T00:00:00', '11-26T00:00:00']],
    // As cron has it: either day will do.
    ['0 12 13 * 5', '2026-11-10T12:10:00Z', ['11-13T12:00:00', '11-20T12:00:00']],
  ])('%s', (cron, from, expected) => {
    expect(points(cron, 'UTC', from, expected.length)).toEqual(expected)
  })

  it('where the clock is put forward: what would be in the lost hour comes once, after it', () => {
    const from = '2026-03-28T12:00:00Z'
    expect(points('30 2 * * *', 'Europe/Berlin', from, 2)).toEqual(['03-29T01:00:00', '03-30T00:30:00'])
  })

  it('where the clock is put back: what names an hour comes once, what comes each half an hour goes on', () => {
    expect(points('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '10-25T00:30:00',
      '10-26T01:30:00',
    ])
    expect(points('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:15:00Z', 4)).toEqual([
      '10-25T00:30:00',
      '10-25T01:00:00',
      '10-25T01:30:00',
      '10-25T02:00:00',
    ])
  })

  it.each([
    ['foo', undefined, 'option "cron": expected a cron expression of five fields'],
    ['', undefined, 'found ""'],
    ['*/10 * * *', undefined, 'option "cron"'],
    ['61 * * * *', undefined, 'Invalid value for minute: 61'],
    ['2027-01-01T00:00:00', undefined, 'option "cron"'],
    ['0 0 31 2 *', undefined, 'never comes true'],
    [
      '* * * * *',
      'Mars/Olympus',
      'option "timeZone": expected a name such as "Europe/Berlin"; found "Mars/Olympus"',
    ],
  ])('%j in %j is refused', (cron, timeZone, message) => {
    expect(() => cronPoints(cron, timeZone, Date.now())).toThrow(
      expect.objectContaining({ code: 'invalid-options', message: expect.stringContaining(message) }),
    )
  })
})
