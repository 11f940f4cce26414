/** A job as lines of a crontab, between two marks by which they are found again. */
import { UsageError } from '../usage-error.js'
import { cronFields } from './cron-fields.js'
import { type Entry, ifDue } from './entry.js'
import type { Job } from './job.js'
import { millisecondsOf } from '../values.js'

export function crontabLines({ job, call }: Entry): string {
  const { when, isExact } = timeOf(job)
  const command = call.map(shellWord).join(' ')
  // Cron mails what is said; problems are said on stderr.
  const lines = [
    `${when} ${command}${isExact ? '' : ` ${ifDue}`} >/dev/null`,
    // What was missed while the machine was off.
    `@reboot ${command} ${ifDue} >/dev/null`,
  ]
  const [begin, end] = marks(job)
  return [begin, ...lines, end, ''].join('\n')
}

/** A crontab with the lines of a job in place of those it had, if it had any; undefined: without them. */
export function withLines(crontab: string, job: Pick<Job, 'name'>, lines: string | undefined): string {
  const [begin, end] = marks(job)
  const kept: string[] = []
  let isOurs = false
  for (const line of crontab.split('\n')) {
    if (line === begin) isOurs = true
    if (!isOurs) kept.push(line)
    if (line === end) isOurs = false
  }
  // Somebody took the end away: better two lines too many than what is not ours.
  if (isOurs)
    throw new UsageError(`the crontab has no line "${end}": put it back, or remove the lines by hand`)
  const rest = kept.join('\n')
  if (lines === undefined) return rest
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${lines}`
}

function marks({ name }: Pick<Job, 'name'>): readonly [begin: string, end: string] {
  return [`# BEGIN facsimile schedule ${name}`, `# END facsimile schedule ${name}`]
}

interface Time {
  readonly when: string
  /** Else it is called each minute, and looks whether it is due. */
  readonly isExact: boolean
}

const eachMinute: Time = { when: '* * * * *', isExact: false }

function timeOf({ every, cron = '', timeZone }: Job): Time {
  if (every !== undefined) return timeOfPeriod(millisecondsOf(every), every)
  const fields = cronFields(cron)
  if (fields === undefined && cron.trim().split(/\s+/).length > 5)
    throw new UsageError(`cron knows no seconds, which "${cron}" has: leave them out`)
  // Cron has the zone of the system.
  if (fields === undefined || timeZone !== undefined) return eachMinute
  const { minutes, hours, days, months, weekdays } = fields
  return { when: [minutes, hours, days, months, weekdays].map(list).join(' '), isExact: true }
}

function list(numbers: readonly number[] | undefined): string {
  return numbers?.join(',') ?? '*'
}

function timeOfPeriod(ms: number, every: string): Time {
  const minutes = ms / 60_000
  if (minutes < 1)
    throw new UsageError(`cron knows no less than a minute, and --every is ${every}: give 1m, or use systemd`)
  if (minutes === 1) return { when: '* * * * *', isExact: true }
  if (Number.isInteger(minutes) && 60 % minutes === 0 && minutes < 60)
    return { when: `*/${minutes} * * * *`, isExact: true }
  const hours = minutes / 60
  if (hours === 1) return { when: '0 * * * *', isExact: true }
  if (Number.isInteger(hours) && 24 % hours === 0 && hours < 24)
    return { when: `0 */${hours} * * *`, isExact: true }
  return hours === 24 ? { when: '0 0 * * *', isExact: true } : eachMinute
}

/**
 * As a word of the shell in a line of cron, where "%" is a newline and a line has no other end: what is not plain is written
 * by its octal digits.
 */
function shellWord(word: string): string {
  if (/^[\w@.,:/+=-]+$/.test(word)) return word
  if (word.endsWith('\n'))
    throw new UsageError(`cron cannot be told a name that ends with a newline: '${word}'`)
  const octal = [...Buffer.from(word)].map(byte =>
    /[\w@.,:/+=-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  )
  return `"$(printf '${octal.join('')}')"`
}
