import { describe, expect, it } from 'vitest'
import { AbortFlag } from '../../src/run/abort-flag.js'
import { RateLimit } from '../../src/run/rate-limit.js'

function limitOf(bytesPerSecond: number, mayBlock = true, shared = new SharedArrayBuffer(8)) {
  const abort = new AbortFlag()
  return { limit: new RateLimit({ bytesPerSecond, shared }, abort, mayBlock), abort, shared }
}

/** How long a step takes, in milliseconds. */
function timed(step: () => void): number {
  const begun = performance.now()
  step()
  return performance.now() - begun
}

describe('a limit of bytes a second', () => {
  it('holds a worker until what was taken before is paid for, and lets no more pass', () => {
    const { limit } = limitOf(1_000_000)
    const ms = timed(() => {
      for (let taken = 0; taken < 500_000; taken += 10_000) expect([...limit.take(10_000)]).toEqual([])
    })
    // The last is not waited for.
    expect(ms).toBeGreaterThan(485)
    expect(ms).toBeLessThan(1000)
  })

  it('is one for all who share it', () => {
    const { limit, shared } = limitOf(1_000_000)
    const other = limitOf(1_000_000, true, shared).limit
    const ms = timed(() => {
      for (let taken = 0; taken < 400_000; taken += 20_000) {
        limit.take(10_000).next()
        other.take(10_000).next()
      }
    })
    expect(ms).toBeGreaterThan(385)
  })

  it('never holds the thread of the caller: it says how long there is nothing to do', () => {
    const { limit, abort } = limitOf(1000, false)
    expect([...limit.take(100_000)]).toEqual([])
    const waiting = limit.take(1)
    const ms = timed(() => {
      expect(waiting.next().done).toBe(false)
      expect(limit.restMs).toBe(50)
      expect(waiting.next().done).toBe(false)
    })
    expect(ms).toBeLessThan(1000)
    abort.raise()
    expect([waiting.next().done, limit.restMs]).toEqual([true, 0])
  })

  it('ends a wait when the run is stopped', () => {
    const { limit, abort } = limitOf(1)
    limit.take(1000).next()
    abort.raise()
    expect(timed(() => expect([...limit.take(1)]).toEqual([]))).toBeLessThan(500)
  })

  it.each([
    [1, 4096],
    [65_536, 4096],
    [1 << 20, 65_536],
    [10_000_000, 622_592],
    [1 << 30, 1 << 20],
  ])('of %i is best taken in pieces of %i', (rate, piece) => {
    expect(limitOf(rate).limit.piece).toBe(piece)
  })
})
