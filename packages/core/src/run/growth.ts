/**
 * When more threads would help: those there are wait for storage most of their time. Of a slow disk or a server more can be
 * asked at once; where the processors are what is short, another thread would only be one more to share them.
 */

/** What the process has used so far. */
export interface Usage {
  readonly nowMs: number
  /** Of all threads: at a processor, or waiting for one, as far as the system tells. */
  readonly busyMs: number
  /** How often a thread stopped by itself, to wait for something. */
  readonly waits: number
  /** How often a thread was stopped for others to run. */
  readonly preemptions: number
}

/** Below this share of the time, threads that have work neither are at it nor could be. */
const busyShare = 0.5

/**
 * A busy machine takes the processor away, which more threads would not mend. Linux says for how long; elsewhere it shows in
 * that threads are stopped about as often as they stop by themselves. On storage that lets them wait they hardly ever are.
 * Windows counts neither.
 */
const waitsEach = 4

export class Growth {
  private readonly usage: () => Usage
  private last: Usage

  constructor(usage: () => Usage) {
    this.usage = usage
    this.last = usage()
  }

  /** Forgets what was so far: threads had no work, or are new. */
  begin(): void {
    this.last = this.usage()
  }

  /** Whether so many threads, which had work all the time since the last look, waited for most of it. */
  isWorthMore(threads: number): boolean {
    const { last } = this
    const now = this.usage()
    this.last = now
    const share = (now.busyMs - last.busyMs) / ((now.nowMs - last.nowMs) * threads)
    const waits = now.waits - last.waits
    return share < busyShare && waits > waitsEach * (now.preemptions - last.preemptions)
  }
}

/** @param waitedMs how long its threads waited for a processor so far */
export function usageOfProcess(waitedMs: number): Usage {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } =
    process.resourceUsage()
  return {
    nowMs: performance.now(),
    busyMs: (userCPUTime + systemCPUTime) / 1000 + waitedMs,
    waits: voluntaryContextSwitches,
    preemptions: involuntaryContextSwitches,
  }
}
