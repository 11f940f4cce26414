import { describe, expect, it } from 'vitest'
import { TaskQueue } from '../../src/run/task-queue.js'

/** Whether a promise has settled by the next turn of the event loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const note = (): void => {
    settled = true
  }
  promise.then(note, note)
  await new Promise(resolve => setImmediate(resolve))
  return settled
}

describe('tasks', () => {
  it('are taken first come, first served', () => {
    const queue = new TaskQueue()
    expect([queue.length, queue.nextJob(), queue.take()]).toEqual([0, undefined, undefined])
    for (const job of ['a', 'b', 'c']) void queue.add(job, job.toUpperCase())
    expect([queue.length, queue.nextJob()]).toEqual([3, 'a'])
    expect(queue.take()).toMatchObject({ job: 'a', input: 'A' })
    void queue.add('d', 'D')
    expect(['b', 'c', 'd'].map(job => queue.take()?.job === job)).toEqual([true, true, true])
    expect([queue.length, queue.nextJob(), queue.take()]).toEqual([0, undefined, undefined])
    void queue.add('e', 'E')
    expect([queue.length, queue.take()?.input]).toEqual([1, 'E'])
  })

  it('settle with what their runner makes of them', async () => {
    const queue = new TaskQueue()
    const [one, other] = [queue.add('a', 1), queue.add('b', 2)]
    queue.take()?.resolve('done')
    expect(await one).toBe('done')
    expect(await isSettled(other)).toBe(false)
    const error = new Error('failed')
    queue.take()?.reject(error)
    await expect(other).rejects.toBe(error)
  })
})

describe('idle', () => {
  it('is a queue with nothing in it', async () => {
    expect(await isSettled(new TaskQueue().idle())).toBe(true)
  })

  it('is not one with tasks that wait, or are being run, and is told to all who wait', async () => {
    const queue = new TaskQueue()
    const results = [queue.add('a', 1), queue.add('b', 2).catch(() => 'failed')]
    const waiting = [queue.idle(), queue.idle()]
    const [one, other] = [queue.take(), queue.take()]
    one?.resolve('done')
    expect(await results[0]).toBe('done')
    expect(await isSettled(Promise.race(waiting))).toBe(false)
    other?.reject(new Error('failed'))
    expect(await results[1]).toBe('failed')
    await Promise.all([...waiting, queue.idle()])
  })
})
