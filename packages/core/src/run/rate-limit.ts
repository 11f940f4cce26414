/**
 * One limit of bytes a second for all threads of a run.
 *
 * What they share is one moment: the one up to which all that was taken so far is paid for. Who takes bytes moves it on
 * by what these cost, and waits until where it was before. So nobody queues, and what one thread does not take is there
 * for the others.
 */
import type { AbortFlag } from './abort-flag.js'

/** A limit as threads are told of it: plain data. */
export interface RateSetup {
  readonly bytesPerSecond: number
  /** Of 8 bytes: the moment, in nanoseconds of the clock that all threads of a process have in common. */
  readonly shared: SharedArrayBuffer
}

const second = 1_000_000_000n
/** What was not taken for longer is lost: who woke up late may make up for it, and after a pause nobody for all of it. */
const creditNs = second / 4n
/** A shorter wait would be over before the thread sleeps; what is not waited for now is waited for with the next. */
const shortestWaitMs = 2
/** The caller's thread looks at least so often whether the run was stopped. */
const longestRestMs = 50
const leastPiece = 1 << 12
const mostPiece = 1 << 20

export class RateLimit {
  /** How many bytes are best taken at once: what passes in a sixteenth of a second, and whole blocks. */
  readonly piece: number
  /** How long the caller's thread may do something else before it goes on, in milliseconds. */
  restMs = 0
  private readonly moment: BigInt64Array
  private readonly bytesPerSecond: bigint
  private readonly abort: AbortFlag
  private readonly mayBlock: boolean

  /** @param mayBlock whether this thread is a worker, which does nothing else; the caller's thread is never held */
  constructor({ bytesPerSecond, shared }: RateSetup, abort: AbortFlag, mayBlock: boolean) {
    this.moment = new BigInt64Array(shared)
    this.bytesPerSecond = BigInt(bytesPerSecond)
    this.abort = abort
    this.mayBlock = mayBlock
    const wanted = Math.floor(bytesPerSecond / 16)
    this.piece = Math.min(mostPiece, Math.max(leastPiece, wanted - (wanted % leastPiece)))
  }

  /** Waits until so many bytes may be copied. An abort ends the wait, and is for the caller to see. */
  *take(bytes: number): Generator<void> {
    const dueNs = this.book(bytes)
    while (!this.abort.isRaised()) {
      const leftMs = Number(dueNs - process.hrtime.bigint()) / 1e6
      if (leftMs < shortestWaitMs) break
      if (this.mayBlock) this.abort.waitFor(leftMs)
      else {
        this.restMs = Math.min(leftMs, longestRestMs)
        yield
      }
    }
    this.restMs = 0
  }

  /** Notes what is taken, and returns when it may be. */
  private book(bytes: number): bigint {
    const cost = (BigInt(bytes) * second) / this.bytesPerSecond
    for (;;) {
      const known = Atomics.load(this.moment, 0)
      const now = process.hrtime.bigint()
      const earliest = known === 0n ? now : now - creditNs
      const due = known > earliest ? known : earliest
      if (Atomics.compareExchange(this.moment, 0, known, due + cost) === known) return due
    }
  }
}
