/** What the library refuses of options before it begins, said of flags. */
import { SyncError } from '@facsimile/core'
import { inFlagNames } from './flag-names.js'
import { UsageError } from './usage-error.js'

/** @returns what is to be thrown instead */
export function asUsage(error: unknown): unknown {
  const isRefused = error instanceof SyncError && error.code === 'invalid-options'
  return isRefused ? new UsageError(inFlagNames(error.message)) : error
}
