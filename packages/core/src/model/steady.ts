import { isByHand } from './by-hand.js'
import type { PairTable } from './pairs.js'

/**
 * The time of a directory that both sides have, as far as it is kept: the clock gave it when a name in it was last
 * touched, so the same names stand for the same files on both sides. Undefined where the two differ, or it was set by hand.
 *
 * @param timeStepNs what is kept of times
 */
export function steadyTime(
  pairs: PairTable,
  { source, replica = source }: { readonly source: number; readonly replica?: number | undefined },
  timeStepNs: bigint,
): bigint | undefined {
  const here = pairs.source(source)
  const there = pairs.replica(replica)
  if (here?.kind !== 'directory' || there?.kind !== 'directory') return undefined
  if (isByHand(here.mtimeNs, timeStepNs)) return undefined
  const kept = here.mtimeNs / timeStepNs
  return kept === there.mtimeNs / timeStepNs ? kept : undefined
}
