/**
 * Keeps a replica in step: all is compared once, with each directory watched before it is listed; then what was touched,
 * and all once more every so often. Events are hints: what is mirrored, and above all what is deleted, is what a run found by listing.
 *
 * One run after the other, each asked for by who reads the reports. What is touched during a run is looked at by the next.
 */
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Report } from '../model/report.js'
import type { WatchedWalk } from '../model/watched-walk.js'
import type { SyncOptions } from '../options.js'
import { Bursts } from './bursts.js'
import { type Due, Pace } from './pace.js'
import { type NotWatched, whyDegraded } from './reasons.js'
import { Touched } from './touched.js'
import type { WatchSettings } from './watch-options.js'
import type { WatchReport, WatchState } from './watch-state.js'

/** The watches, as the loop sees them. */
export interface Watches extends Pick<WatchedWalk, 'isWatched'> {
  readonly size: number
  readonly notWatched: NotWatched | undefined
  arm: WatchedWalk['enter']
  settle(): void
  beginWhole(): void
  endWhole(): void
  close(): void
}

/** What is outside: the system, and the run itself. */
export interface Outside {
  readonly openWatches: (onTouched: (directory: RelativePath, name: Name | undefined) => void) => Watches
  readonly rootSignature: () => { readonly folder: string; readonly state: string } | undefined
  readonly longestQueue: number
  readonly run: (options: SyncOptions, watching: WatchedWalk) => Promise<Report>
  /** Paths in the source that the caller writes itself. */
  readonly ownPaths: ReadonlySet<RelativePath>
  readonly now: () => number
}

/** How often is looked whether the source is still the folder it was; what is mounted over it tells nobody. */
const rootLookMs = 1000

export class WatchLoop {
  private readonly settings: WatchSettings
  private readonly outside: Outside
  private readonly watches: Watches
  private readonly pace: Pace
  private readonly bursts: Bursts
  private readonly stop: AbortSignal
  private touched = new Touched()
  /** What the run under way is about. */
  private running: { readonly due: Due['what']; readonly since: number | undefined } | undefined
  private root: ReturnType<Outside['rootSignature']>
  private waiting: string | undefined
  private lastProof: string | undefined
  /** When all was last looked at. */
  private unwatched: NotWatched | undefined
  private told = ''
  private wake: (() => void) | undefined

  constructor(settings: WatchSettings, outside: Outside, stop: AbortSignal) {
    this.settings = settings
    this.outside = outside
    this.stop = stop
    this.pace = new Pace(settings, outside.now())
    this.bursts = new Bursts(outside.longestQueue, step => void setImmediate(step))
    this.watches = outside.openWatches((directory, name) => this.hear(directory, name))
  }

  get state(): WatchState {
    const { waiting, running, touched, watches, lastProof } = this
    // While all is looked at again, what was found the last time holds.
    const notWatched = watches.notWatched ?? (running?.due === 'all' ? this.unwatched : undefined)
    const since = running?.since ?? touched.since
    const isRescanning = lastProof === undefined || running?.due === 'all' || touched.isAll
    const degraded = notWatched === undefined ? undefined : whyDegraded(notWatched)
    return {
      coverage:
        waiting !== undefined
          ? 'waiting'
          : degraded !== undefined
            ? 'degraded'
            : isRescanning
              ? 'rescanning'
              : 'live',
      reason: waiting ?? degraded,
      directories: watches.size,
      lagMs: since === undefined ? 0 : Math.round(this.outside.now() - since),
      lastProof,
    }
  }

  async *reports(): AsyncGenerator<WatchReport, void, undefined> {
    try {
      for (;;) {
        const due = await this.nextDue()
        if (due === undefined) return
        await this.settings.onRun?.(due)
        yield await this.runOne(due)
      }
    } finally {
      this.watches.close()
    }
  }

  /** Waits until something is to be done; undefined once the watch is to end. */
  private async nextDue(): Promise<Due['what'] | undefined> {
    for (;;) {
      if (this.stop.aborted) return undefined
      const now = this.outside.now()
      this.lookAtRoot(now)
      const { what, at } = this.pace.next(this.touched)
      if (at <= now) return what
      await this.sleep(Math.min(rootLookMs, at - now))
    }
  }

  /** Another folder at the source's path, or one that has changed while it was waited for, is a reason to try again. */
  private lookAtRoot(now: number): void {
    const seen = this.outside.rootSignature()
    const isOther =
      this.waiting === undefined ? seen?.folder !== this.root?.folder : seen?.state !== this.root?.state
    if (isOther) this.pace.hurry(now)
    this.root = seen
  }

  private async runOne(due: Due['what']): Promise<WatchReport> {
    const { touched, outside, watches } = this
    const startedAt = outside.now()
    this.touched = new Touched()
    this.running = { due, since: touched.since }
    if (due === 'all') {
      this.root = outside.rootSignature()
      watches.beginWhole()
    }
    watches.settle()
    this.tell()
    let report: Report
    try {
      report = await outside.run(this.settings.run, this.watching(due === 'all' ? undefined : touched))
    } finally {
      this.running = undefined
    }
    this.conclude(due, report, startedAt)
    return { ...report, scope: due }
  }

  private watching(touched: Touched | undefined): WatchedWalk {
    const { watches } = this
    return {
      touched,
      enter: (path, entry) => watches.arm(path, entry),
      isWatched: (path, entry) => watches.isWatched(path, entry),
      meetsLinks: () => this.touched.addAll(this.outside.now()),
    }
  }

  private conclude(
    due: Due['what'],
    { exitCode, startedAt: began, problems }: Report,
    startedAt: number,
  ): void {
    const { watches, pace, outside } = this
    const now = outside.now()
    if (exitCode === 26) {
      const why = problems.at(-1)?.message
      this.waiting = `nothing is mirrored until this is mended: ${why ?? 'a root was refused'}`
      // What is watched is no longer the source, or may not be.
      watches.beginWhole()
      watches.endWhole()
    } else if (due === 'all') {
      this.waiting = undefined
      if (endsWalked.has(exitCode)) watches.endWhole()
      if (exitCode === 0) this.lastProof = began
    }
    if (due === 'all') this.unwatched = watches.notWatched
    pace.ended(due, exitCode, startedAt, now, watches.notWatched !== undefined)
    this.tell()
  }

  private hear(directory: RelativePath, name: Name | undefined): void {
    const now = this.outside.now()
    const isLost = this.bursts.note()
    if (name !== undefined && this.outside.ownPaths.has(joinPath(directory, name))) return
    const wasEmpty = this.touched.isEmpty
    // What lies below an ignore file is in the mirror or not by what it says.
    if (isLost || (name !== undefined && name === this.settings.run.ignoreFile)) this.touched.addAll(now)
    else this.touched.add(directory, now)
    if (wasEmpty || isLost) this.wake?.()
  }

  private async sleep(ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(() => this.wake?.(), ms)
      const wake = (): void => {
        clearTimeout(timer)
        this.stop.removeEventListener('abort', wake)
        this.wake = undefined
        resolve()
      }
      this.wake = wake
      this.stop.addEventListener('abort', wake)
      if (this.stop.aborted) wake()
    })
  }

  private tell(): void {
    const { onState } = this.settings
    const { state } = this
    const told = `${state.coverage} ${state.reason}`
    if (told === this.told) return
    this.told = told
    onState?.(state)
  }
}

/** After these all of the source was walked. */
const endsWalked: ReadonlySet<number> = new Set([0, 23, 24, 25])
