/**
 * A directory that was moved keeps its time. So does another that was filled in the same tick of the clock, or copied with
 * it, and the two may hold files of the same names, sizes and times. Which of them was moved is told by the time only where
 * no other directory of either side has it.
 *
 * One that lies in the one that was renamed is no other, if it lies there on both sides and no name was touched on the way:
 * were it the one that was renamed, it would hold another like itself, and that one another, without end.
 */
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import { steadyTime } from '../model/steady.js'

/** Rows between two steps. */
const rowsPerStep = 8192

/**
 * Those of the times that one directory of the source has, and one of the replica.
 *
 * @param asked as they are kept, in steps of `timeStepNs`
 * @param renamed rows of directories that were walked as one, under their new names, and are asked about
 */
export function* loneTimes(
  pairs: PairTable,
  asked: Iterable<bigint>,
  timeStepNs: bigint,
  renamed?: { has(row: number): boolean },
): Generator<void, ReadonlySet<bigint>> {
  const lone = new Set(asked)
  const seen = { source: new Set<bigint>(), replica: new Set<bigint>() }
  for (let row = 0; row < pairs.length && lone.size > 0; row++) {
    if (row % rowsPerStep === 0) yield
    if (!pairs.isDirectory(row)) continue
    const time = steadyTime(pairs, { source: row }, timeStepNs)
    if (time !== undefined && lone.has(time) && liesInOne(pairs, row, time, timeStepNs, renamed)) continue
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

function liesInOne(
  pairs: PairTable,
  row: number,
  time: bigint,
  timeStepNs: bigint,
  renamed: { has(row: number): boolean } | undefined,
): boolean {
  if (renamed === undefined || renamed.has(row)) return false
  for (let at: DirectoryNode | undefined = pairs.directoryOf(row); at !== undefined; at = at.parent) {
    const above = steadyTime(pairs, { source: at.row }, timeStepNs)
    if (above === undefined) return false
    if (renamed.has(at.row)) return above === time
  }
  return false
}
