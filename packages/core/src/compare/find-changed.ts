/**
 * The job that looks at directories of the source once more, when the whole of it has been read: which of them were
 * changed since they were listed, or may have been?
 *
 * What is compared was seen before the listing, so a change at any time since shows. But file systems date changes by a
 * clock that ticks: two within one tick look like one. So a directory that was changed about when the walk began, or
 * later, is listed again in any case. Where a server has another clock, only a change within one tick is missed.
 */
import { tickOf } from '../model/clock-tick.js'
import { isSwapped } from '../model/errno.js'
import type { SecondLook } from '../model/jobs.js'
import type { Name, RelativePath } from '../model/path.js'
import type { HeldSide } from './list-sides.js'

/** Directories between two chances for others to run. */
const stride = 64

/** The indexes of those that are to be listed again. */
export function* findChanged(
  source: HeldSide,
  { parents, counts, names: joined, times, walkedFromNs }: SecondLook,
): Generator<void, readonly number[]> {
  const names = joined.split('/') as Name[]
  const changed: number[] = []
  let index = 0
  for (const [at, parent] of parents.entries()) {
    for (let left = counts[at] ?? 0; left > 0; left--) {
      const [mtimeNs = 0n, ctimeNs = 0n] = times.subarray(2 * index, 2 * index + 2)
      const isRecent = [mtimeNs, ctimeNs].some(time => time + tickOf(time) >= walkedFromNs)
      const name = names[index]
      if (isRecent || hasChanged(source, parent, name, [mtimeNs, ctimeNs])) changed.push(index)
      if (++index % stride === 0) yield
    }
  }
  return changed
}

/** @param name empty for the root, which is its own parent */
function hasChanged(
  { tree, held }: HeldSide,
  parent: RelativePath,
  name: Name | undefined,
  [mtimeNs, ctimeNs]: readonly [bigint, bigint],
): boolean {
  try {
    const directory = held.enter(parent)
    const now = name === undefined || name === '' ? directory.stat() : tree.stat(directory, name)
    // What is gone is no place where anything could have been moved to.
    if (now === undefined) return false
    return BigInt.asIntN(64, now.mtimeNs) !== mtimeNs || BigInt.asIntN(64, now.ctimeNs) !== ctimeNs
  } catch (error) {
    // What cannot be looked at is listed, which will tell why.
    return !isSwapped(error)
  }
}
