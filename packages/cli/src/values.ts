/** Reads the values of flags. What is no value of the kind is refused here; what the library may refuse is left to it. */
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
