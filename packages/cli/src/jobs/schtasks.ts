/** A job as a task of Windows. */
import { UsageError } from '../usage-error.js'
import { type CronFields, cronFields } from './cron-fields.js'
import { type Entry, ifDue } from './entry.js'
import type { Job } from './job.js'
import { xmlText } from './xml.js'
import { millisecondsOf } from '../values.js'

export function taskName({ name }: Pick<Job, 'name'>): string {
  return `facsimile\\${name}`
}

/** The text of the XML; what `schtasks` reads is UTF-16. */
export function taskXml({ job, call }: Entry): string {
  const { triggers, isExact } = triggersOf(job)
  const [program = '', ...args] = isExact ? call : [...call, ifDue]
  const { command, parameters } = actionOf(program, args)
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>facsimile schedule ${job.name}</Description>
  </RegistrationInfo>
  <Triggers>
${triggers}  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>${xmlText(command)}</Command>
      <Arguments>${xmlText(parameters)}</Arguments>
    </Exec>
  </Actions>
</Task>
`
}

/** A task takes no more triggers. */
const mostTriggers = 48
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function triggersOf({ every, cron = '', timeZone, created }: Job): {
  readonly triggers: string
  readonly isExact: boolean
} {
  const [day = ''] = created.split('T')
  if (every !== undefined) return { triggers: repetition(millisecondsOf(every), every, day), isExact: true }
  const fields = timeZone === undefined ? cronFields(cron) : undefined
  const triggers = fields === undefined ? undefined : daily(fields, day)
  return triggers === undefined
    ? { triggers: repetition(60_000, '1m', day), isExact: false }
    : { triggers, isExact: true }
}

function repetition(ms: number, every: string, day: string): string {
  const minutes = ms / 60_000
  if (minutes < 1 || !Number.isInteger(minutes))
    throw new UsageError(
      `a task of Windows knows whole minutes only, and --every is ${every}: give 1m or more`,
    )
  return `    <TimeTrigger>
      <Repetition>
        <Interval>PT${minutes}M</Interval>
      </Repetition>
      <StartBoundary>${day}T00:00:00</StartBoundary>
    </TimeTrigger>
`
}

function daily({ minutes, hours, days, months, weekdays }: CronFields, day: string): string | undefined {
  if (minutes === undefined || hours === undefined || days !== undefined || months !== undefined)
    return undefined
  if (minutes.length * hours.length > mostTriggers) return undefined
  const schedule =
    weekdays === undefined
      ? '<ScheduleByDay>\n        <DaysInterval>1</DaysInterval>\n      </ScheduleByDay>'
      : `<ScheduleByWeek>
        <WeeksInterval>1</WeeksInterval>
        <DaysOfWeek>${weekdays.map(each => `<${dayNames[each]} />`).join('')}</DaysOfWeek>
      </ScheduleByWeek>`
  const times = hours.flatMap(hour => minutes.map(minute => `${two(hour)}:${two(minute)}:00`))
  return times
    .map(
      time => `    <CalendarTrigger>
      <StartBoundary>${day}T${time}</StartBoundary>
      ${schedule}
    </CalendarTrigger>
`,
    )
    .join('')
}

function two(number: number): string {
  return `${number}`.padStart(2, '0')
}

/** Tasks put in what `%NAME%` and `$(Arg0)` stand for: what has either goes through PowerShell, as Base64. */
function actionOf(
  program: string,
  args: readonly string[],
): { readonly command: string; readonly parameters: string } {
  if (![program, ...args].some(word => /[%$\n\r"]/.test(word)))
    return { command: program, parameters: args.map(windowsWord).join(' ') }
  // To PowerShell the curly ones are quotes, too.
  const quoted = [program, ...args].map(word => `'${word.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`)
  const script = Buffer.from(`& ${quoted.join(' ')}; exit $LASTEXITCODE`, 'utf16le').toString('base64')
  const parameters = `-NoProfile -NonInteractive -WindowStyle Hidden -EncodedCommand ${script}`
  return { command: 'powershell.exe', parameters }
}

/** As programs of Windows take their arguments apart; there is no quote in it. */
function windowsWord(word: string): string {
  return /^[^\s]+$/.test(word) ? word : `"${word.replace(/\\+$/, '$&$&')}"`
}
