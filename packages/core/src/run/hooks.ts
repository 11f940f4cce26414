/**
 * The caller's functions, called so that none can break the run: one that throws or rejects stops it cleanly,
 * and its error is what the run rejects with.
 */
import type { Change } from '../model/change.js'
import type { Outcome, Progress, SyncEvents } from '../model/events.js'
import type { Plan } from '../model/plan.js'
import type { Problem } from '../model/problem.js'
import { Patience } from './patience.js'

export class Hooks {
  /** What the first failing function threw. */
  failure: { readonly error: unknown } | undefined
  private readonly on: SyncEvents
  private readonly stop: () => void
  private readonly patience: Patience

  /** `stop` is called when a function fails; once `signal` aborts, none is waited for much longer. */
  constructor(on: SyncEvents, stop: () => void, signal: AbortSignal) {
    this.on = on
    this.stop = stop
    this.patience = new Patience(signal)
  }

  async plan(plan: Plan): Promise<void> {
    await this.settle(() => this.on.plan?.(plan))
  }

  /** Undefined when nobody asks to be asked. */
  get mayChange(): ((change: Change) => Promise<boolean>) | undefined {
    const { change: asked } = this.on
    if (asked === undefined) return undefined
    return async change => (await this.settle(() => asked(change))) !== false
  }

  /** Undefined when nobody listens. */
  get outcome(): ((outcome: Outcome) => Promise<void>) | undefined {
    const { outcome: told } = this.on
    if (told === undefined) return undefined
    return async outcome => {
      await this.settle(() => told(outcome))
    }
  }

  /** Undefined when nobody listens. */
  get progress(): ((progress: Progress) => void) | undefined {
    const { progress: told } = this.on
    return told === undefined ? undefined : progress => this.guard(() => told(progress))
  }

  problem(problem: Problem): void {
    this.guard(() => this.on.problem?.(problem))
  }

  /** Runs one of the caller's functions that is not waited for, such as a filter. */
  guard<T>(call: () => T): T | undefined {
    // After a failure nothing more is told: the caller has asked for the end.
    if (this.failure !== undefined) return undefined
    try {
      return call()
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** Runs one of the caller's functions that may take its time. */
  async settle<T>(call: () => T | Promise<T>): Promise<T | undefined> {
    if (this.failure !== undefined) return undefined
    try {
      const answer = call()
      return await (answer instanceof Promise ? this.patience.waitFor(answer) : answer)
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  private fail(error: unknown): void {
    this.failure ??= { error }
    this.stop()
  }
}
