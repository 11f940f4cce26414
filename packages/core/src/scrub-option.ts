/** The option that has remembered files read again, and what it cannot go with. */
import { SyncError } from './model/errors.js'
import { conflict, refuse } from './refusals.js'

/** Of the smallest share there is. */
const leastPercent = 0.0001

/** Of a hundred files, how many. */
export function scrubOption(value: unknown): number {
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] : undefined
  if (percent !== undefined && Number(percent) >= leastPercent && Number(percent) <= 100)
    return Number(percent)
  throw refuse('scrub', 'a percentage of the files, from "0.0001%" to "100%"', value)
}

interface ScrubSettings {
  readonly scrub: number | undefined
  readonly compare: unknown
  readonly hasher: unknown
  readonly hashMemory: boolean
}

export function refuseScrub({ scrub, compare, hasher, hashMemory }: ScrubSettings): void {
  if (scrub === undefined) return
  if (!hashMemory) throw conflict('scrub', 'hashMemory: false')
  if (compare !== 'content') {
    const message =
      'option "scrub" is about files that are not read again because of what is remembered of their content: it needs compare: "content"'
    throw new SyncError('invalid-options', 2, message)
  }
  if (typeof hasher === 'object') throw conflict('scrub', 'a hasher that is an object')
}
