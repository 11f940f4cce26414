/**
 * Long synchronous work as a generator, run in slices between which the event loop gets its turn.
 */
import { setImmediate as breathe } from 'node:timers/promises'

/** How long a slice may hold the event loop, in milliseconds. */
export const sliceMs = 8

/** Runs the steps to their end. Aborting stops between two steps. */
export async function runInSlices<T>(steps: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  let sliceEnd = performance.now() + sliceMs
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    if (performance.now() < sliceEnd) continue
    await breathe()
    signal?.throwIfAborted()
    sliceEnd = performance.now() + sliceMs
  }
}
