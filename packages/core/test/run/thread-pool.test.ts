/** What a pool sends to its threads, and when: with threads that do nothing but note it. */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ToThread } from '../../src/run/messages.js'
import { TaskQueue } from '../../src/run/task-queue.js'
import { ThreadPool } from '../../src/run/threads.js'

const workers = vi.hoisted(() => [] as unknown[])

/** How many threads the system has room for. */
const room = vi.hoisted(() => ({ threads: Infinity }))

const looks = vi.hoisted(() => ({
  isWorthMore: vi.fn<(threads: number) => boolean>(),
  begin: vi.fn<() => void>(),
}))

vi.mock('../../src/run/growth.js', () => ({
  Growth: class {
    isWorthMore = looks.isWorthMore
    begin = looks.begin
  },
}))

vi.mock('node:worker_threads', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  class Worker extends Emitter {
    readonly posted: unknown[] = []
    readonly module: URL
    readonly options: unknown

    constructor(module: URL, options: unknown) {
      super()
      if (workers.length >= room.threads)
        throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' })
      this.module = module
      this.options = options
      workers.push(this)
    }

    postMessage(message: unknown): void {
      this.posted.push(message)
    }
  }
  return { Worker }
})

interface FakeWorker {
  readonly posted: ToThread[]
  readonly module: URL
  readonly options: unknown
  readonly emit: (event: string, ...what: unknown[]) => boolean
}

const made = workers as FakeWorker[]
const module = new URL('file:///worker.js')

interface Pool {
  readonly pool: ThreadPool
  readonly queue: TaskQueue
  readonly told: string[]
  /** What became of each task, by its input. */
  readonly settled: Map<unknown, unknown>
  readonly add: (job: string, count?: number) => void
}

function poolOf(count: number, most = count): Pool {
  made.length = 0
  const queue = new TaskQueue()
  const told: string[] = []
  const settled = new Map<unknown, unknown>()
  const on = { ready: () => void told.push('ready'), allDead: () => void told.push('all dead') }
  const pool = new ThreadPool(
    {
      count,
      most,
      module,
      data: thread => ({ thread }),
      waitedMs: () => 0,
      smallJobs: ['s'],
    },
    queue,
    on,
  )
  let added = 0
  const add = (job: string, tasks = 1): void => {
    for (let index = 0; index < tasks; index++) {
      const input = added++
      void queue.add(job, input).then(
        output => settled.set(input, output),
        (error: unknown) => settled.set(input, error),
      )
    }
  }
  return { pool, queue, told, settled, add }
}

async function ready(count: number, most = count): Promise<Pool> {
  const pool = poolOf(count, most)
  while (made.length < count) await turn()
  for (const worker of made) worker.emit('message', { type: 'ready' })
  return pool
}

/** As many as there is room for. */
async function startSome(count: number): Promise<Pool> {
  const pool = poolOf(count)
  for (let turns = 0; turns < 4; turns++) await turn()
  return pool
}

/** The jobs a thread was sent, by message. */
function sent(worker: FakeWorker | undefined): string[][] {
  return (worker?.posted ?? []).flatMap(message =>
    message.type === 'tasks' ? [message.tasks.map(({ job }) => job)] : [],
  )
}

/** The inputs of all tasks a thread was sent. */
function inputs(worker: FakeWorker | undefined): unknown[] {
  return (worker?.posted ?? []).flatMap(message =>
    message.type === 'tasks' ? message.tasks.map(({ input }) => input) : [],
  )
}

/** How many messages a thread is sent before it has answered one. */
async function mostUnderWay(): Promise<number> {
  const { pool, add } = await ready(1)
  add('large', 100)
  pool.wake()
  return sent(made[0]).length
}

/** Answers the oldest message that has no answer yet, each task with its input. */
function answer(worker: FakeWorker | undefined, which: number): void {
  const message = worker?.posted[which]
  const tasks = message?.type === 'tasks' ? message.tasks : []
  worker?.emit('message', {
    type: 'results',
    results: tasks.map(({ id, input }) => ({ id, ok: true, output: input })),
  })
}

