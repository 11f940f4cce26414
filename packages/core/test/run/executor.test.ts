import { describe, expect, it } from 'vitest'
import { useExecutors } from './start-executor.js'

const start = useExecutors()

describe('in the caller’s thread', () => {
  it('jobs are run, and fail, and are unknown', async () => {
    const { executor, inline } = await start(0)
    expect(executor.width).toBe(1)
    expect(await executor.run('echo', 5)).toBe(5)
    await expect(executor.run('fail', 'no')).rejects.toThrow('no')
    await expect(executor.run('none', 0)).rejects.toThrow('no job is called none')
    const many = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => await executor.run('echo', index)),
    )
    expect(many).toEqual(Array.from({ length: 100 }, (_, index) => index))
    await executor.close()
    expect(inline.at(-1)).toBe('close')
  })

  it('little work starts no thread', async () => {
    const { executor, data, inline } = await start(2)
    expect([await executor.run('echo', 1), await executor.run('echo', 2)]).toEqual([1, 2])
    expect([data, inline]).toEqual([[], ['echo', 'echo']])
  })

  it('closing waits for what is under way, lets go once, and takes nothing more', async () => {
    const { executor, inline } = await start(0)
    const results = Array.from({ length: 10 }, async (_, index) => await executor.run('echo', index))
    const closing = [executor.close(), executor.close()]
    await expect(executor.run('echo', 1)).rejects.toThrow('the executor is closed')
    await Promise.all(closing)
    expect(await Promise.all(results)).toEqual(Array.from({ length: 10 }, (_, index) => index))
    expect(inline.filter(each => each === 'close')).toHaveLength(1)
  })
})
