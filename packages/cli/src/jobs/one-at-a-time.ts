/**
 * One process at a time changes what schedulers are told: a crontab is read and written as a whole. Who changes it has a file that only one can
 * make; the others wait for it to go.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { errnoOf } from '../reason-of.js'
import { UsageError } from '../usage-error.js'

const waitMs = 20
const longestMs = 10_000
/** Nobody takes so long: who made it was killed. */
const staleMs = 60_000

/** @throws UsageError when another process does not come to its end */
export async function oneAtATime<T>(folder: string, step: () => T | Promise<T>): Promise<T> {
  const lock = path.join(folder, '.changing')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const until = Date.now() + longestMs
  while (!take(lock)) {
    if (Date.now() > until)
      throw new UsageError(
        `another facsimile is changing schedules: try again, or remove '${lock}' if there is none`,
      )
    await new Promise(resolve => setTimeout(resolve, waitMs))
  }
  try {
    return await step()
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

function take(lock: string): boolean {
  const there = fs.statSync(lock, { throwIfNoEntry: false })
  if (there !== undefined && Date.now() - there.mtimeMs > staleMs) fs.rmSync(lock, { force: true })
  try {
    fs.closeSync(fs.openSync(lock, 'wx', 0o600))
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw new UsageError(
      `the schedules in '${path.dirname(lock)}' cannot be changed: ${String(errnoOf(error))}`,
    )
  }
}