describe('threads', () => {
  it('are started one at a turn of the event loop, each with its data', async () => {
    poolOf(3)
    const counts = [made.length]
    for (let turns = 0; turns < 4; turns++) {
      await turn()
      counts.push(made.length)
    }
    expect(counts).toEqual([1, 2, 3, 3, 3])
    expect(made.map(({ options }) => options)).toEqual(
      [1, 2, 3].map(thread => ({ workerData: { thread }, trackUnmanagedFds: false })),
    )
    expect(made[0]?.module).toBe(module)
  })

  it('are sent nothing before they are ready', () => {
    const { pool, add, told } = poolOf(1)
    add('large')
    pool.wake()
    expect([sent(made[0]), told]).toEqual([[], []])
    made[0]?.emit('message', { type: 'ready' })
    expect([sent(made[0]), told]).toEqual([[['large']], ['ready']])
  })

  it('are sent more than they work on, and more when they have answered', async () => {
    const most = await mostUnderWay()
    expect(most).toBeGreaterThan(1)
    const { pool, add, queue } = await ready(2)
    add('large', 2 * most + 3)
    pool.wake()
    expect(made.map(worker => sent(worker).length)).toEqual([most, most])
    expect(queue.length).toBe(3)
    answer(made[1], 0)
    expect(made.map(worker => sent(worker).length)).toEqual([most, most + 1])
  })

  it('are sent one message each, before any is sent two', async () => {
    const { pool, add } = await ready(3)
    add('large', 4)
    pool.wake()
    expect(made.map(worker => sent(worker).length)).toEqual([2, 1, 1])
  })

  it.each(['s', 'sss', 'sssssssssssssssssss', 'ssLss', 'LssssssL', 'LLLsL'])(
    'are sent small jobs together, and others alone: %s',
    async jobs => {
      const { pool, add, queue } = await ready(1)
      for (const job of jobs) add(job)
      pool.wake()
      for (let answered = 0; answered < sent(made[0]).length; answered++) answer(made[0], answered)
      const messages = sent(made[0]).map(message => message.join(''))
      expect([messages.join(''), queue.length]).toEqual([jobs, 0])
      expect(messages.every(message => /^(?:s+|L)$/.test(message))).toBe(true)
    },
  )

  it.each([1, 3])('are sent an equal share of small jobs each, 32 at most: %i threads', async threads => {
    const most = await mostUnderWay()
    for (const share of [1, 2, 5, 32, 40]) {
      const { pool, add } = await ready(threads)
      add('s', share * threads * most)
      pool.wake()
      expect(sent(made[0])[0]).toHaveLength(Math.min(share, 32))
    }
  })

  it('settle their tasks, whoever answers first', async () => {
    const { pool, add, settled } = await ready(2)
    add('large', 4)
    pool.wake()
    answer(made[1], 0)
    answer(made[0], 0)
    answer(made[0], 1)
    made[1]?.emit('message', { type: 'results', results: [{ id: 1, ok: false, error: 'its error' }] })
    await turn()
    expect(Object.fromEntries(settled)).toEqual({ 0: 0, 1: 1, 2: 2, 3: 'its error' })
  })
})

describe('K09: a thread that dies', () => {
  const died = new Error('died')

  it('fails what it was sent, and the rest goes to the others', async () => {
    const most = await mostUnderWay()
    const { pool, add, settled, told } = await ready(2)
    add('large', 2 * most + 1)
    pool.wake()
    const lost = inputs(made[0])
    made[0]?.emit('error', died)
    answer(made[1], 0)
    await turn()
    const [first] = inputs(made[1])
    const expected = new Map<unknown, unknown>([[first, first], ...lost.map(input => [input, died] as const)])
    expect(Object.fromEntries(settled)).toEqual(Object.fromEntries(expected))
    expect(sent(made[0])).toHaveLength(most)
    expect(inputs(made[1]).at(-1)).toBe(2 * most)
    expect(told).not.toContain('all dead')
  })

  it('says with which status it ended', async () => {
    const { pool, add, settled } = await ready(1)
    add('large')
    pool.wake()
    made[0]?.emit('exit', 3)
    await turn()
    expect(settled.get(0)).toEqual(new Error('a worker thread ended with status 3'))
  })

  it('is not the last while others are yet to be started', async () => {
    const { told } = poolOf(2)
    made[0]?.emit('error', died)
    expect(told).toEqual([])
    await turn()
    made[1]?.emit('exit', 1)
    expect(told).toEqual(['all dead'])
  })
})

