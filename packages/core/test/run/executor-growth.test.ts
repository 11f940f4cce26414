/** When work is worth threads: with threads that are only counted. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createExecutor, type Executor, type ExecutorOptions } from '../../src/run/executor.js'

const started = vi.hoisted(() => [] as unknown[])

vi.mock('../../src/run/threads.js', () => ({
  ThreadPool: class {
    constructor(...given: unknown[]) {
      started.push(given)
    }

    wake(): void {
      // They are never ready.
    }

    close(): void {
      // Nothing is open.
    }
  },
}))

let now = 0
beforeEach(() => {
  now = 0
  started.length = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

async function executorOf(more: Partial<ExecutorOptions> = {}): Promise<Executor> {
  return await createExecutor({
    inlineJobs: () =>
      Promise.resolve({
        run: {
          *work(steps) {
            for (const ms of steps as number[]) {
              now += ms
              yield
            }
            return 'done'
          },
        },
        close: () => undefined,
      }),
    threads: {
      count: 2,
      module: new URL('file:///worker.js'),
      data: () => undefined,
      waitedMs: () => 0,
      smallJobs: [],
    },
    ...more,
  })
}

describe('threads are started', () => {
  it.each<[what: string, steps: number[], threads: number]>([
    ['not for little work', [9], 0],
    ['for ten milliseconds of it', [5, 5], 1],
    ['not because the system put us to sleep for a while', [10_000], 0],
    ['once, however much there is', [8, 8, 8, 8, 8, 8], 1],
  ])('%s', async (_, steps, threads) => {
    const executor = await executorOf()
    expect(await executor.run('work', steps)).toBe('done')
    await executor.run('work', [])
    expect(started).toHaveLength(threads)
    await executor.close()
  })

  it.each<[what: string, callerHelps: boolean, later: number, threads: number]>([
    ['not when nothing more is to be done', false, 0, 0],
    ['for the next job, where the caller is to be left alone', false, 1, 1],
    ['not for a job that the caller, who helps, takes at once', true, 1, 0],
    ['for one that would wait for it', true, 2, 1],
  ])('after ten milliseconds, %s', async (_, callerHelps, later, threads) => {
    const executor = await executorOf({ callerHelps })
    await executor.run('work', [5, 5])
    const results = Array.from({ length: later }, async () => await executor.run('work', []))
    expect(started).toHaveLength(threads)
    await Promise.all(results)
    await executor.close()
  })

  it.each([
    [12, 0],
    [13, 1],
  ])('when many jobs wait: %i of them', async (jobs, threads) => {
    const executor = await executorOf()
    const results = Array.from({ length: jobs }, async () => await executor.run('work', []))
    expect(started).toHaveLength(threads)
    await Promise.all(results)
    await executor.close()
  })

  it('at once when told to, and never where there are none', async () => {
    await executorOf({ threadsAtOnce: true })
    expect(started).toHaveLength(1)
    const alone = await executorOf({ threads: undefined, threadsAtOnce: true })
    expect(await alone.run('work', [100])).toBe('done')
    expect(started).toHaveLength(1)
  })
})

it.each<[threads: boolean, callerHelps: boolean, width: number]>([
  [false, false, 1],
  [false, true, 1],
  [true, false, 2],
  [true, true, 3],
])(
  'as many jobs can run at once as there are hands: threads %s, the caller helps %s',
  async (threads, callerHelps, width) => {
    const executor = await executorOf({ callerHelps, ...(threads ? {} : { threads: undefined }) })
    expect(executor.width).toBe(width)
  },
)

it('jobs that cannot be made are told', async () => {
  const error = new Error('no such hash')
  await expect(executorOf({ inlineJobs: () => Promise.reject(error) })).rejects.toBe(error)
})
