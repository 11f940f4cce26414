import { expect, it } from 'vitest'
import { failedText, missedText } from '../../src/render/series-text.js'
import { date } from '../support/samples.js'

it('says how many runs failed, and when the next try is', () => {
  expect(failedText(date, 1)).toBe('the run failed; the next try is at 2026-01-31T12:00:00Z')
  expect(failedText(date, 3)).toBe('3 runs in a row failed; the next try is at 2026-01-31T12:00:00Z')
})

it('says how many runs are made up for', () => {
  const why = 'while the last one was at work or the machine asleep'
  expect(missedText(1)).toBe(`1 run was missed, ${why}; this one makes up for it`)
  expect(missedText(2)).toBe(`2 runs were missed, ${why}; this one makes up for them`)
})
