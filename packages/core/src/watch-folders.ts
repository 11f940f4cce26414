/** Watching, as callers see it. The loop and the watches are loaded when the first report is asked for. */
import { type WatchOptions, type WatchSettings, watchSettings } from './watch/watch-options.js'
import type { WatchReport, WatchState } from './watch/watch-state.js'
import type { WatchLoop } from './watch/watch-loop.js'

/** A watch: the reports of its runs, and how far it can be relied on. */
export interface FolderWatch extends AsyncIterable<WatchReport>, AsyncDisposable {
  /** At this moment. */
  readonly state: WatchState
}

/**
 * Keeps the replica in step with the source: all is compared once, then what was touched, as soon as it was, and all again every
 * so often. Iterate over it: each report is of one run, and between two of them nothing is mirrored. It ends when `signal` is
 * aborted, when the loop is left, or when it is disposed of; a run that is under way is stopped cleanly.
 *
 * A source that is gone, empty or another one is waited for, and never mirrored as such; see `state`.
 *
 * @throws {SyncError} when the options are unusable. What a caller's own function threw is thrown as it is.
 */
export function watchFolders(options: WatchOptions): FolderWatch {
  return new LazyWatch(watchSettings(options))
}

const notBegun: WatchState = {
  coverage: 'rescanning',
  reason: undefined,
  directories: 0,
  lagMs: 0,
  lastProof: undefined,
}

class LazyWatch implements FolderWatch {
  private readonly settings: WatchSettings
  private readonly ending = new AbortController()
  private readonly generator: AsyncGenerator<WatchReport, void, undefined>
  private loop: WatchLoop | undefined

  constructor(settings: WatchSettings) {
    this.settings = settings
    this.generator = this.reports()
  }

  get state(): WatchState {
    return this.loop?.state ?? notBegun
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchReport> {
    return this.generator
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ending.abort()
    await this.generator.return()
  }

  private async *reports(): AsyncGenerator<WatchReport, void, undefined> {
    const { signal } = this.settings.run
    const stop = (): void => this.ending.abort(signal?.reason)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted === true) stop()
    try {
      const { openWatch } = await import('./watching.js')
      this.loop = openWatch(this.settings, this.ending.signal)
      yield* this.loop.reports()
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }
}
