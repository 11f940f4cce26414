import { describe, expect, it } from 'vitest'
import { renderSummary } from '../../src/render/summary.js'
import { changeCounts, counts, report, run, runEnd } from '../support/samples.js'

const everything = { filtered: false, keepsExtraneous: false }

const done = changeCounts({
  create: counts({ planned: 1200, done: 1200 }),
  metadata: counts({ planned: 1, done: 1 }),
  delete: counts({ planned: 2, done: 2 }),
})

const undone = changeCounts({
  update: counts({ planned: 3, done: 1, failed: 2 }),
  create: counts({ planned: 1, skipped: 1 }),
  delete: counts({ planned: 5, failed: 1, withheld: 4 }),
})

function last(end: Parameters<typeof runEnd>[0], scope = everything): string | undefined {
  return renderSummary(runEnd(end), scope).split('\n').at(-2)
}

describe('a run', () => {
  it('that did everything', () => {
    expect(
      renderSummary(
        runEnd({ report: report({ changes: done, bytes: 1_500_000, durationMs: 1234 }) }),
        everything,
      ),
    ).toBe(
      'Created 1,200, repaired metadata of 1, deleted 2; 3 unchanged.\n' +
        'Wrote 1.5 MB in 1.2s.\n' +
        'The replica equals the source.\n',
    )
  })

  it('that found nothing to do', () => {
    expect(renderSummary(runEnd(), everything)).toBe(
      'Nothing changed; 3 unchanged.\nWrote 0 B in 12ms.\nThe replica equals the source.\n',
    )
  })

  it('that looked at what was touched', () => {
    const nothing = { ...report(), scope: 'touched' } as const
    expect(renderSummary(runEnd({ report: nothing }), everything)).toBe('')
    expect(last({ report: { ...nothing, scope: 'all' } })).toBe('The replica equals the source.')
    expect(last({ report: { ...nothing, changes: done } })).toBe('What was touched is as in the source.')
    expect(last({ exitCode: 23, report: { ...nothing, exitCode: 23 } })).toBe(
      'The replica does not equal the source.',
    )
  })

  it('names what was not done', () => {
    const failed = report({ changes: undone, exitCode: 23, exact: false, moreProblems: 2 })
    expect(renderSummary(runEnd({ exitCode: 23, report: failed }), everything)).toBe(
      'Updated 1; 3 unchanged.\n' +
        'Wrote 0 B in 12ms.\n' +
        'Failed: 3 (update 2, delete 1).\n' +
        'Skipped: 1 (create 1).\n' +
        'Withheld: 4 (delete 4).\n' +
        'There are 2 more problems.\n' +
        'The replica does not equal the source.\n',
    )
  })

  it('names what it did not come to', () => {
    const changes = changeCounts({
      create: counts({ planned: 60, done: 6, failed: 1 }),
      delete: counts({ planned: 5, skipped: 1, withheld: 1 }),
    })
    for (const exitCode of [11, 130] as const) {
      const stopped = report({ changes, exitCode, exact: false })
      expect(renderSummary(runEnd({ exitCode, report: stopped }), everything)).toBe(
        'Created 6; 3 unchanged.\n' +
          'Wrote 0 B in 12ms.\n' +
          'Failed: 1 (create 1).\n' +
          'Skipped: 1 (delete 1).\n' +
          'Withheld: 1 (delete 1).\n' +
          'Not reached: 56 (create 53, delete 3).\n' +
          'The replica does not equal the source.\n',
      )
    }
  })

  it('names what could not be held', () => {
    const residuals = [
      { attribute: 'owner', count: 12, reason: 'not permitted', example: 'a\n/b' },
      { attribute: 'races', count: undefined, reason: 'paths are used', example: undefined },
    ] as const
    const text = renderSummary(runEnd({ report: report({ residuals, exact: false }) }), everything)
    expect(text).toContain('Not held: owner of 12 entries, such as a\\n/b (not permitted).\n')
    expect(text).toContain('Not held: races (paths are used).\n')
    expect(text).toMatch(/The replica equals the source, except for what could not be held\.\n$/)
  })

  it('that was refused says nothing', () => {
    const failures = [{ code: 'locked', exitCode: 27, message: 'no' }] as const
    expect(renderSummary(runEnd({ exitCode: 27, failures }), everything)).toBe('')
  })

  it('that never began says nothing', () => {
    expect(renderSummary(runEnd({ report: undefined, exitCode: 26 }), everything)).toBe('')
  })
})

describe('the last line', () => {
  it('claims no more than the options ask for', () => {
    expect(last({}, { filtered: true, keepsExtraneous: false })).toBe(
      'The replica equals the source, as far as the filters take it.',
    )
    expect(last({}, { filtered: false, keepsExtraneous: true })).toBe(
      'The replica holds what the source holds.',
    )
  })

  it('asks for another run when the source changed', () => {
    expect(last({ exitCode: 24, report: report({ exitCode: 24, exact: false }) })).toMatch(/; run again\.$/)
  })

  it('says no when something was left undone, whatever the exit code', () => {
    for (const status of ['failed', 'skipped', 'withheld'] as const) {
      const changes = changeCounts({ update: counts({ planned: 1, [status]: 1 }) })
      expect(last({ report: report({ changes, exact: false }) })).toBe(
        'The replica does not equal the source.',
      )
    }
    expect(last({ exitCode: 130, report: report({ exitCode: 130, exact: false }) })).toBe(
      'The replica does not equal the source.',
    )
  })

  it('is not touched by a log that failed', () => {
    expect(last({ exitCode: 23 })).toBe('The replica equals the source.')
  })
})

describe('a preview', () => {
  const planned = changeCounts({
    create: counts({ planned: 2 }),
    delete: counts({ planned: 3, withheld: 1 }),
  })

  it('as a dry run says what would be done', () => {
    const dry = {
      run: run({ dryRun: true }),
      report: report({ changes: planned, dryRun: true, exact: false }),
    }
    expect(renderSummary(runEnd(dry), everything)).toBe(
      'Would create 2, delete 2; 3 unchanged.\n' +
        'Compared in 12ms.\n' +
        'Withheld: 1 (delete 1).\n' +
        'The replica does not equal the source yet; nothing was changed, for this was a dry run.\n',
    )
  })

  it('as a check says whether they are equal', () => {
    const check = run({ command: 'check' })
    const differs = {
      run: check,
      exitCode: 28,
      report: report({ changes: planned, exitCode: 28, exact: false }),
    } as const
    expect(renderSummary(runEnd(differs), everything)).toMatch(/The replica does not equal the source\.\n$/)
    expect(renderSummary(runEnd({ run: check }), everything)).toBe(
      'Would change nothing; 3 unchanged.\nCompared in 12ms.\nThe replica equals the source.\n',
    )
  })
})
