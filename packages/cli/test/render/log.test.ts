import * as path from 'node:path'
import { escapeName } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { logRenderer } from '../../src/render/log.js'
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
  watchState,
} from '../support/samples.js'

const log = logRenderer(() => date, undefined)
const stamp = '2026-01-31T12:00:00.000Z'

describe('the log', () => {
  it('says when a run begins, of what, and of what kind', () => {
    expect(log.start(run({ source: 'a\nb' }))).toBe(`${stamp} start     sync a\\nb to r\n`)
    expect(log.start(run({ dryRun: true }))).toBe(`${stamp} start     sync (dry run) s to r\n`)
    expect(log.start(run({ command: 'check' }))).toBe(`${stamp} start     check s to r\n`)
  })

  it('names the roots by absolute paths, where it knows what they are below', () => {
    const here = logRenderer(() => date, path.resolve('/home'))
    const [source, replica] = [path.resolve('/home/a'), path.resolve('/b')]
    expect(here.start(run({ source: './a/', replica }))).toBe(
      `${stamp} start     sync ${escapeName(source)} to ${escapeName(replica)}\n`,
    )
  })

  it('has a line for each entry that was changed or failed', () => {
    expect(log.outcome(outcome({}, { action: 'delete', path: 'old', kind: 'directory' }))).toBe(
      `${stamp} delete    old/\n`,
    )
    expect(log.outcome(outcome({ status: 'failed', problem: problem() }))).toBe(
      `${stamp} failed    create a.txt\n`,
    )
    expect(log.outcome(outcome({ status: 'skipped' }))).toBe('')
    expect(log.outcome(outcome({ status: 'withheld' }))).toBe('')
  })

  it('O02: cannot be made to hold a line that is not its own', () => {
    const forged = `x\n${stamp} delete    everything`
    expect(log.outcome(outcome({}, { path: forged })).split('\n')).toHaveLength(2)
    expect(log.problem(problem({ message: forged })).split('\n')).toHaveLength(2)
    expect(log.start(run({ replica: forged })).split('\n')).toHaveLength(2)
  })

  it('has a line for each problem', () => {
    expect(log.problem(problem({ message: 'no' }))).toBe(`${stamp} problem   no\n`)
    expect(log.problem(problem({ code: 'notice', message: 'so' }))).toBe(`${stamp} notice    so\n`)
  })

  it('says how far a watch can be relied on', () => {
    expect(log.watch(watchState())).toBe(`${stamp} notice    watch: live\n`)
    expect(log.watch(watchState({ coverage: 'waiting', reason: 'gone' }))).toBe(
      `${stamp} notice    watch: waiting; gone\n`,
    )
  })

  it('shows no entries of a dry run', () => {
    expect(log.planned(change())).toBe('')
  })

  it('ends each run with its exit code and figures', () => {
    const changes = changeCounts({
      create: counts({ planned: 3, done: 2, failed: 1 }),
      delete: counts({ planned: 2, withheld: 2 }),
    })
    const stopped = changeCounts({ create: counts({ planned: 60, done: 6, failed: 1 }) })
    expect(log.end(runEnd({ exitCode: 130, report: report({ changes: stopped }) }))).toBe(
      `${stamp} end       exit 130; create 6, failed 1, not reached 53; 0 bytes, 12 ms\n`,
    )
    const failures = [{ code: 'storage-failed', exitCode: 11, message: 'full' }] as const
    expect(log.end(runEnd({ exitCode: 11, report: report({ changes, bytes: 5 }), failures }))).toBe(
      `${stamp} problem   full\n${stamp} end       exit 11; create 2, delete 0, failed 1, withheld 2; 5 bytes, 12 ms\n`,
    )
    expect(log.end(runEnd())).toBe(`${stamp} end       exit 0; nothing to do; 0 bytes, 12 ms\n`)
    expect(log.end(runEnd({ run: run({ dryRun: true }), report: report({ changes }) }))).toBe(
      `${stamp} end       exit 0, sync (dry run); create 3, delete 2, failed 1, withheld 2; 0 bytes, 12 ms\n`,
    )
    expect(log.end(runEnd({ exitCode: 1, report: undefined }))).toBe(`${stamp} end       exit 1\n`)
  })

  it.each([
    ['root-refused', 26],
    ['too-many-deletions', 25],
    ['locked', 27],
    ['invalid-options', 2],
  ] as const)('says of %s that the run was refused, whatever was planned', (code, exitCode) => {
    const failures = [{ code, exitCode, message: 'no' }]
    const planned = report({ exitCode, changes: changeCounts({ delete: counts({ planned: 2 }) }) })
    for (const each of [undefined, report({ exitCode }), planned]) {
      expect(log.end(runEnd({ exitCode, failures, report: each }))).toBe(
        `${stamp} problem   no\n${stamp} end       exit ${exitCode}; refused\n`,
      )
    }
    expect(log.end(runEnd({ exitCode, failures, run: run({ dryRun: true }) }))).toContain(
      `exit ${exitCode}, sync (dry run); refused\n`,
    )
  })
})

it('says that a series backs off, and what it made up for; of a wait like any other nothing', () => {
  expect(log.wait(date)).toBe('')
  expect(log.wait(date, 2)).toBe(
    `${stamp} notice    2 runs in a row failed; the next try is at 2026-01-31T12:00:00Z\n`,
  )
  expect(log.missed(3)).toMatch(/^\S+ notice    3 runs were missed, /)
})
