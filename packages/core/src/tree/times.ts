/**
 * Nanoseconds to what Node's `utimes` family can be given, and back to what can be compared.
 *
 * Node takes seconds as a double, takes negative numbers for "now" unless they come as text, and hands the
 * double to libuv, which before 1.52 keeps the microseconds of it, cut off towards zero, and later up to 238
 * nanoseconds less than given. Aiming at three tenths of a microsecond past the one wanted survives both, and
 * the rounding of the double, which naive conversion does not: it can land in the second before or after.
 */

const million = 1_000_000
const pastTheMicrosecond = 0.3

const [uvMajor = 0, uvMinor = 0] = (process.versions.uv ?? '').split('.').map(Number)
/** Measured on Node 20 and 22: the microseconds of a negative time are cut off towards zero. */
const cutsTowardsZero = uvMajor === 1 && uvMinor < 52

/** From here on (the year 2106) a double has no room for whole microseconds. */
const exactUntilNs = 2n ** 32n * 1_000_000_000n

/** The argument that makes Node set a time, to the microsecond it lies in. */
export function timeArgument(mtimeNs: bigint): number | string {
  const microseconds = Number(microsecondOf(mtimeNs))
  // A whole second is a whole number, which nothing rounds.
  if (microseconds % million === 0) return wholeSeconds(microseconds / million)
  if (microseconds >= 0) return (microseconds + pastTheMicrosecond) / million
  const past = cutsTowardsZero ? -pastTheMicrosecond : pastTheMicrosecond
  return String((microseconds + past) / million)
}

function wholeSeconds(seconds: number): number | string {
  return seconds < 0 ? String(seconds) : seconds
}

/** Whether a time can be set so that not a nanosecond is lost or gained. */
function isSettable(mtimeNs: bigint): boolean {
  return mtimeNs % (cutsTowardsZero ? 1000n : 1_000_000_000n) === 0n
}

/** Whether two times are the same at the precision that can be read and set on both sides. */
export function isSameTime(a: bigint, b: bigint): boolean {
  if (a === b) return true
  const difference = Math.abs(Number(microsecondOf(a) - microsecondOf(b)))
  if (a < exactUntilNs && a > -exactUntilNs) return difference === 0
  return difference <= roundingAt(a)
}

/** What times the replica is given. */
export interface TimeHoldings {
  readonly isWanted: boolean
  /** Whether they can be set to the nanosecond; plain Node sets microseconds. */
  readonly nanoseconds: boolean
  /** What its file system keeps. */
  readonly stepNs: bigint
  /** The same before 1970. */
  readonly earlyStepNs: bigint
  readonly earliestNs: bigint
  readonly latestNs: bigint
}

/** The time nearest to a source's that the replica's file system keeps, but for its step. */
export function withinRange(timeNs: bigint, { earliestNs, latestNs }: TimeHoldings): bigint {
  if (timeNs < earliestNs) return earliestNs
  return timeNs > latestNs ? latestNs : timeNs
}

/**
 * How the replica's time differs from what it can be given of the source's: not at all; by so little that plain Node
 * could not have set it, which never means another content; or for good.
 */
export function timeDifference(
  source: bigint,
  replica: bigint,
  times: TimeHoldings,
): 'none' | 'fine' | 'real' {
  if (source === replica || !times.isWanted) return 'none'
  const wanted = withinRange(source, times)
  if (wanted === replica) return 'none'
  const step = stepAt(wanted, times)
  if (step > 1n) {
    const difference = wanted - replica
    return difference < step && difference > -step ? 'none' : 'real'
  }
  if (!isSameTime(wanted, replica)) return 'real'
  return times.nanoseconds ? 'fine' : 'none'
}

const microsecondNs = 1000n

/** What the replica keeps of times, by its file system and by the way they are set. */
export function timeStepOf({ nanoseconds, stepNs }: TimeHoldings): bigint {
  return nanoseconds || stepNs > microsecondNs ? stepNs : microsecondNs
}

function stepAt(timeNs: bigint, { stepNs, earlyStepNs }: TimeHoldings): bigint {
  return timeNs < 0n ? earlyStepNs : stepNs
}

/** Whether the replica's time can be exactly the source's. */
export function isTimeHeld(source: bigint, times: TimeHoldings): boolean {
  if (withinRange(source, times) !== source) return false
  return source % stepAt(source, times) === 0n && (times.nanoseconds || isSettable(source))
}

/** How many microseconds are lost at most to the steps of a double, and to libuv's own: it multiplies once more. */
function roundingAt(ns: bigint): number {
  const seconds = Math.abs(Number(ns / 1_000_000_000n))
  return 2 * Math.ceil(million * 2 ** (Math.floor(Math.log2(seconds)) - 52))
}

/** The microsecond a time lies in; below zero too the one that began before it. */
function microsecondOf(ns: bigint): bigint {
  const rest = ns % 1000n
  return (ns - (rest < 0n ? rest + 1000n : rest)) / 1000n
}
