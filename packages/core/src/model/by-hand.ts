/** Programs that restore a time give whole seconds, milliseconds or microseconds; the system's clock hardly ever does. */
const byHandNs = 1000n
/** Where no more than this is kept, times of the clock say as little. */
const coarseNs = 1_000_000n

/**
 * Whether a time may have been set by a program: archives give all that they hold one time, of this version and of the
 * next. Files of such a time, and of one size, may be the same by chance.
 *
 * @param timeStepNs what is kept of times
 */
export function isByHand(mtimeNs: bigint, timeStepNs: bigint): boolean {
  return timeStepNs >= coarseNs || mtimeNs % byHandNs === 0n
}
