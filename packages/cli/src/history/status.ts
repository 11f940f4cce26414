/** `facsimile status`: how the mirrors of this user are. */
import { type ExitCode, oneLine } from '@facsimile/core'
import type { Io } from '../io.js'
import { jobFile, jobsFolder, listJobs, loadJob } from '../jobs/job-files.js'
import type { Job } from '../jobs/job.js'
import type { StatusRequest } from '../parse-schedule.js'
import { durationText } from '../render/duration.js'
import { stateFolderOf } from '../state-folder.js'
import { millisecondsOf } from '../values.js'
import { type Status, statusOf } from './health.js'
import { type PastRun, pastRuns } from './past-runs.js'

/** A last success that is too old, or none: what was looked for differs from what was found. */
const tooOld: ExitCode = 28

export async function status({ name, given }: StatusRequest, io: Io): Promise<ExitCode> {
  const folder = jobsFolder(io.env)
  const { jobs, damaged } =
    name === undefined ? listJobs(folder) : { jobs: [loadJob(jobFile(folder, name))], damaged: [] }
  for (const message of damaged) io.stderr.write(`facsimile: ${oneLine(message)}\n`)
  const runs = runsFor(jobs, io)
  const now = io.clock.date()
  const mirrors = [...jobs.map(job => ({ ...job, job })), ...(name === undefined ? byHand(jobs, runs) : [])]
  const all = await Promise.all(mirrors.map(mirror => statusOf(mirror, runs, now, isAlive)))
  if (given.json === true) for (const each of all) io.stdout.write(jsonLine(each))
  else
    io.stdout.write(
      all.length === 0
        ? 'There is no schedule, and nothing was run.\n'
        : all.map(each => text(each, now)).join('\n'),
    )
  if (given.maxAge === undefined) return 0
  const most = millisecondsOf(given.maxAge)
  const old = all.filter(({ lagMs }) => lagMs === undefined || lagMs > most)
  for (const each of old)
    io.stderr.write(
      `facsimile: ${oneLine(`${titleOf(each)}: ${each.lagMs === undefined ? 'no run has succeeded yet' : `the last success is ${ageText(each.lagMs)} old, more than ${given.maxAge}`}`)}\n`,
    )
  return old.length > 0 || all.length === 0 || damaged.length > 0 ? tooOld : 0
}

/** A job may keep its state elsewhere. */
function runsFor(jobs: readonly Job[], { env }: Io): readonly PastRun[] {
  const folders = [env, ...jobs.map(({ environment }) => ({ ...env, ...environment }))].map(stateFolderOf)
  return [...new Set(folders)].flatMap(folder => pastRuns(folder))
}

/** Pairs of folders that no job is about. */
function byHand(
  jobs: readonly Job[],
  runs: readonly PastRun[],
): readonly { readonly source: string; readonly replicas: readonly string[] }[] {
  const known = new Set(jobs.flatMap(({ source, replicas }) => replicas.map(replica => key(source, replica))))
  const pairs = new Map(
    runs.map(({ source, replica }) => [key(source, replica), { source, replicas: [replica] }]),
  )
  return [...pairs].flatMap(([each, pair]) => (known.has(each) ? [] : [pair]))
}

function key(source: string, replica: string): string {
  return JSON.stringify([source, replica])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function jsonLine({ nextRun, lastRun, lastSuccess, ...rest }: Status): string {
  const line = { v: 1, type: 'status', ...rest, lastRun, lastSuccess, nextRun: nextRun?.toISOString() }
  return `${JSON.stringify(line)}\n`
}

function titleOf({ name, source, replicas }: Status): string {
  return name ?? `${source} to ${replicas.join(', ')}`
}

function text(found: Status, now: Date): string {
  const { health, name, source, replicas, lastRun, lastSuccess, nextRun, lagMs } = found
  const lines = [
    `${titleOf(found)}: ${health}`,
    ...(name === undefined ? [] : [`  ${source} to ${replicas.join(', ')}`]),
    ...(lastRun === undefined ? [] : [`  last run      ${time(lastRun.start)}, ${endOf(lastRun)}`]),
    ...(lastSuccess === undefined || lagMs === undefined
      ? []
      : [`  last success  ${time(lastSuccess.start)}, ${ageText(lagMs)} ago`]),
    ...(nextRun === undefined
      ? []
      : [`  next run      ${nextRun < now ? `due since ${time(nextRun)}` : time(nextRun)}`]),
    ...(lastRun?.problem === undefined ? [] : [`  problem       ${lastRun.problem}`]),
  ]
  return lines.map(line => `${oneLine(line)}\n`).join('')
}

/** In whole seconds: it is looked at by people. */
function ageText(ms: number): string {
  return durationText(ms < 1000 ? ms : Math.floor(ms / 1000) * 1000)
}

function time(at: string | Date): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}

function endOf({ start, end, exitCode, changes = {}, bytes = 0 }: PastRun): string {
  if (end === undefined) return 'not ended'
  const took = durationText(Date.parse(end) - Date.parse(start))
  const done = Object.entries(changes).map(([action, number]) => `${action} ${number}`)
  return `${took}, exit ${exitCode}; ${done.length === 0 ? 'nothing to do' : done.join(', ')}; ${bytes} bytes`
}
