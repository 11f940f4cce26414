import type { DirectoryNode, PairTable } from '../model/pairs.js'
import { steadyTime } from '../model/steady.js'

/**
 * Whether what a directory holds is known by its names, as if it had kept its path, though it was renamed where it is, or
 * lies in one that was: as long as no name was touched on the way down, names lead to the same files on both sides.
 */
export function isSure(
  node: DirectoryNode,
  pairs: PairTable,
  renamed: { has(row: number): boolean },
  timeStepNs: bigint,
): boolean {
  for (let at: DirectoryNode | undefined = node; at !== undefined; at = at.parent) {
    if (steadyTime(pairs, { source: at.row }, timeStepNs) === undefined) return false
    if (renamed.has(at.row)) return true
  }
  return false
}
