import type { AbortFlag } from './abort-flag.js'

/** A job is run in steps, between which it may be put aside. Its input and output are plain data. */
export type Job = (input: unknown) => Generator<void, unknown>

/** The jobs of one thread. */
export interface JobTable {
  readonly run: Readonly<Record<string, Job>>
  /** Lets go of what the jobs hold. */
  close(): void
  /** How long the job that was just put aside waits for something, in milliseconds. */
  readonly restMs?: () => number
}

/**
 * The steps of a job whose result nobody wants once the run is stopped: it ends between two of them, letting go of
 * what it opened, and fails.
 */
export function* untilStopped<T>(
  steps: Generator<void, T>,
  abort: Pick<AbortFlag, 'isRaised'>,
): Generator<void, T> {
  // Does the same as a loop over the steps, which would lose what they return.
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    if (abort.isRaised()) {
      steps.return(undefined as T)
      throw new Error('the run was stopped')
    }
    yield
  }
}
