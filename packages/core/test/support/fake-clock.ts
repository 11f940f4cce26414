/** Clocks that are moved by hand: one that only goes forward, and the calendar. */
import type { ScheduleClock } from '../../src/schedule/clock.js'

export class FakeClock implements ScheduleClock {
  private steady = 0
  private calendar: number
  readonly waits: number[] = []
  /** Called at each wait, before time goes on. */
  onWait: (ms: number) => void = () => {}

  constructor(date: string = '2026-11-24T12:00:00Z') {
    this.calendar = Date.parse(date)
  }

  readonly now = (): number => this.steady

  readonly date = (): Date => new Date(this.calendar)

  /** Both go on. */
  advance(ms: number): void {
    this.steady += ms
    this.calendar += ms
  }

  /** The machine sleeps, or the calendar is set: only that goes on, or back. */
  jump(ms: number): void {
    this.calendar += ms
  }

  readonly wait = (ms: number, signal: AbortSignal): Promise<void> => {
    this.waits.push(ms)
    this.onWait(ms)
    if (!signal.aborted) this.advance(ms)
    return Promise.resolve()
  }

  get time(): string {
    return this.date().toISOString().slice(11, 23)
  }
}
