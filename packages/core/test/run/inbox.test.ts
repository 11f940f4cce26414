import { describe, expect, it } from 'vitest'
import { Inbox } from '../../src/run/inbox.js'
import type { SentResult } from '../../src/run/messages.js'

function ok(id: number, bytes = 0): SentResult {
  return { id, ok: true, output: bytes === 0 ? undefined : { cells: new Uint8Array(bytes) } }
}

async function turn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

describe('results', () => {
  it('are settled in order, in a later turn', async () => {
    const settled: number[] = []
    const inbox = new Inbox(({ id }) => settled.push(id))
    inbox.add([ok(1), { id: 2, ok: false, error: 'x' }])
    inbox.add([])
    inbox.add([ok(3)])
    expect(settled).toEqual([])
    await turn()
    expect(settled).toEqual([1, 2, 3])
  })

  it.each<[what: string, results: readonly SentResult[], turns: readonly number[]]>([
    ['small ones, eight at a turn', Array.from({ length: 20 }, (_, id) => ok(id)), [8, 16, 20]],
    ['large ones, one at a turn', [ok(0, 1 << 20), ok(1, 1 << 16), ok(2)], [1, 2, 3]],
    ['up to so many bytes', [ok(0, 30_000), ok(1, 30_000), ok(2, 30_000), ok(3, 30_000)], [3, 4]],
  ])('come a few at a time: %s', async (_, results, turns) => {
    const settled: number[] = []
    const inbox = new Inbox(({ id }) => settled.push(id))
    inbox.add(results)
    const counts: number[] = []
    while (counts.length < turns.length) {
      await turn()
      counts.push(settled.length)
    }
    expect(counts).toEqual(turns)
    expect(settled).toEqual(results.map(({ id }) => id))
  })

  it('that set off more are followed by those', async () => {
    const settled: number[] = []
    const inbox: Inbox = new Inbox(({ id }) => {
      settled.push(id)
      if (id < 3) inbox.add([ok(id + 1)])
    })
    inbox.add([ok(1)])
    for (let turns = 0; turns < 5; turns += 1) await turn()
    expect(settled).toEqual([1, 2, 3])
  })

  it('are settled at once when the thread is gone, and once only', async () => {
    const settled: number[] = []
    const inbox = new Inbox(({ id }) => settled.push(id))
    inbox.add(Array.from({ length: 20 }, (_, id) => ok(id)))
    inbox.flush()
    expect(settled).toHaveLength(20)
    await turn()
    expect(settled).toHaveLength(20)
  })
})
