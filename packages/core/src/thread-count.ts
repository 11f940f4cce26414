/** How many threads a run has, and may come to have where they wait for storage. */
import type { ThreadSetup } from './run/threads.js'
import type { Settings } from './settings.js'
import { mostOpenFiles } from './tree/open-files.js'

/** What one thread holds open at most: three ways down, the files it copies, and what it is woken by. */
const filesEach = 90
/** What the process has open besides, and its caller may. */
const otherFiles = 100
/** What one thread takes at most, its buffers included. */
const bytesEach = 64 << 20

/** The caller's thread may be one of the workers. */
export function threadsOf({
  concurrency: { first, most },
  callerHelps,
}: Pick<Settings, 'concurrency' | 'callerHelps'>): Pick<ThreadSetup, 'count' | 'most'> {
  const helping = callerHelps ? 1 : 0
  const count = first - helping
  if (most === first) return { count, most: count }
  const room = Math.floor(
    Math.min((mostOpenFiles() - otherFiles) / filesEach, process.availableMemory() / bytesEach),
  )
  return { count, most: Math.max(count, Math.min(most - helping, room)) }
}
