import { AbortFlag } from './abort-flag.js'

/** The caller's signal, our own reasons to stop, and the flag that threads see, as one. */
export class Stopper {
  readonly flag: AbortFlag = new AbortFlag()
  private readonly controller = new AbortController()
  private readonly outer: AbortSignal | undefined
  private readonly follow = (): void => this.stop(this.outer?.reason)

  constructor(outer: AbortSignal | undefined) {
    this.outer = outer
    if (outer?.aborted === true) this.follow()
    else outer?.addEventListener('abort', this.follow, { once: true })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  stop(reason?: unknown): void {
    this.flag.raise()
    this.controller.abort(reason)
  }

  release(): void {
    this.outer?.removeEventListener('abort', this.follow)
  }
}
