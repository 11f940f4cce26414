/** A mirroring that is done again and again by somebody else's scheduler: a file of plain JSON, one for each. */
import type { Cadence, DurationText } from '@facsimile/core'
import { UsageError } from '../usage-error.js'

/** Whose scheduler, and so in which format it is told. */
export const schedulerNames = ['systemd', 'cron', 'launchd', 'schtasks'] as const

export type SchedulerName = (typeof schedulerNames)[number]

export interface Job {
  readonly version: 1
  readonly name: string
  readonly every?: DurationText
  readonly cron?: string
  readonly timeZone?: string
  /** Absolute, as are the replicas and the files in the flags: schedulers begin anywhere. */
  readonly source: string
  readonly replicas: readonly string[]
  /** As they were given, but for those of the schedule itself. */
  readonly flags: readonly string[]
  /** What the environment said of the command, which a scheduler has another of. */
  readonly environment: Readonly<Record<string, string>>
  /** ISO 8601. */
  readonly created: string
  /** Who was told of it; absent where nobody was. */
  readonly installed?: SchedulerName
}

/** What a file, a unit and a comment can be called everywhere. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** @throws UsageError when a job cannot be called that */
export function checkName(name: string): string {
  if (namePattern.test(name) && !name.endsWith('.json')) return name
  throw new UsageError(
    `a schedule is called by letters, digits, ".", "_" and "-", beginning with a letter or digit and at most 63 long, and got '${name}'`,
  )
}

export function cadenceOf({ every, cron, timeZone }: Pick<Job, 'every' | 'cron' | 'timeZone'>): Cadence {
  return { every, cron, timeZone } as Cadence
}

/** How often, as people read it. */
export function cadenceText({ every, cron, timeZone }: Job): string {
  if (every !== undefined) return `every ${every}`
  return `at ${cron ?? ''}${timeZone === undefined ? '' : ` (${timeZone})`}`
}

/** The arguments of the run, as if it were called by hand. */
export function argumentsOf({ source, replicas, flags }: Job): readonly string[] {
  // By "=", as a name may begin with "-".
  return [...flags, `--source=${source}`, ...replicas.map(replica => `--destination=${replica}`)]
}

/** Whether two are the same but for when they were made, and who was told of them. */
export function isSameJob(one: Job, other: Job): boolean {
  const bare = ({ created: _created, installed: _installed, ...job }: Job): string =>
    JSON.stringify(Object.entries(job).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return bare(one) === bare(other)
}

export function jobText(job: Job): string {
  return `${JSON.stringify(job, undefined, 2)}\n`
}

/** @throws UsageError when a file, which people may edit, holds no job */
export function readJobText(text: string, file: string): Job {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    throw damaged(file, `it is no JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  const job = (found ?? {}) as Record<keyof Job, unknown>
  if (job.version !== 1) throw damaged(file, 'expected "version": 1, the only one this facsimile knows')
  for (const field of ['name', 'source', 'created'] as const)
    if (typeof job[field] !== 'string') throw damaged(file, `expected a text as "${field}"`)
  for (const field of ['every', 'cron', 'timeZone'] as const)
    if (job[field] !== undefined && typeof job[field] !== 'string')
      throw damaged(file, `expected a text as "${field}"`)
  if ((job.every === undefined) === (job.cron === undefined))
    throw damaged(file, 'expected either "every" or "cron"')
  for (const field of ['replicas', 'flags'] as const)
    if (!isTexts(job[field])) throw damaged(file, `expected a list of texts as "${field}"`)
  if (typeof job.environment !== 'object' || !isTexts(Object.values(job.environment ?? [0])))
    throw damaged(file, 'expected texts by name as "environment"')
  if (job.installed !== undefined && !schedulerNames.some(name => name === job.installed))
    throw damaged(file, `expected one of ${schedulerNames.join(', ')} as "installed"`)
  checkName(job.name as string)
  return found as Job
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

function damaged(file: string, why: string): UsageError {
  return new UsageError(
    `the schedule in '${file}' cannot be read: ${why}; mend it, or remove the file and add the schedule anew`,
  )
}
