import { describe, expect, it } from 'vitest'
import type { OutcomeStatus } from '../../src/model/events.js'
import type { ExitCode } from '../../src/model/exit-code.js'
import type { Plan } from '../../src/model/plan.js'
import { problem, type ProblemCode } from '../../src/model/problem.js'
import { maxProblems, type Report, type Residual } from '../../src/model/report.js'
import { buildPlan } from '../../src/plan/build-plan.js'
import { Recorder, type RunFacts } from '../../src/run/recorder.js'
import { buildPairs, created, deleted, finish, type PairsLiteral, planFacts } from '../support/pairs.js'

const residual: Residual = { attribute: 'owner', count: 1, reason: 'not root', example: 'a' }

function plan(literal: PairsLiteral, residuals: readonly Residual[] = [], hasHoles = false): Plan {
  const { pairs, root } = buildPairs(literal)
  const settings = { delete: true, allowEmptySource: true, allowNewSource: false, maxDelete: undefined }
  const facts = { source: '/s', replica: '/r', unchanged: 5, problems: [], residuals, settings, hasHoles }
  return finish(buildPlan({ pairs, root, ...planFacts, ...facts }))
}

type Step = (recorder: Recorder) => void

function report(steps: readonly Step[], facts: Partial<RunFacts> = {}): Report {
  const recorder = new Recorder({ source: '/s', replica: '/r', dryRun: false, strict: false, ...facts })
  for (const step of steps) step(recorder)
  return recorder.report()
}

const planned = (literal: PairsLiteral, residuals: readonly Residual[] = [], hasHoles = false): Step => {
  return recorder => recorder.planned(plan(literal, residuals, hasHoles))
}
const settled = (row: number, status: OutcomeStatus, bytes = 0): Step => {
  return recorder => recorder.settled(row, status, bytes)
}
const problems = (...codes: readonly ProblemCode[]): Step => {
  return recorder => {
    for (const code of codes) recorder.problem(problem(code, 'source', 'x', code))
  }
}

describe('a run ends with', () => {
  const nothing = planned({})
  const one = planned({ a: created({ size: 3 }) })
  type Row = [
    what: string,
    steps: readonly Step[],
    facts: Partial<RunFacts>,
    exitCode: ExitCode,
    exact: boolean,
  ]
  it.each<Row>([
    ['nothing planned', [], {}, 0, false],
    ['nothing to do', [nothing], {}, 0, true],
    ['all done', [one, settled(1, 'done', 3)], {}, 0, true],
    ['something left undone', [one], {}, 0, false],
    ['something vetoed', [one, settled(1, 'skipped')], {}, 0, false],
    ['something failed', [one, settled(1, 'failed'), problems('replica-failed')], {}, 23, false],
    ['something unstable', [one, settled(1, 'failed'), problems('source-changed')], {}, 24, false],
    ['something withheld while it went on', [one, settled(1, 'withheld')], {}, 23, false],
    ['something withheld in the plan', [planned({ a: deleted() }, [], true)], {}, 23, false],
    ['a notice', [nothing, problems('notice')], {}, 0, true],
    ['the worst of several problems', [nothing, problems('source-changed', 'verify-failed')], {}, 28, false],
    ['a storage failure', [nothing, problems('replica-failed', 'storage-failed')], {}, 11, false],
    ['a residual', [planned({}, [residual])], {}, 0, false],
    ['a residual, strictly', [planned({}, [residual])], { strict: true }, 23, false],
    ['no residual, strictly', [nothing], { strict: true }, 0, true],
    ['a dry run of nothing', [nothing], { dryRun: true }, 0, true],
    ['a dry run of something', [one], { dryRun: true }, 0, false],
    ['a code of its own', [nothing, recorder => recorder.end(130)], {}, 130, false],
    ['the worse of two', [problems('source-unreadable'), recorder => recorder.end(24)], {}, 23, false],
  ])('%s', (_, steps, facts, exitCode, exact) => {
    expect(report(steps, facts)).toMatchObject({ exitCode, exact, dryRun: facts.dryRun ?? false })
  })
})

describe('the report', () => {
  it('counts by action and by what became of it', () => {
    const literal = { a: created({ size: 3 }), b: created({ size: 4 }), c: deleted(), d: deleted() }
    const steps = [settled(1, 'done', 3), settled(2, 'failed'), settled(3, 'done'), settled(4, 'withheld')]
    const { changes, bytes, unchanged } = report([planned(literal), ...steps, settled(99, 'done', 7)])
    const none = { planned: 0, done: 0, failed: 0, skipped: 0, withheld: 0 }
    expect(changes).toEqual({
      create: { ...none, planned: 2, done: 1, failed: 1 },
      update: none,
      metadata: none,
      replace: none,
      rename: none,
      link: none,
      delete: { ...none, planned: 2, done: 1, withheld: 1 },
    })
    expect([bytes, unchanged]).toEqual([3, 6])
  })

  it('keeps so many problems, and counts the rest with what they end in', () => {
    const many = Array.from(
      { length: maxProblems + 7 },
      (_, index): ProblemCode => (index === maxProblems + 3 ? 'storage-failed' : 'notice'),
    )
    const { problems: kept, moreProblems, exitCode } = report([problems(...many)])
    expect([kept.length, moreProblems, exitCode]).toEqual([maxProblems, 7, 11])
  })

  it('is plain data, with roots, ways and times', () => {
    const found = report([recorder => recorder.held('proc'), planned({}, [residual])])
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
    expect(found).toMatchObject({
      source: '/s',
      replica: '/r',
      held: { source: 'proc', replica: 'proc' },
      residuals: [residual],
      problems: [],
      moreProblems: 0,
    })
    expect(new Date(found.startedAt).toISOString()).toBe(found.startedAt)
    expect(Number.isSafeInteger(found.durationMs) && found.durationMs >= 0).toBe(true)
  })
})
