/**
 * Starts the thread that watches a run, see watcher.ts: at once where a file system is mounted that can hang, for the
 * first call may be the one; else when the run has taken a while, so that short runs do not pay for it.
 */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { StopSignal } from '../exit-codes.js'

export interface Watchdog {
  /** The run is to stop: what hangs is no longer waited for. */
  readonly stopping: (signal: StopSignal) => void
  readonly end: () => void
}

export interface Watched {
  /** Whether a line is drawn on stderr that has to be taken away first. */
  readonly isLive: boolean
  /** Something hangs while the run is to stop: the process must end now. */
  readonly onHung: (signal: StopSignal) => void
}

/** What is asked over a network, or of another program. */
const canHang =
  /^(?:nfs|cifs|smb|9p|fuse|ceph|afs|lustre|gluster|gpfs|glusterfs|ncp|coda|davfs|vboxsf|virtiofs|prl_fs)/
const delayMs = 1000

/** Where there is no Linux, or no room for a thread, nobody watches. */
export function startWatchdog({ isLive, onHung }: Watched): Watchdog {
  let worker: Worker | undefined
  let stop: StopSignal | undefined
  const start = (): void => {
    const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 }
    try {
      worker = new Worker(new URL('./watcher.js', import.meta.url), { workerData: isLive, resourceLimits })
    } catch {
      // The system lets this user have no more threads.
      return
    }
    worker.on('message', onHung)
    worker.on('error', () => {})
    worker.unref()
    if (stop !== undefined) worker.postMessage(stop, [])
  }
  const types = mountedTypes()
  if (types.some(type => canHang.test(type))) start()
  const timer = types.length > 0 && worker === undefined ? setTimeout(start, delayMs).unref() : undefined
  return {
    stopping: signal => {
      stop = signal
      worker?.postMessage(signal, [])
    },
    end: () => {
      clearTimeout(timer)
      void worker?.terminate()
    },
  }
}

/** The types of what is mounted; none where the system does not tell. */
function mountedTypes(): readonly string[] {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'latin1').split('\n')
    return lines.flatMap(line => / - (\S+)/.exec(line)?.[1] ?? [])
  } catch {
    return []
  }
}
