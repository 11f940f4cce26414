import { describe, expect, it } from 'vitest'
import { until, useExecutors, warmUp } from './start-executor.js'

const start = useExecutors()

describe('in worker threads', () => {
  it('all jobs are run, each in one of them, none in the caller’s', async () => {
    const { executor, inline, data } = await start(2, { threadsAtOnce: true })
    expect(executor.width).toBe(2)
    const results = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => await executor.run('echo', index)),
    )
    expect(results).toEqual(Array.from({ length: 200 }, (_, index) => index))
    expect([inline, data]).toEqual([[], [1, 2]])
  })

  it('a backlog is taken over, and then both work at once', async () => {
    const { executor, marks, data } = await start(2)
    await Promise.all(Array.from({ length: 20 }, async () => await executor.run('where', 0)))
    expect(data[0]).toBe(1)
    await warmUp(executor, 2)
    const waiting = [executor.run('wait', 0), executor.run('wait', 0)]
    await until(() => marks.waiting === 2)
    marks.letGo()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([1, 2]))
  })

  it('and in the caller’s too, if it helps', async () => {
    const { executor, inline } = await start(1, { callerHelps: true })
    expect(executor.width).toBe(2)
    await warmUp(executor, 1)
    inline.length = 0
    while (inline.length === 0) {
      await Promise.all(Array.from({ length: 100 }, async () => await executor.run('where', 0)))
    }
    expect(inline).toContain('where')
  })

  it('an error comes back as it was, and the thread goes on', async () => {
    const { executor } = await start(1, { threadsAtOnce: true })
    await expect(executor.run('fail', 'no')).rejects.toMatchObject({ name: 'TypeError', message: 'no' })
    await expect(executor.run('none', 0)).rejects.toThrow('no job is called none')
    expect(await executor.run('echo', 1)).toBe(1)
  })

  it('columns are moved there and back', async () => {
    const { executor } = await start(1, { threadsAtOnce: true })
    const cells = new BigInt64Array([1n, 2n])
    expect(await executor.run('columns', { cells })).toEqual({ cells: new BigInt64Array([2n, 4n]) })
    expect(cells.length).toBe(0)
  })

  it('closing waits for them, and each lets go of what it holds', async () => {
    const { executor, marks, inline } = await start(2, { threadsAtOnce: true })
    await warmUp(executor, 2)
    const waiting = [executor.run('wait', 0), executor.run('wait', 0)]
    await until(() => marks.waiting === 2)
    const closing = executor.close()
    expect([marks.closed, inline]).toEqual([0, []])
    marks.letGo()
    await closing
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([1, 2]))
    expect([marks.closed, inline]).toEqual([2, ['close']])
  })

  it('closing at once, before any is ready, ends them all', async () => {
    const { executor, inline } = await start(3, { threadsAtOnce: true })
    await executor.close()
    expect(inline).toEqual(['close'])
  })
})

describe('K09: a thread that dies', () => {
  it('fails what it was given, and the others go on', async () => {
    const { executor } = await start(2, { threadsAtOnce: true })
    await expect(executor.run('crash', 0)).rejects.toThrow('a worker thread ended with status 7')
    for (let index = 0; index < 20; index += 1) expect(await executor.run('echo', index)).toBe(index)
  })

  it('of an error nobody catches does not end the process', async () => {
    const { executor, inline } = await start(1, { threadsAtOnce: true })
    const blown = executor.run('blow', 0).catch((error: unknown) => (error as Error).message)
    // Its result may be lost with it, but never for ever.
    expect(await blown).toMatch(/^(?:before|blown)$/)
    // What was sent to it meanwhile fails; what comes later is done here.
    while (!inline.includes('echo')) await executor.run('echo', 1).catch(() => undefined)
    expect(await executor.run('echo', 2)).toBe(2)
  })

  it('as the last of them leaves the work to the caller’s', async () => {
    const { executor, inline } = await start(2, { threadsAtOnce: true })
    let message = ''
    while (!message.includes('no job')) {
      message = await executor.run('crash', 0).then(String, (error: Error) => error.message)
      expect(message).toMatch(/^(?:a worker thread ended with status 7|no job is called crash)$/)
    }
    expect(await executor.run('echo', 1)).toBe(1)
    expect(inline).toEqual(['echo'])
  })

  it('before it was ready leaves the work to the caller’s', async () => {
    const { executor, inline } = await start(2, { threadsAtOnce: true, broken: true })
    expect(await executor.run('echo', 1)).toBe(1)
    expect(inline).toEqual(['echo'])
    await executor.close()
  })
})
