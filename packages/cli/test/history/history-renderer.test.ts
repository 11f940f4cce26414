import { describe, expect, it } from 'vitest'
import { historyRenderer } from '../../src/history/history-renderer.js'
import {
  change,
  changeCounts,
  counts,
  date,
  outcome,
  problem,
  report,
  run,
  runEnd,
} from '../support/samples.js'

const plain = { job: undefined, log: undefined, isWatch: false }
const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>

describe('a run', () => {
  it('leaves a line when it begins, and one with all of it when it ends', () => {
    const log = { path: '/log', position: () => 72 }
    const renderer = historyRenderer({ job: 'nightly', log, isWatch: false })
    const start = parse(renderer.start(run({ source: '/s', replica: '/r\n' })))
    const begun = {
      v: 1,
      run: start['run'],
      start: date.toISOString(),
      command: 'sync',
      source: '/s',
      replica: '/r\n',
      job: 'nightly',
      log: { path: '/log', at: 72 },
    }
    expect(start).toEqual({ type: 'start', ...begun, pid: process.pid })
    const changes = changeCounts({
      create: counts({ planned: 3, done: 2, failed: 1 }),
      delete: counts({ planned: 1 }),
    })
    const ended = report({
      changes,
      bytes: 5,
      exact: false,
      exitCode: 23,
      problems: [problem({ message: 'a\nb' })],
      moreProblems: 2,
    })
    expect(parse(renderer.end(runEnd({ exitCode: 23, report: ended })))).toEqual({
      type: 'end',
      ...begun,
      end: date.toISOString(),
      exitCode: 23,
      exact: false,
      changes: { create: 2 },
      bytes: 5,
      problems: 3,
      problem: 'a\\nb',
    })
  })

  it('that never began says why', () => {
    const renderer = historyRenderer(plain)
    renderer.start(run())
    const failures = [{ code: 'locked', exitCode: 27, message: 'busy' }] as const
    expect(parse(renderer.end(runEnd({ exitCode: 27, report: undefined, failures })))).toMatchObject({
      exitCode: 27,
      problems: 1,
      problem: 'busy',
    })
  })

  it('that changes nothing leaves none', () => {
    const renderer = historyRenderer(plain)
    for (const preview of [run({ dryRun: true }), run({ command: 'check' }), run({ command: 'plan' })])
      expect([renderer.start(preview), renderer.end(runEnd({ run: preview }))]).toEqual(['', ''])
    expect(renderer.outcome(outcome())).toBe('')
    expect(renderer.planned(change())).toBe('')
  })

  it('of each of several replicas is one of its own', () => {
    const renderer = historyRenderer(plain)
    const [one, two] = [renderer.about?.('/a'), renderer.about?.('/b')]
    const ids = [one, two].map(each => parse(each?.start(run()) ?? '')['run'])
    expect(new Set(ids).size).toBe(2)
    expect(parse(one?.end(runEnd()) ?? '')['run']).toBe(ids[0])
  })
})

it('of a watch those are kept that looked at all, or failed', () => {
  const renderer = historyRenderer({ ...plain, isWatch: true })
  expect(renderer.start(run())).toBe('')
  const kept = (scope: 'all' | 'touched', exitCode: 0 | 23): boolean =>
    renderer.end(runEnd({ exitCode, report: { ...report({ exitCode }), scope } })) !== ''
  expect([kept('all', 0), kept('touched', 0), kept('touched', 23)]).toEqual([true, false, true])
})
