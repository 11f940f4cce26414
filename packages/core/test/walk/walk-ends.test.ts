/** Walks that do not come to their end. */
import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { fakeCompare, type FakeTree, walkFakes } from './fake-walk.js'

/** So deep that anything that recurses would break. */
function deepTree(depth: number): FakeTree {
  let tree: FakeTree = { end: null }
  for (let level = 0; level < depth; level += 1) tree = { d: tree }
  return tree
}

describe('a failing comparison', () => {
  it.each<[what: string, error: unknown]>([
    ['an error', new Error('worker ended')],
    [
      'one that the library takes for a vanished directory',
      Object.assign(new Error('gone'), { code: 'ENOENT' }),
    ],
    ['what is no error', 'text'],
  ])('ends the walk: %s', async (_, error) => {
    for (const failing of ['', 'a', 'a/b']) {
      const source = { a: { b: { c: null } }, x: { y: null } }
      const compare = fakeCompare(source, {})
      const walking = walkFakes({
        compare: async request => await (request.path === failing ? Promise.reject(error) : compare(request)),
      })
      await expect(walking).rejects.toBe(error)
    }
  })
})

describe('an abort', () => {
  it('before the walk lists nothing', async () => {
    const reason = new Error('stop')
    const asked: string[] = []
    const walking = walkFakes({
      signal: AbortSignal.abort(reason),
      compare: request => {
        asked.push(request.path)
        return Promise.reject(new Error('asked'))
      },
    })
    await expect(walking).rejects.toBe(reason)
    expect(asked).toEqual([])
  })

  it('within the walk ends it with the reason, and nobody listens any more', async () => {
    const controller = new AbortController()
    const reason = new Error('stop')
    const source = deepTree(50)
    const compare = fakeCompare(source, {})
    let listed = 0
    const walking = walkFakes({
      signal: controller.signal,
      compare: async request => {
        listed += 1
        if (listed === 10) controller.abort(reason)
        return await compare(request)
      },
    })
    await expect(walking).rejects.toBe(reason)
    expect(listed).toBe(10)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('waits for what the walk has begun, so that nothing of the caller’s is called after its end', async () => {
    const controller = new AbortController()
    const reason = new Error('stop')
    const waiting: (() => void)[] = []
    const compare = fakeCompare({ a: { x: null }, b: { y: null } }, {})
    const told: string[] = []
    const walking = walkFakes({
      signal: controller.signal,
      compare: async request => {
        if (request.path !== '') await new Promise<void>(resolve => waiting.push(resolve))
        told.push(request.path)
        return await compare(request)
      },
    }).catch((error: unknown) => told.push(error === reason ? 'the end' : 'another end'))
    while (waiting.length < 2) await new Promise(resolve => setImmediate(resolve))
    controller.abort(reason)
    await new Promise(resolve => setImmediate(resolve))
    expect(told).toEqual([''])
    for (const resolve of waiting) resolve()
    await walking
    expect(told).toEqual(['', 'a', 'b', 'the end'])
  })

  it('that never comes leaves no listener behind', async () => {
    const controller = new AbortController()
    await walkFakes({ source: { a: null }, signal: controller.signal })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})
