/** A job as a service and a timer of systemd. */
import { UsageError } from '../usage-error.js'
import { type CronFields, cronFields } from './cron-fields.js'
import { type Entry, ifDue, unitName } from './entry.js'
import type { Job } from './job.js'
import { millisecondsOf } from '../values.js'

/** The first line of each: what has it was written by us. */
export function systemdMark({ name }: Pick<Job, 'name'>): string {
  return `# facsimile schedule ${name}: "facsimile schedule remove ${name}" removes this file`
}

/** By the names of their files. */
export function systemdUnits({ job, call }: Entry): Readonly<Record<string, string>> {
  const unit = unitName(job)
  const { isExact, lines } = timerLines(job)
  const args = isExact ? call : [...call, ifDue]
  return {
    [`${unit}.service`]: text(job, '[Service]', [
      'Type=oneshot',
      // ":" has "$" mean itself.
      `ExecStart=:${started(args).map(quote).join(' ')}`,
      // What changed meanwhile is seen to by the next run.
      'SuccessExitStatus=24',
    ]),
    [`${unit}.timer`]: text(
      job,
      '[Timer]',
      // What was missed while the machine was off is made up for, once.
      [...lines, 'Persistent=true', 'AccuracySec=1s'],
      ['', '[Install]', 'WantedBy=timers.target'],
    ),
  }
}

function text(job: Job, head: string, lines: readonly string[], more: readonly string[] = []): string {
  const all = [systemdMark(job), '[Unit]', `Description=facsimile schedule ${job.name}`, '', head]
  return `${[...all, ...lines, ...more].join('\n')}\n`
}

function timerLines({ every, cron = '', timeZone }: Job): {
  readonly isExact: boolean
  readonly lines: readonly string[]
} {
  // At once when it is enabled and after each start of the machine, and then after each beginning of a run.
  if (every !== undefined)
    return {
      isExact: true,
      lines: ['OnActiveSec=0', `OnUnitActiveSec=${Math.max(1, millisecondsOf(every))}ms`],
    }
  const fields = cronFields(cron)
  const zone = timeZone === undefined ? '' : ` ${timeZone}`
  if (fields === undefined) {
    if (cron.trim().split(/\s+/).length > 5)
      throw new UsageError(
        `systemd cannot be told "${cron}": leave out the seconds, or keep a process with --cron`,
      )
    return { isExact: false, lines: ['OnCalendar=*-*-* *:*:00'] }
  }
  return { isExact: true, lines: calendars(fields).map(each => `OnCalendar=${each}${zone}`) }
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Days of the month and of the week are an "and" to systemd, and an "or" to cron. */
function calendars({ minutes, hours, days, months, weekdays }: CronFields): readonly string[] {
  const at = `${list(hours)}:${list(minutes)}:00`
  const ofMonth = `*-${list(months)}-${list(days)} ${at}`
  const ofWeek = `${weekdays?.map(day => dayNames[day]).join(',') ?? ''} *-${list(months)}-* ${at}`
  if (weekdays === undefined) return [ofMonth]
  return days === undefined ? [ofWeek] : [ofMonth, ofWeek]
}

function list(numbers: readonly number[] | undefined): string {
  return numbers?.map(number => `${number}`.padStart(2, '0')).join(',') ?? '*'
}

/** A program whose name holds these is begun by the shell: systemd takes none such. */
function started(args: readonly string[]): readonly string[] {
  const [program = ''] = args
  return /[\p{Cc}"'\\]/u.test(program) ? ['/bin/sh', '-c', 'exec "$0" "$@"', ...args] : args
}

/** As one word of `ExecStart`. */
function quote(word: string): string {
  const escaped = word
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('%', '%%')
    .replaceAll(/\p{Cc}/gu, each => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `"${escaped}"`
}
