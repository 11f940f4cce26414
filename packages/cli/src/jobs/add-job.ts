/** `facsimile schedule add`: a run as it would be called by hand becomes a job. */
import * as path from 'node:path'
import { nextPoint } from '@facsimile/core'
import { asUsage } from '../as-usage.js'
import type { Flag } from '../flag.js'
import type { Io } from '../io.js'
import { parseArguments } from '../parse.js'
import type { ScheduleRequest } from '../parse-schedule.js'
import { UsageError } from '../usage-error.js'
import { argumentsOf, cadenceOf, checkName, type Job } from './job.js'

type AddRequest = Extract<ScheduleRequest, { readonly verb: 'add' }>

/** What says when, where, or by whom is kept by itself. */
const notFlags: readonly Flag['long'][] = [
  '--every',
  '--cron',
  '--time-zone',
  '--install',
  '--for',
  '--source',
  '--destination',
]

/** What the environment says of the command. */
const kept = ['XDG_STATE_HOME', 'FACSIMILE_NATIVE'] as const

/** @throws UsageError when no run could be made of it */
export async function jobFrom({ name, operands, values, given }: AddRequest, io: Io): Promise<Job> {
  const { every, cron, timeZone } = given
  if (every === undefined && cron === undefined)
    throw new UsageError('schedule add needs --every TIME or --cron EXPRESSION; see facsimile --help')
  const flags = [...values].flatMap(([flag, texts]) => flagWords(flag, texts))
  const roots = [...values].flatMap(([{ long }, texts]) =>
    long === '--source' || long === '--destination' ? texts.map(text => `${long}=${text}`) : [],
  )
  const request = parseArguments([...flags, ...roots, '--', ...operands], 80)
  if (request.kind !== 'run') throw new UsageError('schedule add takes SOURCE and REPLICA')
  const { source, replica, replicas = [replica] } = request.folders
  const job: Job = {
    version: 1,
    name: checkName(name),
    ...(every === undefined ? {} : { every }),
    ...(cron === undefined ? {} : { cron }),
    ...(timeZone === undefined ? {} : { timeZone }),
    source: path.resolve(source),
    replicas: replicas.map(each => path.resolve(each)),
    flags,
    environment: Object.fromEntries(
      kept.flatMap(key => (io.env[key] === undefined ? [] : [[key, io.env[key]]])),
    ),
    created: io.clock.date().toISOString(),
  }
  await nextPoint(cadenceOf(job), io.clock.date()).catch((error: unknown) => {
    throw asUsage(error)
  })
  // Whatever a run of it would refuse is refused now.
  parseArguments(argumentsOf(job), 80)
  return job
}

function flagWords(flag: Flag, texts: readonly string[]): readonly string[] {
  if (notFlags.includes(flag.long)) return []
  if (!('value' in flag)) return [flag.long]
  return texts.map(text => `${flag.long}=${isPath(flag) ? path.resolve(text) : text}`)
}

function isPath({ value }: Extract<Flag, { readonly value: string }>): boolean {
  return value === 'FILE' || value === 'DIR' || value === 'FILE|-'
}
