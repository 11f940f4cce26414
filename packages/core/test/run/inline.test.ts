import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InlineRunner } from '../../src/run/inline.js'
import type { Job } from '../../src/run/job.js'
import { TaskQueue } from '../../src/run/task-queue.js'

let now = 0
beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

function nothing(): void {
  // Nobody has to be told.
}

function runner(run: Record<string, Job>): { readonly queue: TaskQueue; readonly inline: InlineRunner } {
  const queue = new TaskQueue()
  return { queue, inline: new InlineRunner({ run, close: nothing }, queue) }
}

describe('tasks in the caller’s thread', () => {
  it('run one at a time, in order, to their end', async () => {
    const told: string[] = []
    const { queue, inline } = runner({
      *work(input) {
        told.push(`${String(input)} begins`)
        now += 100
        yield
        told.push(`${String(input)} ends`)
        return `${String(input)} done`
      },
    })
    const results = ['a', 'b', 'c'].map(async input => await queue.add('work', input))
    inline.wake(() => told.push('next'))
    inline.wake(nothing)
    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done'])
    expect(told).toEqual(['a', 'b', 'c'].flatMap(each => [`${each} begins`, `${each} ends`, 'next']))
  })

  it('that fail, or that nobody knows, are told, and the next is run', async () => {
    const { queue, inline } = runner({
      *fail() {
        yield
        throw new Error('failed')
      },
      *work() {
        yield
        return 'done'
      },
    })
    const results = ['fail', 'unknown', 'work'].map(async job => await queue.add(job, undefined))
    inline.wake(nothing)
    const settled = await Promise.allSettled(results)
    expect(
      settled.map(result => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    ).toEqual(['Error: failed', 'Error: no job is called unknown', 'done'])
  })

  it('are found when they come later', async () => {
    const { queue, inline } = runner({
      *work(input) {
        yield
        return input
      },
    })
    for (const input of [1, 2]) {
      const result = queue.add('work', input)
      inline.wake(nothing)
      expect(await result).toBe(input)
    }
  })

  it('count as work for as long as they hold the thread, a slice at most for each step', async () => {
    const { queue, inline } = runner({
      *work(ms) {
        now += Number(ms)
        yield
        now += 2
        return ms
      },
    })
    const results = [1, 5, 1000].map(async ms => await queue.add('work', ms))
    inline.wake(nothing)
    await Promise.all(results)
    expect(inline.busyMs).toBe(1 + 2 + 5 + 2 + 8 + 2)
  })
})

describe('the event loop', () => {
  it.each<[tasks: number, ms: number, turns: number]>([
    [2, 3, 0],
    [12, 3, 3],
    [5, 8, 4],
    [3, 100, 2],
  ])('has its turns between many short tasks: %i of %i ms', async (tasks, ms, turns) => {
    const { queue, inline } = runner({
      *work() {
        now += ms
        yield* []
      },
    })
    let turned = 0
    let isDone = false
    const count = (): void => {
      turned += 1
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    const results = Array.from({ length: tasks }, async () => await queue.add('work', undefined))
    inline.wake(nothing)
    await Promise.all(results)
    isDone = true
    expect(turned).toBe(turns)
  })
})

describe('a runner that is retired', () => {
  it('takes no more, but ends what it began', async () => {
    const { queue, inline } = runner({
      *work(input) {
        if (input === 'first') inline.retire()
        yield
        return input
      },
    })
    const [first] = [queue.add('work', 'first'), void queue.add('work', 'second')]
    inline.wake(nothing)
    expect(await first).toBe('first')
    inline.wake(nothing)
    await new Promise(resolve => setImmediate(resolve))
    expect(queue.length).toBe(1)
  })

  it('takes tasks again when it is told to', async () => {
    const { queue, inline } = runner({
      *work(input) {
        yield
        return input
      },
    })
    inline.retire()
    const result = queue.add('work', 'x')
    inline.wake(nothing)
    expect(queue.length).toBe(1)
    inline.resume(nothing)
    expect(await result).toBe('x')
  })
})
