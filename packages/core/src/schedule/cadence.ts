/** How often something is done, as it is given, checked by hand. What a cron expression means is another file's. */
import { SyncError } from '../model/errors.js'
import { show } from '../model/show.js'

/** A length of time as text: seconds, minutes, hours or days, such as `'90s'`, `'15m'`, `'1.5h'`, `'1d'`. */
export type DurationText = `${number}${'s' | 'm' | 'h' | 'd'}`

/** At once, and then every so often. */
export interface EveryCadence {
  /** In milliseconds, or as text such as `'15m'`; at most 366 days. */
  readonly every: number | DurationText
  readonly cron?: never
  readonly timeZone?: never
}

/** Whenever the calendar says so, and not before. */
export interface CronCadence {
  /**
   * A cron expression: minute, hour, day of the month, month, day of the week, such as `'0 2 * * *'`. A sixth field, put first, is
   * seconds.
   */
  readonly cron: string
  /**
   * The zone whose clock counts, by its IANA name, such as `'Europe/Berlin'`.
   * @default that of the process
   */
  readonly timeZone?: string
  readonly every?: never
}

/** How often: {@link EveryCadence} or {@link CronCadence}. */
export type Cadence = EveryCadence | CronCadence

/** A cadence, checked as far as that goes without knowing cron expressions. */
export type CheckedCadence =
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: string; readonly timeZone: string | undefined }

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const longestMs = 366 * 86_400_000

/** @throws {SyncError} `invalid-options` */
export function checkCadence({
  every,
  cron,
  timeZone,
}: Readonly<Partial<Record<keyof Cadence, unknown>>>): CheckedCadence {
  if (every !== undefined && cron !== undefined)
    throw wrong('options "every" and "cron" contradict each other: leave one out')
  if (cron === undefined && timeZone !== undefined)
    throw wrong('option "timeZone" needs "cron", the expression it is about: give both, or neither')
  if (cron !== undefined) {
    if (typeof cron !== 'string')
      throw wrong(`option "cron": expected a cron expression such as "*/10 * * * *"; found ${show(cron)}`)
    if (timeZone !== undefined && typeof timeZone !== 'string')
      throw wrong(`option "timeZone": expected a name such as "Europe/Berlin"; found ${show(timeZone)}`)
    return { kind: 'cron', cron, timeZone }
  }
  if (every === undefined)
    throw wrong('option "every" or "cron" says how often, and neither was given: give one of them')
  const everyMs = typeof every === 'string' ? millisecondsIn(every) : every
  if (typeof everyMs === 'number' && everyMs >= 1 && everyMs <= longestMs)
    return { kind: 'every', everyMs: Math.round(everyMs) }
  throw wrong(
    `option "every": expected milliseconds, 1 at least, or a text such as "90s", "15m", "6h" or "1d", at most 366 days; found ${show(every)}`,
  )
}

function millisecondsIn(text: string): number {
  const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? []
  return Number(figure) * (unitMs[unit] ?? Number.NaN)
}

export function wrong(message: string): SyncError {
  return new SyncError('invalid-options', 2, message)
}
