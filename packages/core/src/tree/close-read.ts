import type { Handle } from './tree.js'

/**
 * Closes what was only read, or held. Whatever the system says to that, it is closed, and nothing that was written can be
 * lost with it.
 *
 * INVARIANT: never throws: who was about to forget a directory must not go on as if it were held.
 */
export function closeRead(handle: Handle): void {
  try {
    handle.close()
  } catch {
    // It is closed anyway.
  }
}
