/**
 * Who runs the work. Jobs are plain functions over two trees, made for one thread and passed in; the executor
 * only knows their names. It begins in the caller's thread and takes worker threads when the work grows.
 */
import { InlineRunner } from './inline.js'
import type { JobTable } from './job.js'
import { TaskQueue } from './task-queue.js'
import { ThreadPool, type ThreadSetup } from './threads.js'

export interface Executor {
  /** How many jobs can run at once; more as the threads become more. */
  readonly width: number
  /** Runs a job somewhere; rejects if it throws. */
  run(job: string, input: unknown): Promise<unknown>
  /** Waits for what is under way, then ends all threads. Never ends a thread that may hold descriptors. */
  close(): Promise<void>
}

export interface ExecutorOptions {
  /** Makes the jobs of the caller's thread. */
  readonly inlineJobs: () => Promise<JobTable>
  /** What worker threads are made from; undefined to stay in the caller's thread. */
  readonly threads: ThreadSetup | undefined
  /** Starts the threads at once, and leaves nothing to the caller's thread while one of them lives. */
  readonly threadsAtOnce?: boolean
  /** Whether the caller's thread goes on taking jobs, in slices, when there are worker threads. */
  readonly callerHelps?: boolean
}

/** Work in the caller's thread beyond this, in milliseconds, is worth starting threads for, if there is more of it. */
const inlineBudgetMs = 10

/** So many jobs waiting for it are too. */
const inlineBacklog = 12

/** Makes an executor. */
export async function createExecutor(options: ExecutorOptions): Promise<Executor> {
  const { inlineJobs, threads, threadsAtOnce = false, callerHelps = false } = options
  const jobs = await inlineJobs()
  const queue = new TaskQueue()
  const inline = new InlineRunner(jobs, queue)
  let pool: ThreadPool | undefined
  let closing: Promise<void> | undefined

  function isWorthThreads(): boolean {
    if (threadsAtOnce || queue.length >= inlineBacklog) return true
    // To start one takes longer than a short run's last jobs, and its end would be waited for. What follows one by one is
    // given away only to leave the caller's thread alone.
    const taken = callerHelps && !inline.isAtTask ? 1 : 0
    return inline.busyMs >= inlineBudgetMs && queue.length > taken
  }

  function growIfNeeded(): void {
    if (threads === undefined || pool !== undefined || !isWorthThreads()) return
    pool = new ThreadPool(threads, queue, {
      ready: () => {
        if (!callerHelps) inline.retire()
      },
      allDead: () => inline.resume(growIfNeeded),
    })
  }

  if (threadsAtOnce && threads !== undefined) {
    inline.retire()
    growIfNeeded()
  }

  async function closeAll(): Promise<void> {
    await queue.idle()
    await pool?.close()
    jobs.close()
  }

  return {
    get width() {
      return (pool?.size ?? threads?.count ?? 0) + (callerHelps || threads === undefined ? 1 : 0)
    },
    run: async (job, input) => {
      if (closing !== undefined) throw new Error('the executor is closed')
      const result = queue.add(job, input)
      // Threads first: the caller's thread takes what they leave.
      growIfNeeded()
      pool?.wake()
      inline.wake(growIfNeeded)
      return await result
    },
    close: () => (closing ??= closeAll()),
  }
}
