/** A cron expression as numbers, for schedulers that are told otherwise. */

/** Each field: the numbers that count, in order; undefined: any. */
export interface CronFields {
  readonly minutes: readonly number[] | undefined
  readonly hours: readonly number[] | undefined
  readonly days: readonly number[] | undefined
  readonly months: readonly number[] | undefined
  /** From 0, Sunday, to 6. Where days of the month are given too, a point is on either. */
  readonly weekdays: readonly number[] | undefined
}

const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** @returns undefined when it is not of five fields of plain numbers: seconds, or a last day of the month */
export function cronFields(expression: string): CronFields | undefined {
  const text = expression.trim().toLowerCase()
  const fields = (nicknames[text] ?? text).split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minutes, hours, days, months, weekdays] = [
    field(fields[0], 0, 59),
    field(fields[1], 0, 23),
    field(fields[2], 1, 31),
    field(fields[3], 1, 12, monthNames, 1),
    field(fields[4], 0, 7, dayNames, 0),
  ]
  if ([minutes, hours, days, months, weekdays].includes('unknown')) return undefined
  const week = known(weekdays)?.map(day => day % 7)
  return {
    minutes: known(minutes),
    hours: known(hours),
    days: known(days),
    months: known(months),
    weekdays: week === undefined || new Set(week).size === 7 ? undefined : sorted(week),
  }
}

type Field = readonly number[] | undefined | 'unknown'

function known(found: Field): readonly number[] | undefined {
  return found === 'unknown' ? undefined : found
}

function field(
  text: string = '',
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName: number = 0,
): Field {
  const numbers: number[] = []
  const read = (word: string): number => {
    const at = names.indexOf(word)
    return at >= 0 ? at + firstName : /^\d+$/.test(word) ? Number(word) : Number.NaN
  }
  for (const part of text.split(',')) {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? []
    const [from = '', to] = range === '*' ? [`${least}`, `${most}`] : range.split('-')
    // `5/15` is each 15 from 5 on.
    const last = to ?? (part.includes('/') ? `${most}` : from)
    const [first, end, by] = [read(from), read(last), Number(step)]
    if (!(first >= least && end <= most && first <= end && by >= 1)) return 'unknown'
    for (let number = first; number <= end; number += by) numbers.push(number)
  }
  if (text === '*' || text === '*/1') return undefined
  return sorted(numbers)
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b)
}
