import { expect, it } from 'vitest'
import { noColors } from '../../src/render/colors.js'
import { lostOutputRenderer, problemRenderer } from '../../src/render/problems.js'
import { date, problem, runEnd, watchState } from '../support/samples.js'

const all = problemRenderer({ notices: true, colors: noColors })
const quiet = problemRenderer({ notices: false, colors: noColors })

it('says what went wrong, one line each', () => {
  expect(all.problem(problem({ message: 'a \u001b b\nc' }))).toBe('facsimile: a \\x1b b\\nc\n')
  expect(quiet.problem(problem({ message: 'a' }))).toBe('facsimile: a\n')
})

it('says notices unless it is to be quiet', () => {
  const notice = problem({ code: 'notice', message: 'the log is left out', exitCode: 0 })
  expect(all.problem(notice)).toBe('facsimile: the log is left out\n')
  expect(quiet.problem(notice)).toBe('')
})

it('says why the run did not go on', () => {
  const failures = [
    { code: 'root-refused', exitCode: 26, message: 'no' },
    { code: 'log-failed', exitCode: 23, message: 'full' },
  ] as const
  expect(quiet.end(runEnd({ failures }))).toBe('facsimile: no\nfacsimile: full\n')
})

it('says only that stdout failed where everything else is said on stdout', () => {
  const failures = [
    { code: 'locked', exitCode: 27, message: 'no' },
    { code: 'output-failed', exitCode: 23, message: 'full' },
  ] as const
  expect(lostOutputRenderer.end(runEnd({ failures }))).toBe('facsimile: full\n')
  expect(lostOutputRenderer.problem(problem())).toBe('')
})

it('marks its lines by colour', () => {
  const painted = problemRenderer({ notices: true, colors: { trouble: text => `<${text}>` } })
  expect(painted.problem(problem({ message: 'a' }))).toBe('<facsimile:> a\n')
})

it('says that a series backs off, and what it made up for', () => {
  expect(quiet.wait(date)).toBe('')
  expect(quiet.wait(date, 1)).toBe('facsimile: the run failed; the next try is at 2026-01-31T12:00:00Z\n')
  expect(all.missed(1)).toMatch(/^facsimile: 1 run was missed/)
  expect(quiet.missed(1)).toBe('')
})

it('says why a watch cannot be relied on', () => {
  expect(quiet.watch(watchState({ coverage: 'degraded', reason: 'a\nb' }))).toBe('facsimile: a\\nb\n')
  expect(all.watch(watchState())).toBe('')
})
