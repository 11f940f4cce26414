/** How exactly file systems date changes: by a clock that ticks, so that two changes within one tick look like one. */

/** More than Linux counts in. */
const tickNs = 20_000_000n
/** Times in whole such steps may come from a file system that counts in more: the coarsest is FAT, with two seconds. */
const coarseNs = 10_000_000n
const coarsestTickNs = 2_000_000_000n

/** How long after a time another change may still get the same one. */
export function tickOf(time: bigint): bigint {
  return time % coarseNs === 0n ? coarsestTickNs : tickNs
}
