/**
 * Waits until the run that has a replica has ended. No call that waits for a lock can be stopped by a signal, so it is
 * asked for again and again: soon at first, for most runs are short, and then once a second.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { SyncError } from '../model/errors.js'
import type { OpenedRoot } from './local.js'
import { type Lock, lockReplica } from './lock.js'

const shortestMs = 50
const longestMs = 1000

export interface Waiting {
  /** Stops the waiting. */
  readonly signal: AbortSignal
  /** Told once, when there is something to wait for. */
  readonly onWait: () => void
}

/** Locks a replica as soon as it is free. Of several that wait, any may be the next. */
export async function waitForLock(
  root: OpenedRoot,
  stateFolder: string,
  { signal, onWait }: Waiting,
): Promise<Lock> {
  for (let ms = shortestMs; ; ms = Math.min(2 * ms, longestMs)) {
    try {
      return await lockReplica(root, stateFolder)
    } catch (error) {
      if (!isHeldByAnother(error)) throw error
    }
    if (ms === shortestMs) onWait()
    await pause(ms, undefined, { signal })
  }
}

/** A lock that cannot be had at all has a cause. */
function isHeldByAnother(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'locked' && error.cause === undefined
}
