/** Spans of time, as milliseconds or as text such as `10m`. */
import { SyncError } from '../model/errors.js'
import { show } from '../model/show.js'

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Node's timers hold no more than 24.8 days; beyond that they fire at once. */
const longest = 24 * 86_400_000

/** @throws {SyncError} when it is neither, or not above `least` */
export function periodOption(option: string, given: unknown, least: number): number {
  const value = typeof given === 'string' ? parsed(given) : given
  if (typeof value === 'number' && value >= least && value <= longest) return value
  const expected = `milliseconds, or text such as "10m", "30s" or "2h", of at least ${least} ms and at most 24 days`
  throw new SyncError('invalid-options', 2, `option "${option}": expected ${expected}; found ${show(given)}`)
}

function parsed(text: string): number | undefined {
  const [, figure, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  return figure === undefined ? undefined : Number(figure) * (units[unit] ?? Number.NaN)
}
