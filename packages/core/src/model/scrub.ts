/**
 * Whose turn it is to be read again, though nothing says that it changed. Paths are spread over a million places of a
 * ring; each run reads those of the next stretch, so that each file has its turn once a round.
 */

export const scrubPlaces = 1_000_000

/** A stretch of the ring. */
export interface ScrubTurn {
  readonly from: number
  readonly share: number
}

export function isInTurn(path: string, { from, share }: ScrubTurn): boolean {
  const ahead = placeOf(path) - from
  return (ahead < 0 ? ahead + scrubPlaces : ahead) < share
}

/** FNV-1a, and its bits mixed once more: paths differ in their last letters. */
function placeOf(path: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < path.length; index++)
    hash = Math.imul(hash ^ path.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % scrubPlaces
}
