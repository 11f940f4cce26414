import { SyncError } from './model/errors.js'
import type { Keep } from './model/keep.js'
import { refuse } from './refusals.js'

const msPerDay = 86_400_000

/** How many runs are kept, or for how long. */
export function keepOption(value: unknown): Keep {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return { runs: value }
  const [, days] = typeof value === 'string' ? (/^(\d+(?:\.\d+)?)d$/.exec(value) ?? []) : []
  if (days !== undefined && Number(days) > 0) return { forMs: Number(days) * msPerDay }
  throw refuse('keep', 'a number of runs, 1 at least, or of days such as "30d"', value)
}

/** The error for runs that nobody keeps. */
export function keepNeedsBackup(): SyncError {
  const message = 'option "keep" needs "backupDir", the folder it is about: give both, or neither'
  return new SyncError('invalid-options', 2, message)
}
