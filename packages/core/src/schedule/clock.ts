/** Time as a series needs it, so that tests can give it another one. */
export interface ScheduleClock {
  /** Milliseconds since some moment; goes forward only, and may stand still while the machine sleeps. */
  readonly now: () => number
  /** The time of the calendar, which may jump. */
  readonly date: () => Date
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: ScheduleClock = {
  now: () => performance.now(),
  date: () => new Date(),
  wait: (ms, signal) =>
    new Promise(resolve => {
      if (signal.aborted) return resolve()
      const finish = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      signal.addEventListener('abort', finish)
    }),
}
