/** `facsimile schedule`: jobs are added, shown, run and removed. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type ExitCode, oneLine } from '@facsimile/core'
import { pastRuns } from '../history/past-runs.js'
import type { Io } from '../io.js'
import { parseArguments } from '../parse.js'
import type { ScheduleRequest } from '../parse-schedule.js'
import type { Core } from '../run-once.js'
import { stateFolderOf } from '../state-folder.js'
import { UsageError } from '../usage-error.js'
import { jobFrom } from './add-job.js'
import { crontabLines } from './crontab.js'
import { isDue, nextRun } from './due.js'
import type { Entry } from './entry.js'
import { addJob, jobFile, jobsFolder, listJobs, loadJob, removeJob, replaceJob } from './job-files.js'
import { argumentsOf, cadenceText, isSameJob, type Job, jobText, type SchedulerName } from './job.js'
import { launchdList } from './launchd.js'
import { oneAtATime } from './one-at-a-time.js'
import { findScheduler, schedulerOf, thisMachine } from './schedulers.js'
import { taskXml } from './schtasks.js'
import { systemdUnits } from './systemd.js'

export async function schedule(request: ScheduleRequest, io: Io, core?: Core): Promise<ExitCode> {
  const folder = jobsFolder(io.env)
  const say = (text: string): void => void io.stdout.write(text)
  switch (request.verb) {
    case 'add':
      return await oneAtATime(folder, async () => await add(request, folder, io))
    case 'list': {
      const { jobs, damaged } = listJobs(folder)
      for (const message of damaged) io.stderr.write(`facsimile: ${oneLine(message)}\n`)
      if (request.json) for (const job of jobs) say(`${JSON.stringify(job)}\n`)
      else
        say(
          jobs.length === 0
            ? 'There is no schedule.\n'
            : jobs.map(job => `${oneLine(lineOf(job))}\n`).join(''),
        )
      return 0
    }
    case 'show': {
      const job = loadJob(jobFile(folder, request.name))
      say(request.json ? jobText(job) : await textOf(job, folder, io))
      return 0
    }
    case 'run':
      return await runJob(fileOf(folder, request.name), request.ifDue, io, core)
    case 'remove': {
      const job = loadJob(jobFile(folder, request.name))
      await oneAtATime(folder, () => {
        if (job.installed !== undefined) schedulerOf(job.installed, thisMachine(io.env)).remove(job)
        removeJob(folder, job.name)
      })
      say(`The schedule ${job.name} is removed; its replica stays as it is.\n`)
      return 0
    }
    case 'print':
      say(printed(request.scheduler, entryOf(loadJob(jobFile(folder, request.name)), folder, io)))
      return 0
  }
}

async function add(
  request: Extract<ScheduleRequest, { readonly verb: 'add' }>,
  folder: string,
  io: Io,
): Promise<ExitCode> {
  const { given } = request
  if (given.scheduler !== undefined && given.install !== true)
    throw new UsageError('--for needs --install, or schedule print: give both, or neither')
  const job = await jobFrom(request, io)
  const machine = thisMachine(io.env)
  const scheduler = given.install === true ? (given.scheduler ?? findScheduler(machine)) : undefined
  // What cannot be told to it is refused before anything is there.
  if (scheduler !== undefined) printed(scheduler, entryOf(job, folder, io))
  const there = addJob(folder, job)
  if (there !== undefined && !isSameJob(there, job))
    throw new UsageError(
      `there is a schedule '${job.name}' already, which is another one: remove it first, or give this one another name`,
    )
  try {
    if (scheduler !== undefined) install(scheduler, there ?? job, folder, io)
  } catch (error) {
    if (there === undefined) removeJob(folder, job.name)
    throw error
  }
  io.stdout.write(
    `${oneLine(lineOf({ ...(there ?? job), ...(scheduler === undefined ? {} : { installed: scheduler }) }))}\n`,
  )
  if (scheduler === undefined && there?.installed === undefined)
    io.stdout.write(
      'No scheduler knows of it: add --install, or see facsimile schedule print --for systemd, cron, launchd or schtasks.\n',
    )
  if (scheduler === 'systemd' && !machine.isRoot)
    io.stdout.write('It runs while you are logged in; for all of the time: loginctl enable-linger\n')
  if (scheduler !== undefined && /[\\/]_npx[\\/]/.test(process.argv[1] ?? ''))
    io.stderr.write(
      'facsimile: npx runs facsimile from its cache, which may be emptied, and the schedule with it; install it to stay: npm install --global facsimile\n',
    )
  if (fs.statSync(job.source, { throwIfNoEntry: false }) === undefined)
    io.stderr.write(
      `facsimile: ${oneLine(`the source '${job.source}' is not there now; runs are refused until it is`)}\n`,
    )
  return 0
}

function install(scheduler: SchedulerName, job: Job, folder: string, io: Io): void {
  const machine = thisMachine(io.env)
  if (job.installed !== undefined && job.installed !== scheduler)
    schedulerOf(job.installed, machine).remove(job)
  schedulerOf(scheduler, machine).install(entryOf(job, folder, io))
  if (job.installed !== scheduler) replaceJob(folder, { ...job, installed: scheduler })
}

/** A name, or the path of a job's file, for schedulers that know no XDG_CONFIG_HOME. */
function fileOf(folder: string, name: string): string {
  return path.isAbsolute(name) ? name : jobFile(folder, name)
}

