/** Reads the values of flags. What is no value of the kind is refused here; what the library may refuse is left to it. */
import type { DurationText } from '@facsimile/core'
import { UsageError } from './usage-error.js'

/** Turns all values given for one flag into what its option takes. */
export type ValueReader<Value> = (texts: readonly string[]) => Value

/** A flag that may be given once. */
export function single<Value>(read: (text: string) => Value): ValueReader<Value> {
  return texts => {
    const [first = '', ...more] = texts
    const other = more.find(text => text !== first)
    if (other !== undefined) {
      throw new UsageError(`is given twice, as '${first}' and as '${other}'; give it once`)
    }
    return read(first)
  }
}

/** A flag that may be given any number of times. */
export const list: ValueReader<readonly string[]> = texts => texts

export function text(given: string): string {
  return given
}

/** A number of minutes, as milliseconds. Node's timers hold no more than 24.8 days; beyond that they fire at once. */
export function minutes(given: string): number {
  const value = isDecimal(given) ? Number(given) : Number.NaN
  if (value > 0 && value <= maxMinutes) return value * 60_000
  throw new UsageError(
    `takes minutes above 0 and at most ${maxMinutes} (24 days), such as 5 or 0.5, and got '${given}'`,
  )
}

export const maxMinutes: number = 24 * 24 * 60

/** A count, or a percentage. */
export function countOrPercentage(given: string): number | `${number}%` {
  const isPercentage = given.endsWith('%')
  const figure = isPercentage ? given.slice(0, -1) : given
  if (isPercentage && isDecimal(figure)) return `${Number(figure)}%`
  if (!isPercentage && isWhole(figure)) return Number(figure)
  throw new UsageError(`takes a whole number or a percentage, such as 100 or 50%, and got '${given}'`)
}

/** A percentage. */
export function percentage(given: string): `${number}%` {
  const figure = given.slice(0, -1)
  if (given.endsWith('%') && isDecimal(figure)) return `${Number(figure)}%`
  throw new UsageError(`takes a percentage, such as 2%, and got '${given}'`)
}

/** A number of runs, or of days. */
export function countOrDays(given: string): number | `${number}d` {
  const isDays = given.endsWith('d')
  const figure = isDays ? given.slice(0, -1) : given
  if (isDays && isDecimal(figure) && Number(figure) > 0) return `${Number(figure)}d`
  if (!isDays && isWhole(figure) && Number(figure) > 0) return Number(figure)
  throw new UsageError(`takes a number of runs or of days, such as 10 or 30d, and got '${given}'`)
}

export function countOrAuto(given: string): number | 'auto' {
  if (given === 'auto') return given
  if (isWhole(given)) return Number(given)
  throw new UsageError(`takes a whole number or auto, and got '${given}'`)
}

/** One word of a fixed set. */
export function oneOf<const Word extends string>(...words: readonly Word[]): (given: string) => Word {
  return given => {
    const word = words.find(candidate => candidate === given)
    if (word !== undefined) return word
    throw new UsageError(`takes ${words.join(' or ')}, and got '${given}'`)
  }
}

function isWhole(given: string): boolean {
  return /^\d+$/.test(given)
}

function isDecimal(given: string): boolean {
  return /^(?:\d+\.?\d*|\.\d+)$/.test(given)
}

const units: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 }

/** A number of bytes: `10M` and `10MiB` in steps of 1024, as rsync has them, `10MB` in steps of 1000. */
export function size(given: string): number {
  const [, figure = '', unit = '', kind = ''] = /^([\d.]+)([kmgt]?)(i?b)?$/i.exec(given) ?? []
  const power = units[unit.toLowerCase()]
  if (isDecimal(figure) && power !== undefined && !(power === 0 && kind.length > 1)) {
    const bytes = Math.round(Number(figure) * (kind.toLowerCase() === 'b' ? 1000 : 1024) ** power)
    if (Number.isSafeInteger(bytes)) return bytes
  }
  throw new UsageError(`takes a size in bytes, such as 500, 10K, 1.5M or 2GB, and got '${given}'`)
}

/** A number of bytes a second. */
export function rate(given: string): number {
  const bytes = size(given)
  if (bytes > 0) return bytes
  throw new UsageError(`takes bytes a second above 0, such as 500K, 10M or 1.5G, and got '${given}'`)
}

/** A size that is not 0. */
export function positiveSize(given: string): number {
  const bytes = size(given)
  if (bytes > 0) return bytes
  throw new UsageError(`takes a size in bytes above 0, such as 500K, 10M or 1G, and got '${given}'`)
}

/** A length of time above 0; as text, as the library takes it. */
export function duration(given: string): DurationText {
  const [, figure = '', unit = ''] = /^([\d.]+)([smhd])$/.exec(given) ?? []
  const days = isDecimal(figure) ? (Number(figure) * (seconds[unit] ?? 0)) / 86_400 : 0
  if (days > 0 && days <= 366) return given.replace(/^\./, '0.').replace(/\.(?=[smhd])/, '') as DurationText
  throw new UsageError(
    `takes a time above 0 and at most 366d, such as 90s, 15m, 6h or 1d, and got '${given}'`,
  )
}

/** The milliseconds of such a time. */
export function millisecondsOf(given: DurationText): number {
  return Number(given.slice(0, -1)) * (seconds[given.slice(-1)] ?? 0) * 1000
}

/** A whole number from 0 on. */
export function countUpTo(most: number): (given: string) => number {
  return given => {
    if (isWhole(given) && Number(given) <= most) return Number(given)
    throw new UsageError(`takes a whole number from 0 to ${most}, and got '${given}'`)
  }
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** A date, with or without a time, or an age by now, such as `7d`. */
export function instant(given: string): Date {
  const read = ageIn(given) ?? dateIn(given)
  if (read !== undefined && !Number.isNaN(read.getTime())) return read
  throw new UsageError(
    `takes a date such as 2026-01-31 or 2026-01-31T08:00, or an age such as 15m, 36h, 7d or 2w, and got '${given}'`,
  )
}

function ageIn(given: string): Date | undefined {
  const [, figure = '', unit = ''] = /^([\d.]+)([smhdw])$/.exec(given) ?? []
  return isDecimal(figure) ? new Date(Date.now() - Number(figure) * (seconds[unit] ?? 0) * 1000) : undefined
}

function dateIn(given: string): Date | undefined {
  const [, day = ''] = /^(\d{4}-\d\d-\d\d)(?:$|T)/.exec(given) ?? []
  const midnight = new Date(`${day}T00:00Z`)
  // Of the 31st of February Node makes the 3rd of March.
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
  return isDay ? new Date(given) : undefined
}
