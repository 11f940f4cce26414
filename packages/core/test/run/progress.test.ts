import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Progress } from '../../src/model/events.js'
import { ProgressMeter } from '../../src/run/progress.js'

let now = 0
beforeEach(() => {
  now = 10_000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

function meter(): { readonly progress: ProgressMeter; readonly told: Progress[] } {
  const told: Progress[] = []
  return { progress: new ProgressMeter(each => told.push(each)), told }
}

describe('progress', () => {
  it('is told ten times a second at most', () => {
    const { progress, told } = meter()
    for (let ms = 0; ms < 1000; ms += 1) {
      progress.add(1, 2)
      now += 1
    }
    expect(told).toHaveLength(10)
    expect(told.at(-1)).toEqual({ phase: 'scan', entries: 901, totalEntries: 0, bytes: 1802, totalBytes: 0 })
  })

  it('is told when a phase begins, and when it is asked for', () => {
    const { progress, told } = meter()
    progress.add(5, 0)
    progress.begin(10, 100)
    for (const phase of ['copy', 'delete', 'finish'] as const) progress.enter(phase)
    progress.tellNow()
    expect(told.map(({ phase }) => phase)).toEqual(['scan', 'copy', 'delete', 'finish', 'finish'])
    expect(told.at(-1)).toEqual({ phase: 'finish', entries: 0, totalEntries: 10, bytes: 0, totalBytes: 100 })
  })

  it('never goes back once the totals are fixed', () => {
    const { progress, told } = meter()
    progress.add(1000, 0)
    progress.begin(3, 30)
    progress.enter('copy')
    for (let step = 0; step < 3; step += 1) {
      now += 100
      progress.add(1, 10)
      if (step === 1) progress.enter('delete')
    }
    const [, ...after] = told
    for (const [index, each] of after.entries()) {
      const before = after[index - 1] ?? each
      expect([each.entries >= before.entries, each.bytes >= before.bytes]).toEqual([true, true])
      expect([each.totalEntries, each.totalBytes]).toEqual([3, 30])
    }
    expect(after.at(-1)).toMatchObject({ entries: 3, bytes: 30 })
  })

  it('costs nothing where nobody listens', () => {
    const clock = vi.spyOn(performance, 'now')
    const progress = new ProgressMeter(undefined)
    progress.begin(1, 1)
    progress.enter('copy')
    progress.add(1, 1)
    progress.tellNow()
    expect(clock).not.toHaveBeenCalled()
  })
})
