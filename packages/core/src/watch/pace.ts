/**
 * When the next run is due, and of what. Plain arithmetic on a clock in milliseconds, which the caller reads.
 *
 * What was touched is due once nothing has happened for a while, or after the greatest delay. All is due at the start, every so
 * often, after a burst, and after a run that left something undone: at first soon, then less and less often.
 */
import type { ExitCode } from '../model/exit-code.js'
import type { Touched } from './touched.js'
import type { WatchSettings } from './watch-options.js'

export type Due = { readonly what: 'all' | 'touched'; readonly at: number }

/** After the first failure in a row; each further one doubles it. */
const firstRetryMs = 1000
const longestRetryMs = 60_000
/** Where not all is watched: between two runs, and this many times as long as one takes. */
const leastPollMs = 2000
const pollTimesRun = 4

/**
 * After these nothing is mirrored piece by piece: the replica has no room, its guards refused, another run has it, or
 * something is wrong that nobody knows.
 */
const holdsAll: ReadonlySet<ExitCode> = new Set([1, 11, 25, 26, 27])

export class Pace {
  private readonly settings: Pick<WatchSettings, 'reconcileMs' | 'debounceMs' | 'maxDelayMs'>
  private allAt: number
  private failures = 0
  private lastAllMs = 0
  private isHeld = true

  constructor(settings: Pick<WatchSettings, 'reconcileMs' | 'debounceMs' | 'maxDelayMs'>, now: number) {
    this.settings = settings
    this.allAt = now
  }

  /** All is to be compared at once, such as when another folder is where the source was. */
  hurry(now: number): void {
    this.allAt = Math.min(this.allAt, now)
  }

  ended(what: Due['what'], exitCode: ExitCode, startedAt: number, now: number, isDegraded: boolean): void {
    if (what === 'all') {
      this.lastAllMs = now - startedAt
      this.isHeld = holdsAll.has(exitCode)
      if (exitCode === 0) this.failures = 0
    }
    if (exitCode !== 0) {
      if (holdsAll.has(exitCode)) this.isHeld = true
      const retryAt = now + Math.min(longestRetryMs, firstRetryMs * 2 ** this.failures)
      // A run of what was touched does not put off what an earlier failure has made due.
      if (what === 'all' || this.failures === 0) this.allAt = retryAt
      this.failures += 1
    } else if (what === 'all') {
      const pollMs = Math.max(leastPollMs, pollTimesRun * this.lastAllMs)
      this.allAt =
        now + (isDegraded ? Math.min(pollMs, this.settings.reconcileMs) : this.settings.reconcileMs)
    }
  }

  next(touched: Touched): Due {
    const all: Due = { what: 'all', at: this.allAt }
    if (this.isHeld || touched.since === undefined) return all
    const { debounceMs, maxDelayMs } = this.settings
    const at = Math.min(touched.last + debounceMs, touched.since + maxDelayMs)
    if (this.allAt <= at) return all
    // INVARIANT: a source in which something happens all the time is not walked as a whole without end.
    if (touched.isAll) return { what: 'all', at: Math.max(at, touched.since + this.lastAllMs) }
    return { what: 'touched', at }
  }
}
