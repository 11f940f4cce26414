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
export function isSettable(mtimeNs: bigint): boolean {
  return mtimeNs % (cutsTowardsZero ? 1000n : 1_000_000_000n) === 0n
}

/** Whether two times are the same at the precision that can be read and set on both sides. */
export function isSameTime(a: bigint, b: bigint): boolean {
  if (a === b) return true
  const difference = Math.abs(Number(microsecondOf(a) - microsecondOf(b)))
  if (a < exactUntilNs && a > -exactUntilNs) return difference === 0
  return difference <= roundingAt(a)
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
