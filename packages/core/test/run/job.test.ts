import { expect, it } from 'vitest'
import { untilStopped } from '../../src/run/job.js'

function* steps(told: string[]): Generator<void, string> {
  try {
    for (let step = 1; step <= 3; step++) {
      told.push(`step ${step}`)
      yield
    }
    return 'result'
  } finally {
    told.push('let go')
  }
}

function runAll<T>(job: Generator<void, T>): T {
  for (let step = job.next(); ; step = job.next()) if (step.done === true) return step.value
}

it('runs to its end when nobody stops the run', () => {
  const told: string[] = []
  expect(runAll(untilStopped(steps(told), { isRaised: () => false }))).toBe('result')
  expect(told).toEqual(['step 1', 'step 2', 'step 3', 'let go'])
})

it('K07: ends between two steps when the run is stopped, and lets go of what it opened', () => {
  const told: string[] = []
  const job = untilStopped(steps(told), { isRaised: () => told.length === 2 })
  expect(() => runAll(job)).toThrow('the run was stopped')
  expect(told).toEqual(['step 1', 'step 2', 'let go'])
})
