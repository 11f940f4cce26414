/** Times are nanoseconds since 1970 as bigint. */
import { spawnSync } from 'node:child_process'
import type { Buffer } from 'node:buffer'
import { closeSync, constants, lstatSync, lutimesSync, openSync } from 'node:fs'

/** An instant: nanoseconds since 1970, or ISO 8601 in UTC with up to nine decimals. */
export type Instant = bigint | string

/** What every entry of a literal gets that names no time of its own. */
export const defaultMtime = '2020-01-02T03:04:05.678912Z'

export function nanoseconds(instant: Instant): bigint {
  if (typeof instant === 'bigint') return instant
  const parts = /^([-+\d]+-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(instant)
  const milliseconds = Date.parse(`${parts?.[1]}Z`)
  if (parts === null || Number.isNaN(milliseconds)) throw new Error(`not an instant: ${instant}`)
  return BigInt(milliseconds) * 1_000_000n + BigInt((parts[2] ?? '').padEnd(9, '0'))
}

/** Floors, also before 1970. */
export function floorTo(precision: bigint, instant: bigint): bigint {
  const rest = instant % precision
  return instant - (rest < 0n ? rest + precision : rest)
}

/** As ISO 8601 with nine decimals, to be read by people. */
export function showInstant(instant: bigint): string {
  const second = floorTo(1_000_000_000n, instant)
  const date = new Date(Number(second / 1_000_000n))
  if (Number.isNaN(date.getTime())) return `${instant} ns`
  return date.toISOString().replace('000Z', `${String(instant - second).padStart(9, '0')}Z`)
}

/** Sets access and modification time of an entry of any kind, a link's own, to the microsecond at least. */
export function setMtime(path: Buffer, instant: bigint): void {
  const micros = floorTo(1000n, instant)
  // Half a microsecond, as some versions of Node truncate; the other way round for those that floor what is
  // before 1970. As a string, because a negative number would mean now.
  for (const half of micros < 0n ? [-0.5, 0.5] : [0.5]) {
    const seconds = String((Number(micros / 1000n) + half) / 1e6)
    lutimesSync(path, seconds, seconds)
    if (half > 0 || floorTo(1000n, lstatSync(path, { bigint: true }).mtimeNs) === micros) break
  }
  if (instant !== micros) touch(path, instant)
}

/** Node's own call knows no nanoseconds. */
function touch(path: Buffer, instant: bigint): void {
  const digits = String(instant < 0n ? -instant : instant).padStart(10, '0')
  const when = `@${instant < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`
  // A descriptor without access (O_PATH), so that a FIFO does not wait and a link is not followed.
  const fd = openSync(path, 0o10000000 | (constants.O_NOFOLLOW ?? 0))
  try {
    const { status, stderr } = spawnSync('touch', ['-c', '-d', when, '/proc/self/fd/3'], {
      stdio: ['ignore', 'ignore', 'pipe', fd],
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`touch -d ${when} failed: ${stderr}`)
  } finally {
    closeSync(fd)
  }
}