async function runJob(file: string, ifDue: boolean, io: Io, core: Core | undefined): Promise<ExitCode> {
  const job = loadJob(file)
  const own: Io = { ...io, env: { ...io.env, ...job.environment } }
  if (ifDue && !(await isDue(job, lastStart(job, own), io.clock.date()))) return 0
  const request = parseArguments(argumentsOf(job), 80)
  if (request.kind !== 'run')
    throw new UsageError(`the schedule in '${file}' is no run of SOURCE and REPLICA`)
  const { runSession } = await import('../session.js')
  return await runSession(request, own, core, job.name)
}

function lastStart({ source, replicas }: Job, { env }: Pick<Io, 'env'>): Date | undefined {
  const runs = pastRuns(stateFolderOf(env))
  const starts = replicas.map(
    replica => runs.findLast(run => run.source === source && run.replica === replica)?.start,
  )
  const [first] = starts.filter(start => start !== undefined).toSorted()
  return first === undefined || starts.includes(undefined) ? undefined : new Date(first)
}

function entryOf(job: Job, folder: string, { env }: Io): Entry {
  const program = process.argv[1] ?? ''
  const isElsewhere = path.isAbsolute(env['XDG_CONFIG_HOME'] ?? '')
  const named = isElsewhere ? jobFile(folder, job.name) : job.name
  return { job, call: [process.execPath, fs.realpathSync(program), 'schedule', 'run', named] }
}

function printed(scheduler: SchedulerName, entry: Entry): string {
  switch (scheduler) {
    case 'systemd':
      return Object.entries(systemdUnits(entry))
        .map(([name, text]) => `# ${name}\n${text}`)
        .join('\n')
    case 'cron':
      return crontabLines(entry)
    case 'launchd':
      return launchdList(entry)
    case 'schtasks':
      return taskXml(entry)
  }
}

function lineOf(job: Job): string {
  const by = job.installed === undefined ? 'not installed' : `by ${job.installed}`
  return `${job.name}: ${cadenceText(job)}, ${by}: ${job.source} to ${job.replicas.join(', ')}`
}

async function textOf(job: Job, folder: string, io: Io): Promise<string> {
  const last = lastStart(job, { env: { ...io.env, ...job.environment } })
  const next = await nextRun(job, last, io.clock.date())
  const lines = [
    lineOf(job),
    `  file      ${jobFile(folder, job.name)}`,
    ...(job.flags.length === 0 ? [] : [`  flags     ${job.flags.join(' ')}`]),
    `  last run  ${last?.toISOString() ?? 'none'}`,
    `  next run  ${next?.toISOString() ?? 'never'}`,
  ]
  return lines.map(line => `${oneLine(line)}\n`).join('')
}
