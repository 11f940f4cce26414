import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSharedMemory, type ReadKey, SharedMemory, type Taken } from '../../src/tree/shared-memory.js'

const file: ReadKey = { device: 1n, inode: 2n, mtimeNs: -3n, ctimeNs: 4n, size: 5, at: 0 }

function claimed(taken: Taken): { readonly slot: number } {
  if (typeof taken === 'string') throw new Error(`not claimed but ${taken}`)
  return taken
}

function read(memory: SharedMemory, key: ReadKey, asked = 1): unknown {
  let text = ''
  const taken = memory.take(key, asked, piece => (text = Buffer.from(piece).toString()))
  return taken === 'had' ? `had ${text}` : taken
}

function memories(bytes = 1 << 12): readonly [SharedMemory, SharedMemory] {
  const shared = makeSharedMemory(bytes)
  return [new SharedMemory(shared, false), new SharedMemory(shared, false)]
}

describe('SharedMemory', () => {
  it('gives to all what the first has read', () => {
    const [one, other] = memories()
    const claim = claimed(one.take(file, 7, () => {}))
    expect(read(other, file)).toBe('busy')
    one.put(claim, Buffer.from('content'), 7)
    expect([read(other, file), read(one, file)]).toEqual(['had content', 'had content'])
  })

  it.each(['device', 'inode', 'mtimeNs', 'ctimeNs', 'size', 'at'] as const)(
    'takes a piece of another %s for another one',
    part => {
      const [one, other] = memories()
      one.put(claimed(one.take(file, 7, () => {})), Buffer.from('content'), 7)
      const changed = typeof file[part] === 'bigint' ? 9n : 9
      expect(read(other, { ...file, [part]: changed })).toHaveProperty('slot')
    },
  )

  it('lets another one try what could not be read', () => {
    const [one, other] = memories()
    one.drop(claimed(one.take(file, 7, () => {})))
    other.put(claimed(other.take(file, 7, () => {})), Buffer.from('x'), 7)
    expect(read(one, file)).toBe('had x')
  })

  it('gives a piece that is short to nobody who asks for more, unless it ends there', () => {
    const [one, other] = memories()
    one.put(claimed(one.take(file, 3, () => {})), Buffer.from('abc'), 3)
    expect([read(other, file, 2), read(other, file, 3), read(other, file, 4)]).toEqual([
      'had abc',
      'had abc',
      'alone',
    ])
    const end = { ...file, at: 3 }
    one.put(claimed(one.take(end, 9, () => {})), Buffer.from('de'), 9)
    expect([read(other, end, 9), read(other, end, 10)]).toEqual(['had de', 'alone'])
  })

  it('keeps nothing that would take the room of most', () => {
    const [one, other] = memories(100)
    one.put(claimed(one.take(file, 26, () => {})), Buffer.alloc(26), 26)
    expect(read(other, file)).toHaveProperty('slot')
  })

  it('gives up what was put first, and never gives anything else than what was put', () => {
    const pieces = fc.array(fc.record({ inode: fc.integer({ min: 0, max: 30 }), length: fc.nat(120) }), {
      minLength: 50,
      maxLength: 300,
    })
    fc.assert(
      fc.property(pieces, each => {
        const [one, other] = memories(500)
        let nth = 0
        const last = new Map<number, string>()
        for (const { inode, length } of each) {
          const key = { ...file, inode: BigInt(inode) }
          const taken = one.take(key, 0, piece => {
            expect(Buffer.from(piece).toString()).toBe(last.get(inode))
          })
          if (taken === 'had') continue
          const text = `${nth++};`.repeat(length).slice(0, length)
          one.put(claimed(taken), Buffer.from(text), length)
          last.set(inode, text)
          // What was put last is always there.
          expect(read(other, key, 0)).toBe(`had ${text}`)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('has more claims than room only as long as there are slots', () => {
    const [one, other] = memories()
    const claims = Array.from({ length: 1 << 15 }, (_, at) => claimed(one.take({ ...file, at }, 1, () => {})))
    expect(read(other, { ...file, at: -2 })).toBe('alone')
    for (const claim of claims) one.drop(claim)
    expect(read(other, { ...file, at: -2 })).toHaveProperty('slot')
  })

  it('has a thread wait for who reads, and go on at once when that is done', async () => {
    const shared = makeSharedMemory(1 << 12)
    const memory = new SharedMemory(shared, false)
    const claim = claimed(memory.take(file, 7, () => {}))
    const module = new URL('../../dist/tree/shared-memory.js', import.meta.url).href
    const code = `
      const { parentPort, workerData } = require('node:worker_threads')
      import(workerData.module).then(({ SharedMemory }) => {
        const memory = new SharedMemory(workerData.shared, true)
        parentPort.postMessage('asks')
        let text
        const taken = memory.take(workerData.file, 7, piece => (text = Buffer.from(piece).toString()))
        parentPort.postMessage(taken + ' ' + text)
      })`
    const worker = new Worker(code, { eval: true, workerData: { module, shared, file } })
    const said: string[] = []
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject)
      worker.on('exit', () => resolve())
      worker.on('message', (message: string) => {
        said.push(message)
        if (message === 'asks') memory.put(claim, Buffer.from('content'), 7)
      })
    })
    expect(said).toEqual(['asks', 'had content'])
  })
})
