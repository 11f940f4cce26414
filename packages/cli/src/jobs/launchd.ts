/** A job as a property list of launchd. */
import { type CronFields, cronFields } from './cron-fields.js'
import { type Entry, ifDue } from './entry.js'
import type { Job } from './job.js'
import { xmlText } from './xml.js'
import { millisecondsOf } from '../values.js'

export function launchdLabel({ name }: Pick<Job, 'name'>): string {
  return `facsimile.${name}`
}

/** It looks each time whether it is due: launchd begins it when it is loaded, too, which makes up for what was missed. */
export function launchdList({ job, call }: Entry): string {
  const words = [...call, ifDue].map(word => `    <string>${xmlText(word)}</string>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${launchdLabel(job)}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('')}  </array>
  <key>RunAtLoad</key>
  <true/>
${timesOf(job)}</dict>
</plist>
`
}

/** More are asked for by looking each minute. */
const mostTimes = 200

function timesOf({ every, cron = '', timeZone }: Job): string {
  if (every !== undefined) return interval(Math.max(1, Math.round(millisecondsOf(every) / 1000)))
  const fields = timeZone === undefined ? cronFields(cron) : undefined
  const times = fields === undefined ? [] : timesIn(fields)
  if (times.length === 0 || times.length > mostTimes) return interval(60)
  const each = times.map(time => {
    const keys = Object.entries(time).map(
      ([key, number]) => `      <key>${key}</key>\n      <integer>${number}</integer>\n`,
    )
    return `    <dict>\n${keys.join('')}    </dict>\n`
  })
  return `  <key>StartCalendarInterval</key>\n  <array>\n${each.join('')}  </array>\n`
}

function interval(seconds: number): string {
  return `  <key>StartInterval</key>\n  <integer>${seconds}</integer>\n`
}

type Time = Readonly<Record<string, number>>

/** What is left out is any. Days of the month and of the week are an "or", as to cron, when each has times of its own. */
function timesIn({ minutes, hours, days, months, weekdays }: CronFields): readonly Time[] {
  const perDay = product(product(product([{}], 'Month', months), 'Hour', hours), 'Minute', minutes)
  const ofMonth = product(perDay, 'Day', days)
  if (weekdays === undefined) return ofMonth
  const ofWeek = product(perDay, 'Weekday', weekdays)
  return days === undefined ? ofWeek : [...ofMonth, ...ofWeek]
}

function product(
  times: readonly Time[],
  key: string,
  numbers: readonly number[] | undefined,
): readonly Time[] {
  if (numbers === undefined) return times
  return times.flatMap(time => numbers.map(number => ({ ...time, [key]: number })))
}
