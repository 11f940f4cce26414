/**
 * Which removals could be of an entry that appeared in the source while it was read: of the same kind and time, and of
 * the same size where that tells anything. Rather too many than too few: the next run decides.
 */
import type { Entry } from '../model/entry.js'
import type { PairTable } from '../model/pairs.js'
import type { PlanOrder } from '../model/plan.js'

/** Rows between two steps. */
const rowsPerStep = 1024

/** What appeared, each time but once: a whole tree may have. */
export class Appeared {
  private readonly times = new Map<string, Set<bigint>>()

  get isEmpty(): boolean {
    return this.times.size === 0
  }

  add(entry: Entry): void {
    const key = keyOf(entry)
    const known = this.times.get(key)
    if (known === undefined) this.times.set(key, new Set([entry.mtimeNs]))
    else known.add(entry.mtimeNs)
  }

  /** Whether a replica's entry could be the copy of one of them. */
  mayHold(replica: Entry, isSameTime: IsSameTime): boolean {
    const times = this.times.get(keyOf(replica))
    if (times === undefined) return false
    if (times.has(replica.mtimeNs)) return true
    for (const time of times) if (isSameTime(time, replica.mtimeNs)) return true
    return false
  }
}

/** Whether a time of the source and one of the replica are one, as far as the replica can hold them. */
type IsSameTime = (source: bigint, replica: bigint) => boolean

function keyOf({ kind, size }: Entry): string {
  return kind === 'file' || kind === 'symlink' ? `${kind} ${size}` : kind
}

export function* findMoved(
  pairs: PairTable,
  { remove }: PlanOrder,
  appeared: Appeared,
  isSameTime: IsSameTime,
): Generator<void, ReadonlySet<number>> {
  const moved = new Set<number>()
  if (appeared.isEmpty) return moved
  for (const [index, row] of remove.entries()) {
    if (index % rowsPerStep === 0) yield
    const replica = pairs.replica(row)
    if (replica !== undefined && appeared.mayHold(replica, isSameTime)) moved.add(row)
  }
  return moved
}
