import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.js'
import type { Outcome, Progress, SyncEvents } from '../../src/model/events.js'
import type { Plan } from '../../src/model/plan.js'
import { problem } from '../../src/model/problem.js'
import { Hooks } from '../../src/run/hooks.js'

const change = { path: 'a' } as Change
const outcome = { status: 'done' } as Outcome
const progress = { phase: 'copy' } as Progress
const plan = {} as Plan
const seen = problem('notice', 'source', 'a', 'seen')

function hooksOf(on: SyncEvents): { readonly hooks: Hooks; readonly stops: () => number } {
  let stops = 0
  const { signal } = new AbortController()
  return { hooks: new Hooks(on, () => (stops += 1), signal), stops: () => stops }
}

/** Each of the caller's functions, called as the run does. */
const calls: readonly [name: keyof SyncEvents, call: (hooks: Hooks) => unknown, argument: unknown][] = [
  ['plan', async hooks => await hooks.plan(plan), plan],
  ['change', async hooks => await hooks.mayChange?.(change), change],
  ['outcome', async hooks => await hooks.outcome?.(outcome), outcome],
  ['progress', hooks => hooks.progress?.(progress), progress],
  ['problem', hooks => hooks.problem(seen), seen],
]

describe.each(calls)('%s', (name, call, argument) => {
  it('is told', async () => {
    const told: unknown[] = []
    const { hooks, stops } = hooksOf({ [name]: (given: unknown) => void told.push(given) })
    await call(hooks)
    expect([told, stops(), hooks.failure]).toEqual([[argument], 0, undefined])
  })

  it('may be wanted by nobody', async () => {
    const { hooks, stops } = hooksOf({})
    await call(hooks)
    expect([stops(), hooks.failure]).toEqual([0, undefined])
  })

  it('that throws stops the run, and its error is kept', async () => {
    const error = new Error('mine')
    const { hooks, stops } = hooksOf({
      [name]: () => {
        throw error
      },
    })
    await call(hooks)
    expect([stops(), hooks.failure]).toEqual([1, { error }])
  })
})

describe('that rejects', () => {
  it.each(calls.slice(0, 3))('%s stops the run, too', async (name, call) => {
    const { hooks, stops } = hooksOf({ [name]: () => Promise.reject(undefined) })
    await call(hooks)
    expect([stops(), hooks.failure]).toEqual([1, { error: undefined }])
  })
})

describe('a change', () => {
  it.each<[answer: unknown, may: boolean]>([
    [false, false],
    [Promise.resolve(false), false],
    [true, true],
    [undefined, true],
    [null, true],
    [0, true],
    [Promise.resolve(undefined), true],
  ])('is vetoed by false alone: %s', async (answer, may) => {
    const { hooks } = hooksOf({ change: () => answer as boolean })
    expect(await hooks.mayChange?.(change)).toBe(may)
  })

  it('is not vetoed by a function that fails: the run is stopped', async () => {
    const { hooks } = hooksOf({ change: () => Promise.reject(new Error('mine')) })
    expect(await hooks.mayChange?.(change)).toBe(true)
  })

  it('is asked about only where somebody asks to be asked', () => {
    const { hooks } = hooksOf({})
    expect([hooks.mayChange, hooks.outcome, hooks.progress]).toEqual([undefined, undefined, undefined])
  })
})

describe('after a failure', () => {
  it.each(calls)('of %s nothing more is told, and the first error stays', async (name, call) => {
    const told: string[] = []
    const note = (which: string) => (): void => void told.push(which)
    const all = Object.fromEntries(calls.map(([each]) => [each, note(each)]))
    const first = new Error('first')
    const { hooks, stops } = hooksOf({
      ...all,
      [name]: () => {
        note(name)()
        throw first
      },
    })
    await call(hooks)
    for (const [, again] of calls) await again(hooks)
    expect(hooks.guard(() => told.push('filter'))).toBeUndefined()
    expect([told, hooks.failure, stops()]).toEqual([[name], { error: first }, 1])
  })
})

describe('a function that is no event', () => {
  it('is guarded', () => {
    const { hooks, stops } = hooksOf({})
    expect(hooks.guard(() => 5)).toBe(5)
    const error = new Error('mine')
    const failing = hooks.guard(() => {
      throw error
    })
    expect([failing, stops(), hooks.failure]).toEqual([undefined, 1, { error }])
  })
})
