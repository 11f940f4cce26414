/** Executors with jobs that tests need, closed after each test. */
import { afterEach } from 'vitest'
import { createExecutor, type Executor, type ExecutorOptions } from '../../src/run/executor.js'
import type { JobTable } from '../../src/run/job.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { Marks, workerModule } from './worker-module.js'

interface StartedExecutor {
  readonly executor: Executor
  readonly marks: Marks
  /** What the jobs of the caller's thread were asked for. */
  readonly inline: string[]
  readonly data: number[]
}

export type StartExecutor = (
  threads: number,
  more?: Partial<ExecutorOptions> & { readonly broken?: boolean },
) => Promise<StartedExecutor>

export function useExecutors(): StartExecutor {
  const temporary = useTemporaryDirectory()
  const made: Executor[] = []
  afterEach(async () => {
    for (const executor of made.splice(0)) await executor.close()
  })
  return async (threads, more = {}) => {
    const marks = new Marks()
    const inline: string[] = []
    const data: number[] = []
    const { broken, ...options } = more
    const jobs: JobTable = {
      run: {
        *echo(input) {
          inline.push('echo')
          yield
          return input
        },
        *where() {
          inline.push('where')
          yield
          return { thread: 0, threadId: 0 }
        },
        *fail(input) {
          yield
          throw new TypeError(String(input))
        },
      },
      close: () => inline.push('close'),
    }
    const executor = await createExecutor({
      inlineJobs: () => Promise.resolve(jobs),
      threads:
        threads === 0
          ? undefined
          : {
              count: threads,
              module: workerModule(temporary.path, broken),
              data: thread => {
                data.push(thread)
                return { thread, marks: marks.shared }
              },
              waitedMs: () => 0,
              smallJobs: ['echo', 'where'],
            },
      ...options,
    })
    made.push(executor)
    return { executor, marks, inline, data }
  }
}

/** Waits until each of so many threads has done something, for a thread takes its time to start. */
export async function warmUp(executor: Executor, threads: number): Promise<void> {
  const seen = new Set<number>()
  while (seen.size < threads) {
    const some = Array.from({ length: 8 }, async () => (await executor.run('where', 0)) as { thread: number })
    for (const { thread } of await Promise.all(some)) if (thread > 0) seen.add(thread)
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}
