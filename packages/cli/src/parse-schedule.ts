/** What follows the command words schedule and status. */
import type { Flag, Given } from './flag.js'
import type { SchedulerName } from './jobs/job.js'
import { UsageError } from './usage-error.js'

export type ScheduleRequest = {
  readonly kind: 'schedule'
} & (
  | {
      readonly verb: 'add'
      readonly name: string
      /** Behind the name. */
      readonly operands: readonly string[]
      readonly values: ReadonlyMap<Flag, readonly string[]>
      readonly given: Given
    }
  | { readonly verb: 'list'; readonly json: boolean }
  | { readonly verb: 'show'; readonly name: string; readonly json: boolean }
  | { readonly verb: 'run'; readonly name: string; readonly ifDue: boolean }
  | { readonly verb: 'remove'; readonly name: string }
  | { readonly verb: 'print'; readonly name: string; readonly scheduler: SchedulerName }
)

export interface StatusRequest {
  readonly kind: 'status'
  readonly name: string | undefined
  readonly given: Pick<Given, 'json' | 'maxAge'>
}

const taken = {
  add: undefined,
  list: ['--json'],
  show: ['--json'],
  run: ['--if-due'],
  remove: [],
  print: ['--for'],
} as const satisfies Record<string, readonly Flag['long'][] | undefined>

type Verb = keyof typeof taken

/** These say when, or that there is no next time; a schedule says that itself. */
const notAdded: readonly Flag['long'][] = [
  '--interval',
  '--watch',
  '--reconcile',
  '--if-due',
  '--max-age',
  '--run',
  '--out',
]

export function readSchedule(
  operands: readonly string[],
  given: Given,
  values: ReadonlyMap<Flag, readonly string[]>,
): ScheduleRequest {
  const [word, name, ...more] = operands
  const verb = (Object.keys(taken) as Verb[]).find(each => each === word)
  if (verb === undefined)
    throw new UsageError(
      `schedule takes add, list, show, run, remove or print, and ${word === undefined ? 'none was given' : `got '${word}'`}; see facsimile --help`,
    )
  refuseOthers(`schedule ${verb}`, values.keys(), verb === 'add' ? undefined : taken[verb])
  if (verb === 'list') {
    if (name !== undefined) throw new UsageError(`schedule list takes no name, and got '${name}'`)
    return { kind: 'schedule', verb, json: given.json === true }
  }
  if (name === undefined)
    throw new UsageError(
      `schedule ${verb} takes the name of a schedule, and none was given; see facsimile --help`,
    )
  if (verb === 'add') return { kind: 'schedule', verb, name, operands: more, values, given }
  if (more[0] !== undefined)
    throw new UsageError(`schedule ${verb} takes one name, and '${more[0]}' is one more`)
  switch (verb) {
    case 'show':
      return { kind: 'schedule', verb, name, json: given.json === true }
    case 'run':
      return { kind: 'schedule', verb, name, ifDue: given.ifDue === true }
    case 'remove':
      return { kind: 'schedule', verb, name }
    case 'print':
      if (given.scheduler === undefined)
        throw new UsageError('schedule print needs --for systemd, cron, launchd or schtasks')
      return { kind: 'schedule', verb, name, scheduler: given.scheduler }
  }
}

/** Before it is read: a run by a scheduler has none, and whoever adds one need not wait for it. */
export function refuseStandardInput(values: ReadonlyMap<Flag, readonly string[]>): void {
  for (const [{ long }, texts] of values)
    if ((long === '--files-from' || long === '--filter-from') && texts.includes('-'))
      throw new UsageError(
        `${long} - reads what is typed or piped, which a schedule has none of: give a file`,
      )
}

export function readStatus(
  [name, more]: readonly string[],
  given: Given,
  flags: Iterable<Flag>,
): StatusRequest {
  refuseOthers('status', flags, ['--json', '--max-age'])
  if (more !== undefined)
    throw new UsageError(`status takes the name of one schedule, and '${more}' is one more`)
  return { kind: 'status', name, given }
}

function refuseOthers(
  command: string,
  flags: Iterable<Flag>,
  only: readonly Flag['long'][] | undefined,
): void {
  for (const { long } of flags) {
    const isTaken = only === undefined ? !notAdded.includes(long) : only.includes(long)
    if (!isTaken) throw new UsageError(`${long} makes no sense with ${command}: leave it out`)
  }
}
