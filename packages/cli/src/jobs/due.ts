/** When a job is to run next. */
import { nextPoint } from '@facsimile/core'
import { millisecondsOf } from '../values.js'
import { cadenceOf, type Job } from './job.js'

/** Schedulers begin a program a moment before or after its time. */
const mostEarlyMs = 30_000

/** @returns undefined when it never is; a moment in the past when it is due */
export async function nextRun(job: Job, last: Date | undefined, now: Date): Promise<Date | undefined> {
  const { every, created } = job
  if (every !== undefined) return last === undefined ? now : new Date(last.getTime() + millisecondsOf(every))
  return await nextPoint(cadenceOf(job), last ?? new Date(created))
}

export async function isDue(job: Job, last: Date | undefined, now: Date): Promise<boolean> {
  const next = await nextRun(job, last, now)
  if (next === undefined) return false
  const early = job.every === undefined ? 0 : Math.min(millisecondsOf(job.every) / 10, mostEarlyMs)
  return next.getTime() - early <= now.getTime()
}
