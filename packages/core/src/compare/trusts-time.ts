import { isByHand } from '../model/by-hand.js'
import type { CompareSettings } from '../model/compare-settings.js'
import type { Entry } from '../model/entry.js'
import type { CompareRequest } from '../model/jobs.js'
import type { Capabilities } from '../tree/capabilities.js'
import { timeStepOf } from '../tree/times.js'

/** Whether equal size and time say that what the source has holds the same in the replica. */
export function trustsTime(
  { settings, can }: { readonly settings: CompareSettings; readonly can: Capabilities },
  { doubt }: CompareRequest,
  source: Entry | undefined,
): boolean {
  if (settings.content !== 'metadata') return false
  if (doubt === undefined || source?.kind !== 'file' || source.size === 0) return true
  // What a program writes at once has one time to the nanosecond, and often one size: two versions of a directory are alike then.
  return doubt === 'times' && can.times.isWanted && !isByHand(source.mtimeNs, timeStepOf(can.times))
}
