import { describe, expect, it } from 'vitest'
import type { ExitCode } from '../../src/model/exit-code.js'
import { Pace } from '../../src/watch/pace.js'
import { Touched } from '../../src/watch/touched.js'

const settings = { reconcileMs: 600_000, debounceMs: 50, maxDelayMs: 1000 }
const nothing = new Touched()

function touchedFrom(first: number, last: number = first): Touched {
  const touched = new Touched()
  touched.add('a', first)
  touched.add('a', last)
  return touched
}

/** After a first run, from 0 to 100, that found all well. */
function begun(isDegraded = false): Pace {
  const pace = new Pace(settings, 0)
  pace.ended('all', 0, 0, 100, isDegraded)
  return pace
}

describe('what is due', () => {
  it('is all at the start, whatever was touched', () => {
    const pace = new Pace(settings, 5)
    expect(pace.next(nothing)).toEqual({ what: 'all', at: 5 })
    expect(pace.next(touchedFrom(1))).toEqual({ what: 'all', at: 5 })
  })

  it('is all again every so often', () => {
    expect(begun().next(nothing)).toEqual({ what: 'all', at: 600_100 })
  })

  it('is what was touched once nothing happens any more, or after the greatest delay', () => {
    expect(begun().next(touchedFrom(200))).toEqual({ what: 'touched', at: 250 })
    expect(begun().next(touchedFrom(200, 230))).toEqual({ what: 'touched', at: 280 })
    expect(begun().next(touchedFrom(200, 9000))).toEqual({ what: 'touched', at: 1200 })
  })

  it('is all where that is due no later', () => {
    expect(begun().next(touchedFrom(600_090))).toEqual({ what: 'all', at: 600_100 })
  })

  it('W05: is all after a burst, but not sooner than a whole run takes', () => {
    const touched = new Touched()
    touched.addAll(200)
    expect(begun().next(touched)).toEqual({ what: 'all', at: 300 })
    const slow = new Pace(settings, 0)
    slow.ended('all', 0, 0, 5000, false)
    const later = new Touched()
    later.addAll(6000)
    expect(slow.next(later)).toEqual({ what: 'all', at: 11_000 })
  })

  it('W02: is all every few seconds where not all is watched, and less often where that takes long', () => {
    expect(begun(true).next(nothing)).toEqual({ what: 'all', at: 2100 })
    const slow = new Pace(settings, 0)
    slow.ended('all', 0, 0, 5000, true)
    expect(slow.next(nothing)).toEqual({ what: 'all', at: 25_000 })
    const slower = new Pace(settings, 0)
    slower.ended('all', 0, 0, 500_000, true)
    expect(slower.next(nothing)).toEqual({ what: 'all', at: 1_100_000 })
  })
})

describe('W08: after a failure', () => {
  it('all is tried again: soon at first, then less and less often, a minute apart at most', () => {
    const pace = new Pace(settings, 0)
    const waits: number[] = []
    for (let now = 0, run = 0; run < 9; run++) {
      pace.ended('all', 26, now, now, false)
      const { at } = pace.next(nothing)
      waits.push(at - now)
      now = at
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  })

  it.each([1, 11, 25, 26, 27] as const)('of the whole (%i) nothing is mirrored piece by piece', exitCode => {
    const pace = begun()
    pace.ended('touched', exitCode, 200, 210, false)
    expect(pace.next(touchedFrom(220))).toEqual({ what: 'all', at: 1210 })
    pace.ended('all', 0, 1210, 1220, false)
    expect(pace.next(touchedFrom(1300))).toEqual({ what: 'touched', at: 1350 })
  })

  it.each([23, 24] as const)('of some entries (%i) the others go on', exitCode => {
    const pace = begun()
    pace.ended('touched', exitCode, 200, 210, false)
    expect(pace.next(nothing)).toEqual({ what: 'all', at: 1210 })
    expect(pace.next(touchedFrom(220))).toEqual({ what: 'touched', at: 270 })
  })

  it('runs of what is touched do not put off what it made due', () => {
    const pace = begun()
    pace.ended('touched', 23, 200, 210, false)
    for (const exitCode of [23, 0, 24] satisfies ExitCode[]) pace.ended('touched', exitCode, 300, 310, false)
    expect(pace.next(nothing)).toEqual({ what: 'all', at: 1210 })
  })

  it('a good one begins anew', () => {
    const pace = begun()
    for (let run = 0; run < 5; run++) pace.ended('all', 11, 0, 0, false)
    pace.ended('all', 0, 0, 100, false)
    pace.ended('all', 11, 200, 200, false)
    expect(pace.next(nothing)).toEqual({ what: 'all', at: 1200 })
  })

  it('is hurried when something is known to be another, and not by less', () => {
    const pace = begun()
    pace.ended('all', 26, 0, 1000, false)
    pace.hurry(1100)
    expect(pace.next(nothing).at).toBe(1100)
    pace.hurry(5000)
    expect(pace.next(nothing).at).toBe(1100)
  })
})