describe('Z05: where the system has no room for all threads', () => {
  afterEach(() => {
    room.threads = Infinity
  })

  it('there are fewer', async () => {
    room.threads = 1
    const { pool, add, told } = await startSome(3)
    made[0]?.emit('message', { type: 'ready' })
    add('large')
    pool.wake()
    expect([pool.size, sent(made[0]), told]).toEqual([1, [['large']], ['ready']])
  })

  it('or none, which is told, and work for one at a time', async () => {
    room.threads = 0
    const { pool, told } = await startSome(3)
    expect([pool.size, told]).toEqual([1, ['all dead']])
  })

  it('the last of those there are is the last', async () => {
    room.threads = 1
    const { told } = await startSome(3)
    made[0]?.emit('exit', 1)
    expect(told).toEqual(['all dead'])
  })
})

describe('threads that wait for storage', () => {
  const lookMs = 200

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    looks.isWorthMore.mockReset().mockReturnValue(true)
    looks.begin.mockReset()
  })
  afterEach(() => {
    vi.useRealTimers()
    room.threads = Infinity
  })

  /** Lets the next look be taken, and what it starts be ready. */
  async function look(): Promise<number> {
    vi.advanceTimersByTime(lookMs)
    for (let turns = 0; turns < 20; turns++) await turn()
    for (const worker of made) worker.emit('message', { type: 'ready' })
    return made.length
  }

  it('are joined by as many more, until there are enough', async () => {
    const { pool, add } = await ready(2, 7)
    add('large', 100)
    pool.wake()
    const counts: number[] = []
    while (counts.length < 6) counts.push(await look())
    // The first look after a start sees no more than that they have begun.
    expect(counts).toEqual([2, 4, 4, 7, 7, 7])
    expect(looks.isWorthMore.mock.calls).toEqual([[2], [4]])
    expect([pool.size, made.every(worker => sent(worker).length > 0)]).toEqual([7, true])
    expect(looks.begin).toHaveBeenCalledTimes(4)
  })

  it('are joined by no more than there is room for, and it is not tried again', async () => {
    const { pool, add } = await ready(2, 7)
    add('large', 100)
    pool.wake()
    room.threads = 3
    expect([await look(), await look(), await look(), pool.size]).toEqual([2, 3, 3, 3])
    room.threads = 7
    expect([await look(), await look(), pool.size]).toEqual([3, 3, 3])
  })

  it('are not joined by more that would not help', async () => {
    looks.isWorthMore.mockReturnValue(false)
    const { pool, add } = await ready(2, 7)
    add('large', 100)
    pool.wake()
    expect([await look(), await look(), pool.size]).toEqual([2, 2, 2])
    expect(looks.isWorthMore).toHaveBeenCalled()
  })

  it('are not looked at while one of them has nothing to do, or is not there yet', async () => {
    const { pool, add } = await ready(2, 7)
    add('large')
    pool.wake()
    expect([await look(), await look()]).toEqual([2, 2])
    expect([looks.isWorthMore.mock.calls.length, looks.begin.mock.calls.length]).toEqual([0, 2])
  })

  it('are not looked at when one of them had nothing to do for a while', async () => {
    const { pool, add } = await ready(2, 7)
    add('large', 6)
    pool.wake()
    await look()
    for (const which of sent(made[0]).keys()) answer(made[0], which)
    add('large', 6)
    pool.wake()
    expect([await look(), looks.isWorthMore.mock.calls.length]).toEqual([2, 0])
    expect([await look(), looks.isWorthMore.mock.calls.length]).toEqual([4, 1])
  })

  it('are as many as was asked for where no more are allowed, and after the end', async () => {
    const fixed = await ready(2)
    fixed.add('large', 100)
    fixed.pool.wake()
    expect(await look()).toBe(2)
    const { pool, add } = await ready(2, 7)
    add('large', 100)
    pool.wake()
    void pool.close()
    expect(await look()).toBe(2)
  })
})

describe('closing', () => {
  it('tells each thread, and waits for all to end', async () => {
    const { pool } = await ready(2)
    let isClosed = false
    const closing = pool.close().then(() => void (isClosed = true))
    expect(made.map(({ posted }) => posted.at(-1))).toEqual([{ type: 'close' }, { type: 'close' }])
    made[0]?.emit('exit', 0)
    await turn()
    expect(isClosed).toBe(false)
    made[1]?.emit('exit', 0)
    await closing
  })

  it('starts no more threads', async () => {
    const { pool } = poolOf(3)
    const closing = pool.close()
    await turn()
    made[0]?.emit('exit', 0)
    await closing
    expect(made).toHaveLength(1)
  })
})
