import { describe, expect, it } from 'vitest'
import { ProgressMeter } from '../../src/render/progress.js'
import { progress } from '../support/samples.js'

const percentOf = (line: string): number => Number(/(\d+)%$/.exec(line)?.[1])

describe('the progress line', () => {
  it('counts entries while there is no total', () => {
    expect(new ProgressMeter().line(progress({ phase: 'scan', entries: 12_345 }), 0)).toBe(
      'scanning  12,345 entries',
    )
  })

  it('shows phase, changes, bytes, rate and percentage', () => {
    const meter = new ProgressMeter()
    const total = { totalEntries: 1000, totalBytes: 10_000_000 }
    expect(meter.line(progress({ ...total }), 0)).toBe('copying  0/1,000  0 B/10 MB  0 B/s  0%')
    expect(meter.line(progress({ ...total, entries: 500, bytes: 5_000_000 }), 1000)).toBe(
      'copying  500/1,000  5 MB/10 MB  5 MB/s  50%',
    )
    expect(meter.line(progress({ ...total, phase: 'finish', entries: 1000, bytes: 10_000_000 }), 2000)).toBe(
      'finishing  1,000/1,000  10 MB/10 MB  5 MB/s  100%',
    )
  })

  it('tells the rate of the last seconds, not of the whole run', () => {
    const meter = new ProgressMeter()
    for (let second = 0; second <= 10; second++) {
      meter.line(progress({ totalBytes: 1e9, bytes: Math.min(second, 5) * 1e6 }), second * 1000)
    }
    expect(meter.line(progress({ totalBytes: 1e9, bytes: 5e6 }), 11_000)).toContain('  0 B/s  ')
  })

  it('has a percentage that never goes back and never passes 100', () => {
    const meter = new ProgressMeter()
    const total = { totalEntries: 10, totalBytes: 1000 }
    const steps = [
      progress({ ...total, entries: 5, bytes: 500 }),
      progress({ ...total, entries: 4, bytes: 400 }),
      progress({ ...total, entries: 10, bytes: 5000 }),
      progress({ ...total, phase: 'delete', entries: 10, bytes: 5000 }),
    ]
    expect(steps.map((step, at) => percentOf(meter.line(step, at * 100)))).toEqual([50, 50, 100, 100])
  })

  it('goes on where there are no bytes to write', () => {
    const meter = new ProgressMeter()
    expect(percentOf(meter.line(progress({ phase: 'delete', entries: 3, totalEntries: 4 }), 0))).toBe(75)
    expect(percentOf(new ProgressMeter().line(progress({ phase: 'finish' }), 0))).toBe(0)
  })
})
