/**
 * Long synchronous work as a generator, run in slices between which the event loop gets its turn.
 */
import { setImmediate as breathe, setTimeout as rest } from 'node:timers/promises'

/** How long a slice may hold the event loop, in milliseconds. */
export const sliceMs = 8

/** Says when it is time for a turn of the event loop. Shared by pieces of work that follow one another. */
export class Slices {
  private end: number = performance.now() + sliceMs
  private restMs = 0

  get isOver(): boolean {
    return this.restMs > 0 || performance.now() >= this.end
  }

  /** Ends the slice: the work waits for something, and goes on in so many milliseconds. */
  rest(ms: number): void {
    this.restMs = ms
  }

  /** Lets the event loop have its turn, and begins a new slice. */
  async breathe(): Promise<void> {
    if (this.restMs > 0) await rest(this.restMs)
    else await breathe()
    this.restMs = 0
    this.end = performance.now() + sliceMs
  }
}

/** Runs the steps to their end. Aborting stops between two slices. */
export async function runInSlices<T>(
  steps: Generator<void, T>,
  signal?: AbortSignal,
  slices: Slices = new Slices(),
): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    if (!slices.isOver) continue
    await slices.breathe()
    signal?.throwIfAborted()
  }
}

/** Does the same for all items, some of them at once. */
export async function inChunks<T>(
  items: Iterable<T>,
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let chunk: Promise<void>[] = []
  for (const item of items) {
    chunk.push(work(item))
    if (chunk.length < most) continue
    await Promise.all(chunk)
    chunk = []
  }
  await Promise.all(chunk)
}
