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

/**
 * The caller's thread may be one of the workers; without any thread it does all. A number that was asked for is the
 * caller's own affair.
 */
export function threadsOf({
  concurrency: { first, most },
  callerHelps,
  bwlimit,
}: Pick<Settings, 'concurrency' | 'callerHelps'> & Partial<Pick<Settings, 'bwlimit'>>): Pick<
  ThreadSetup,
  'count' | 'most'
> {
  if (most === 1) return { count: 0, most: 0 }
  const helping = callerHelps ? 1 : 0
  const wanted = first - helping
  // Threads that wait for the limit do not wait for storage.
  if (most === first || bwlimit !== undefined) return { count: wanted, most: wanted }
  const byFiles = Math.max(0, Math.floor((mostOpenFiles() - otherFiles) / filesEach))
  // Of memory what holds files counts as taken in a container, and is let go of: it stops no thread of the first ones.
  const byMemory = Math.floor(process.availableMemory() / bytesEach)
  const count = Math.min(wanted, byFiles)
  return { count, most: Math.max(count, Math.min(most - helping, byFiles, byMemory)) }
}
