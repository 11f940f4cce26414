import type { Entry } from '../model/entry.js'
import type { CompareSettings } from '../model/compare-settings.js'
import type { CompareRequest } from '../model/jobs.js'

/** Whether equal size and time say that what the source has holds the same in the replica. */
export function trustsTime(
  { settings }: { readonly settings: CompareSettings },
  { isDoubted = false }: CompareRequest,
  source: Entry | undefined,
): boolean {
  if (settings.content !== 'metadata') return false
  if (!isDoubted || source?.kind !== 'file' || source.size === 0) return true
  // What a program writes at once has one time to the nanosecond, and often one size: two versions of a directory are alike then.
  return false
}
