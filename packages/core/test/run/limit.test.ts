import { expect, it } from 'vitest'
import { createLimit } from '../../src/run/limit.js'

it.each([1, 2, 5])('runs at most %i at once, the others in line, and all of them', async most => {
  const limit = createLimit(most)
  const begun: number[] = []
  let underWay = 0
  let highest = 0
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      limit(async () => {
        begun.push(index)
        underWay += 1
        highest = Math.max(highest, underWay)
        await new Promise(resolve => setImmediate(resolve))
        underWay -= 1
        return index * 2
      }),
    ),
  )
  expect(highest).toBe(most)
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index))
  expect(results).toEqual(begun.map(index => index * 2))
})

it('goes on after one that fails', async () => {
  const limit = createLimit(1)
  const failing = limit(() => Promise.reject(new Error('failed')))
  const next = limit(() => Promise.resolve('next'))
  await expect(failing).rejects.toThrow('failed')
  expect(await next).toBe('next')
})
