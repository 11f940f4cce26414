/** A watch under way: its reports are taken as they come. */
import {
  watchFolders,
  type FolderWatch,
  type WatchOptions,
  type WatchReport,
  type WatchState,
} from '@facsimile/core'

export class Watching implements AsyncDisposable {
  readonly reports: WatchReport[] = []
  /** Each that was told. */
  readonly states: WatchState[] = []
  private readonly watch: FolderWatch
  private readonly ended: Promise<void>
  private failure: { readonly error: unknown } | undefined
  private hasEnded = false
  private news: (() => void) | undefined

  constructor(options: WatchOptions) {
    this.watch = watchFolders({
      ...options,
      onState: state => {
        this.states.push(state)
        this.news?.()
      },
    })
    this.ended = this.take()
  }

  get state(): WatchState {
    return this.watch.state
  }

  /** Waits until it is so; looks again after each report and each change of the state. */
  async until(isSo: () => boolean): Promise<void> {
    for (;;) {
      // What comes while it is looked counts, too.
      const news = new Promise<void>(resolve => (this.news = resolve))
      if (this.failure !== undefined) throw this.failure.error
      if (isSo()) return
      if (this.hasEnded) throw new Error('the watch has ended')
      await news
    }
  }

  async live(): Promise<void> {
    await this.until(() => this.state.coverage === 'live')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.watch[Symbol.asyncDispose]()
    await this.ended
  }

  private async take(): Promise<void> {
    try {
      for await (const report of this.watch) {
        this.reports.push(report)
        this.news?.()
      }
    } catch (error) {
      this.failure = { error }
    }
    this.hasEnded = true
    this.news?.()
  }
}
