/** The points of a cron expression. The only file that knows croner. */
import { Cron } from 'croner'
import { show } from '../model/show.js'
import { wrong } from './cadence.js'

/** The first point after a moment, both in milliseconds since 1970; undefined where there is none any more. */
export type CronPoints = (after: number) => number | undefined

/** @throws {SyncError} `invalid-options`, when it is no expression, no zone, or never comes true */
export function cronPoints(cron: string, timeZone: string | undefined, now: number): CronPoints {
  if (timeZone !== undefined && !isZone(timeZone))
    throw wrong(`option "timeZone": expected a name such as "Europe/Berlin"; found ${show(timeZone)}`)
  // croner takes a date too, which is no cadence.
  if (!/^\s*(?:@[a-z]+|\S+(?:\s+\S+){4,6})\s*$/i.test(cron)) throw noExpression(cron)
  const pattern = parse(cron, timeZone)
  const next: CronPoints = after => pattern.nextRun(new Date(after))?.getTime()
  if (next(now) === undefined)
    throw wrong(
      `option "cron": ${show(cron)} never comes true: expected an expression of days that there are`,
    )
  return next
}

function parse(cron: string, timezone: string | undefined): Cron {
  try {
    return new Cron(cron, { paused: true, ...(timezone === undefined ? {} : { timezone }) })
  } catch (error) {
    throw noExpression(cron, error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error))
  }
}

function noExpression(cron: string, why?: string): Error {
  const because = why === undefined ? '' : ` (${why})`
  return wrong(
    `option "cron": expected a cron expression of five fields such as "*/10 * * * *", or six with seconds first; found ${show(cron)}${because}`,
  )
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
