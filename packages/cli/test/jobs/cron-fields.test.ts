import { nextPoint } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { cronFields, type CronFields } from '../../src/jobs/cron-fields.js'

const any = { minutes: undefined, hours: undefined, days: undefined, months: undefined, weekdays: undefined }

it.each([
  ['* * * * *', any],
  ['*/1 * * * *', any],
  [
    '*/20 1-3 1,15 jan-mar mon',
    { minutes: [0, 20, 40], hours: [1, 2, 3], days: [1, 15], months: [1, 2, 3], weekdays: [1] },
  ],
  ['5/25 0-10/5 * * SUN,7', { ...any, minutes: [5, 30, 55], hours: [0, 5, 10], weekdays: [0] }],
  [' 0  0 *  * 0-7 ', { ...any, minutes: [0], hours: [0] }],
  ['@daily', { ...any, minutes: [0], hours: [0] }],
  ['@WEEKLY', { ...any, minutes: [0], hours: [0], weekdays: [0] }],
])('%s is known by its numbers', (expression, fields) => {
  expect(cronFields(expression)).toEqual(fields)
})

it.each([
  '* * * *',
  '0 * * * * *',
  '0 0 L * *',
  '0 0 ? * *',
  '0 0 * * 5#1',
  '60 * * * *',
  '5-1 * * * *',
  '*/0 * * * *',
  'a * * * *',
  '@reboot',
  '',
])('%j is more, or less, than numbers', expression => {
  expect(cronFields(expression)).toBeUndefined()
})

function has(numbers: readonly number[] | undefined, number: number): boolean {
  return numbers?.includes(number) ?? true
}

function isPoint({ minutes, hours, days, months, weekdays }: CronFields, date: Date): boolean {
  if (
    !has(minutes, date.getUTCMinutes()) ||
    !has(hours, date.getUTCHours()) ||
    !has(months, date.getUTCMonth() + 1)
  )
    return false
  const [day, week] = [has(days, date.getUTCDate()), has(weekdays, date.getUTCDay())]
  return days !== undefined && weekdays !== undefined ? day || week : day && week
}

describe('are the points that the library runs at', () => {
  it.each(['*/7 * * * *', '30 2 * * 1-5', '0 0 13 * 5', '15,45 */6 1-7 * *', '0 12 * feb sun', '@monthly'])(
    '%s',
    async cron => {
      const fields = cronFields(cron)
      if (fields === undefined) throw new Error('it is known')
      let last = new Date('2026-01-30T23:11:00Z')
      for (let point = 0; point < 5; point++) {
        const next = await nextPoint({ cron, timeZone: 'UTC' }, last)
        let at = last.getTime() + 60_000
        while (!isPoint(fields, new Date(at))) at += 60_000
        expect(new Date(at)).toEqual(next)
        last = new Date(at)
      }
    },
  )
})
