/**
 * A directory that was moved keeps its time. So does another that was filled in the same tick of the clock, or copied with
 * it, and the two may hold files of the same names, sizes and times. Which of them was moved is told by the time only where
 * no other directory of either side has it.
 */
import type { PairTable } from '../model/pairs.js'

/** Rows between two steps. */
const rowsPerStep = 8192

/**
 * Those of the times that one directory of the source has, and one of the replica.
 *
 * @param asked as they are kept, in steps of `timeStepNs`
 */
export function* loneTimes(
  pairs: PairTable,
  asked: Iterable<bigint>,
  timeStepNs: bigint,
): Generator<void, ReadonlySet<bigint>> {
  const lone = new Set(asked)
  const seen = { source: new Set<bigint>(), replica: new Set<bigint>() }
  for (let row = 0; row < pairs.length && lone.size > 0; row++) {
    if (row % rowsPerStep === 0) yield
    if (!pairs.isDirectory(row)) continue
    for (const side of ['source', 'replica'] as const) {
      const entry = pairs[side](row)
      const time = entry?.kind === 'directory' ? entry.mtimeNs / timeStepNs : undefined
      if (time === undefined || !lone.has(time)) continue
      if (seen[side].has(time)) lone.delete(time)
      else seen[side].add(time)
    }
  }
  return lone
}
