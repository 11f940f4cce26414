/**
 * Results from threads, settled a few at a time with a turn of the event loop in between. What a result sets off
 * in the caller's thread runs before the next message is looked at, and messages come in bursts of hundreds.
 */
import { buffersOf, type SentResult } from './messages.js'

/** Results of together this many bytes of columns make one turn: some milliseconds of work. */
const bytesPerTurn = 1 << 16
/** What a result without columns counts as. */
const leastBytes = 1 << 13

export class Inbox {
  private readonly settle: (result: SentResult) => void
  private waiting: SentResult[] = []
  private isScheduled = false

  constructor(settle: (result: SentResult) => void) {
    this.settle = settle
  }

  add(results: readonly SentResult[]): void {
    this.waiting.push(...results)
    this.schedule()
  }

  /** Settles all that has come, for the thread is gone: what it did is done. */
  flush(): void {
    for (const result of this.waiting.splice(0)) this.settle(result)
  }

  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0) return
    this.isScheduled = true
    setImmediate(() => {
      this.isScheduled = false
      this.takeTurn()
      this.schedule()
    })
  }

  private takeTurn(): void {
    let bytes = 0
    let settled = 0
    while (bytes < bytesPerTurn && settled < this.waiting.length) {
      const result = this.waiting[settled]
      if (result === undefined) break
      settled += 1
      bytes += Math.max(leastBytes, result.ok ? bytesOf(result.output) : 0)
      this.settle(result)
    }
    this.waiting = this.waiting.slice(settled)
  }
}

function bytesOf(output: unknown): number {
  return buffersOf([output]).reduce((sum, buffer) => sum + buffer.byteLength, 0)
}
