import { expect, it } from 'vitest'
import { noColors } from '../../src/render/colors.js'
import { textRenderer } from '../../src/render/text.js'
import {
  change,
  date,
  outcome,
  plan,
  problem,
  progress,
  run,
  runEnd,
  watchState,
} from '../support/samples.js'

const text = textRenderer({
  reasons: false,
  colors: noColors,
  scope: { filtered: false, keepsExtraneous: false },
})

it('tells changes, the summary and the wait, and leaves problems to stderr', () => {
  expect(text.planned(change())).toBe('create    a.txt\n')
  expect(text.outcome(outcome())).toBe('create    a.txt\n')
  expect(text.end(runEnd())).toContain('The replica equals the source.\n')
  expect(text.watch(watchState())).toBe('Watching 1,234 directories.\n')
  expect(text.watch(watchState({ coverage: 'waiting', reason: 'gone' }))).toBe('')
  expect(text.wait(date)).toBe('Next run at 2026-01-31T12:00:00Z.\n')
  expect([
    text.start(run()),
    text.plan(plan([])),
    text.problem(problem()),
    text.progress(progress()),
  ]).toEqual(['', '', '', ''])
})
