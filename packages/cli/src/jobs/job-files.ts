/**
 * Where jobs are kept: a file each, below the folder for configuration. Two processes may be at them at once: a file is made whole
 * under another name and then linked or renamed to its own, so whoever reads sees one or the other, and of two that add the same name one is told.
 */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { errnoOf, reasonOf } from '../reason-of.js'
import { homeFolder } from '../state-folder.js'
import { UsageError } from '../usage-error.js'
import { checkName, type Job, jobText, readJobText } from './job.js'

type Environment = Readonly<Record<string, string | undefined>>

export function jobsFolder(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'] ?? ''
  // A relative path is to be ignored (XDG).
  const home = homeFolder()
  if (path.isAbsolute(base)) return path.join(base, 'facsimile', 'jobs')
  if (home !== undefined) return path.join(home, '.config', 'facsimile', 'jobs')
  throw new UsageError('there is no home in which schedules are kept: set HOME or XDG_CONFIG_HOME')
}

export function jobFile(folder: string, name: string): string {
  return path.join(folder, `${checkName(name)}.json`)
}

/** @returns the job that has the name already, if there is one: nothing was written then */
export function addJob(folder: string, job: Job): Job | undefined {
  const file = jobFile(folder, job.name)
  const written = write(folder, file, job)
  try {
    fs.linkSync(written, file)
    return undefined
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return loadJob(file)
    throw unusable(file, error)
  } finally {
    fs.rmSync(written, { force: true })
  }
}

export function replaceJob(folder: string, job: Job): void {
  const file = jobFile(folder, job.name)
  const written = write(folder, file, job)
  try {
    fs.renameSync(written, file)
  } catch (error) {
    fs.rmSync(written, { force: true })
    throw unusable(file, error)
  }
}

/** @throws UsageError when there is none in that file, or what is there is no job */
export function loadJob(file: string): Job {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw unusable(file, error)
    const name = path.basename(file, '.json')
    throw new UsageError(`there is no schedule '${name}': see facsimile schedule list`)
  }
  return readJobText(text, file)
}

/** By name; of what is damaged, what is wrong with it: the others are as good. */
export function listJobs(folder: string): {
  readonly jobs: readonly Job[]
  readonly damaged: readonly string[]
} {
  const jobs: Job[] = []
  const damaged: string[] = []
  for (const name of namesIn(folder)) {
    try {
      jobs.push(loadJob(path.join(folder, name)))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      damaged.push(error.message)
    }
  }
  return { jobs, damaged }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .toSorted()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw unusable(folder, error)
  }
}

export function removeJob(folder: string, name: string): void {
  fs.rmSync(jobFile(folder, name), { force: true })
}

function write(folder: string, file: string, job: Job): string {
  const written = `${file}.${randomBytes(8).toString('hex')}`
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    fs.writeFileSync(written, jobText(job), { mode: 0o600, flag: 'wx' })
    return written
  } catch (error) {
    throw unusable(file, error)
  }
}

function unusable(file: string, error: unknown): UsageError {
  return new UsageError(`the schedules in '${path.dirname(file)}' cannot be used: ${reasonOf(error)}`)
}
