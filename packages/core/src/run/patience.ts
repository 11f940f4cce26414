/**
 * Waiting for what the caller's functions promise: as long as it takes, but once the run is stopped no longer than
 * a moment. What is still under way then goes on without us, and what becomes of it is nobody's concern.
 */

/** How long a run that is stopped waits for the functions it has called, in milliseconds. */
export const graceMs = 1000

export class Patience {
  private readonly signal: AbortSignal
  /** What gives up waiting, for each promise. One listener and one timer serve all: there is one for each outcome. */
  private readonly waiting = new Set<() => void>()
  private timer: NodeJS.Timeout | undefined
  private isOver = false

  constructor(signal: AbortSignal) {
    this.signal = signal
    signal.addEventListener('abort', this.hurry, { once: true })
  }

  /** What is promised; undefined when the run was stopped, and it is not there a moment later. */
  async waitFor<T>(promised: Promise<T>): Promise<T | undefined> {
    return await new Promise<T | undefined>((resolve, reject) => {
      const giveUp = (): void => resolve(undefined)
      this.waiting.add(giveUp)
      if (this.signal.aborted) this.hurry()
      promised.then(resolve, reject).finally(() => this.settled(giveUp))
      if (this.isOver) giveUp()
    })
  }

  private readonly hurry = (): void => {
    if (this.waiting.size > 0 && !this.isOver) this.timer ??= setTimeout(() => this.giveUp(), graceMs)
  }

  private giveUp(): void {
    this.isOver = true
    for (const giveUp of this.waiting) giveUp()
  }

  private settled(giveUp: () => void): void {
    this.waiting.delete(giveUp)
    if (this.waiting.size > 0) return
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
