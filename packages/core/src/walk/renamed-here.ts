/**
 * A directory that was renamed and stays where it is shows in the listing of what holds it: one that only the source has,
 * and one that only the replica has, of the same time. That is known before either is listed, so the two are walked as one;
 * were it a coincidence, what differs would be repaired.
 *
 * Those that were moved elsewhere, or changed too, are found when all is known (`find-renames.ts`).
 */
import { isByHand } from '../model/by-hand.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'

export interface RenamedHere {
  readonly from: DirectoryNode
  readonly to: DirectoryNode
}

/**
 * @param rows of directories in one directory
 * @param timeStepNs what is kept of times
 */
export function renamedHere(
  pairs: PairTable,
  rows: readonly number[],
  timeStepNs: bigint,
): readonly RenamedHere[] {
  const leaving = byTime(pairs, rows, timeStepNs, row =>
    pairs.hasSource(row) ? undefined : pairs.replica(row),
  )
  if (leaving.size === 0) return []
  const arriving = byTime(pairs, rows, timeStepNs, row =>
    pairs.hasReplica(row) ? undefined : pairs.source(row),
  )
  return [...arriving].flatMap(([time, to]) => {
    const [old, now] = [leaving.get(time), to].map(row => (row === undefined ? undefined : pairs.nodeOf(row)))
    if (old === undefined || now === undefined) return []
    // Asked of the source alone: a replica may keep no more than microseconds.
    return isByHand(pairs.source(to)?.mtimeNs ?? 0n, timeStepNs) ? [] : [{ from: old, to: now }]
  })
}

/** Only those of which no other has the time; -1 stands for several. */
function byTime(
  pairs: PairTable,
  rows: readonly number[],
  timeStepNs: bigint,
  entryOf: (row: number) => { readonly mtimeNs: bigint } | undefined,
): ReadonlyMap<bigint, number> {
  const found = new Map<bigint, number>()
  for (const row of rows) {
    const time = entryOf(row)?.mtimeNs
    if (time === undefined) continue
    const kept = time / timeStepNs
    const hasAction = pairs.action(row) !== undefined
    found.set(kept, found.has(kept) || !hasAction ? several : row)
  }
  return found
}

const several = -1
