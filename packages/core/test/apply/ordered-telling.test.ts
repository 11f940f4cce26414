import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { OrderedTelling } from '../../src/apply/ordered-telling.js'

interface Heard {
  readonly telling: OrderedTelling
  readonly log: string[]
  /** Adds what takes a while to tell: its beginning and its end are heard. */
  readonly add: (index: number, fails?: Error) => void
}

function hear(): Heard {
  const telling = new OrderedTelling()
  const log: string[] = []
  const tell = async (index: number, fails: Error | undefined): Promise<void> => {
    log.push(`begin ${index}`)
    await turn()
    if (fails !== undefined) throw fails
    log.push(`end ${index}`)
  }
  return { telling, log, add: (index, fails) => telling.add(index, async () => await tell(index, fails)) }
}

function both(...indexes: readonly number[]): string[] {
  return indexes.flatMap(index => [`begin ${index}`, `end ${index}`])
}

describe('OrderedTelling', () => {
  it.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[2, 0, 3, 1]]])(
    'tells %j in order, one at a time',
    async order => {
      const { telling, log, add } = hear()
      for (const index of order) add(index)
      await telling.told()
      expect(log).toEqual(both(0, 1, 2, 3))
      expect(telling.length).toBe(0)
    },
  )

  it('keeps what an earlier one is missing for, and tells it when that comes', async () => {
    const { telling, log, add } = hear()
    add(0)
    add(2)
    add(3)
    await telling.told()
    expect([log, telling.length]).toEqual([both(0), 2])
    add(1)
    await telling.told()
    expect([log, telling.length]).toEqual([both(0, 1, 2, 3), 0])
  })

  it('tells the rest in order at the end, though some never came', async () => {
    const { telling, log, add } = hear()
    for (const index of [7, 0, 12, 4]) add(index)
    await telling.tellAll()
    expect(log).toEqual(both(0, 4, 7, 12))
  })

  it('waits at the end for one that is being told', async () => {
    const { telling, log, add } = hear()
    add(0)
    add(4)
    while (log.length === 0) await Promise.resolve()
    await telling.tellAll()
    expect(log).toEqual(both(0, 4))
  })

  it('tells nothing after one that failed, and ends with its error', async () => {
    const { telling, log, add } = hear()
    const mine = new Error('mine')
    for (const [index, error] of [[3], [0], [1, mine], [2, new Error('never told')]] as const)
      add(index, error)
    expect(telling.hasFailed).toBe(false)
    await telling.told()
    expect(telling.hasFailed).toBe(true)
    await expect(telling.tellAll()).rejects.toBe(mine)
    expect(log).toEqual([...both(0), 'begin 1'])
  })

  it('ends with the error of one that was kept till the end', async () => {
    const { telling, log, add } = hear()
    const mine = new Error('mine')
    add(5, mine)
    add(9)
    await expect(telling.tellAll()).rejects.toBe(mine)
    expect(log).toEqual(['begin 5'])
  })
})
