/**
 * The line on which the points of a cadence lie.
 *
 * - Those of a cron expression lie on the calendar, wherever it jumps to.
 * - Those of a fixed grid lie on the time since the start. A clock that only goes forward stands still while the machine
 *   sleeps, and the calendar may be set. So the one is believed, but where the calendar has gone on for longer by more
 *   than a second: that was a sleep, or a clock that was put forward, which costs no more than one early run.
 */
import { type Cadence, checkCadence } from './cadence.js'
import { type ScheduleClock, systemClock } from './clock.js'

export interface Timeline {
  /** Before the first point. */
  readonly start: number
  readonly now: () => number
  /** The first point after this; undefined where there is none. */
  readonly after: (at: number) => number | undefined
  readonly dateOf: (at: number) => Date
}

/** @throws {SyncError} `invalid-options` */
export async function timelineOf(cadence: Cadence, clock: ScheduleClock): Promise<Timeline> {
  const checked = checkCadence(cadence)
  switch (checked.kind) {
    case 'every':
      return everyLine(checked.everyMs, clock)
    case 'cron': {
      // A fixed grid does without it.
      const { cronPoints } = await import('./cron-points.js')
      const now = (): number => clock.date().getTime()
      const start = now()
      const after = cronPoints(checked.cron, checked.timeZone, start)
      return { start, now, after, dateOf: at => new Date(at) }
    }
  }
}

const jumpMs = 1000

function everyLine(everyMs: number, clock: ScheduleClock): Timeline {
  let [steady, calendar, passed] = [clock.now(), clock.date().getTime(), 0]
  const now = (): number => {
    const [before, dateBefore] = [steady, calendar]
    steady = clock.now()
    calendar = clock.date().getTime()
    const [forward, onCalendar] = [steady - before, calendar - dateBefore]
    passed += onCalendar - forward > jumpMs ? onCalendar : forward
    return passed
  }
  return {
    start: -1,
    now,
    after: at => (Math.floor(at / everyMs) + 1) * everyMs,
    dateOf: at => new Date(Math.round(clock.date().getTime() + at - now())),
  }
}

/** The first point behind a moment; undefined where there is none any more. */
export async function pointAfter(cadence: Cadence, moment: Date): Promise<Date | undefined> {
  const line = await timelineOf(cadence, { ...systemClock, now: () => 0, date: () => moment })
  const at = line.after(line.now())
  return at === undefined ? undefined : line.dateOf(at)
}

/** The points behind `from` and up to `to`, counted no further than to `most`. */
export function pointsBetween(
  { after }: Timeline,
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
): { readonly count: number; readonly last: number | undefined } {
  let last: number | undefined
  let count = 0
  for (let at = after(from); at !== undefined && at <= to && count < most; at = after(at)) {
    last = at
    count += 1
  }
  return { count, last }
}
