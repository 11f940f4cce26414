import { readdirSync, readFileSync } from 'node:fs'

const nsPerMs = 1_000_000

/** How long the threads of this process waited for a processor so far, in milliseconds; 0 where /proc does not tell. */
export function waitedForProcessorMs(): number {
  try {
    return readdirSync('/proc/self/task').reduce((sum, thread) => sum + waitOf(thread), 0) / nsPerMs
  } catch {
    return 0
  }
}

/** The second of three numbers: at the processor, waiting for it, and how often. */
function waitOf(thread: string): number {
  try {
    return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ')[1] ?? 0)
  } catch {
    // It has ended since.
    return 0
  }
}
