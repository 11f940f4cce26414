import { SyncError, type SyncErrorCode } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { endOf } from '../src/ended.js'
import { UsageError } from '../src/usage-error.js'
import { problem, report } from './support/samples.js'

describe('endOf', () => {
  it.each<[SyncErrorCode, 23 | 24 | 28]>([
    ['incomplete', 23],
    ['source-changed', 24],
    ['difference', 28],
  ])('says nothing more of %s, which the summary says', (code, exitCode) => {
    const given = report({ exitCode })
    expect(endOf(new SyncError(code, exitCode, 'x', { report: given }), undefined)).toEqual({
      exitCode,
      report: given,
      failures: [],
    })
  })

  it('says a refusal once', () => {
    const refused = new SyncError('root-refused', 26, 'no', { report: report({ exitCode: 26 }) })
    expect(endOf(refused, undefined).failures).toEqual([
      { code: 'root-refused', exitCode: 26, message: 'no' },
    ])
    const told = report({ exitCode: 26, problems: [problem({ message: 'no' })] })
    expect(endOf(new SyncError('root-refused', 26, 'no', { report: told }), undefined).failures).toEqual([])
  })

  it('says a failed storage once', () => {
    const full = problem({ code: 'storage-failed', exitCode: 11 })
    const error = (problems = [full]) =>
      new SyncError('storage-failed', 11, 'x', { report: report({ problems }) })
    expect(endOf(error(), undefined).failures).toEqual([])
    expect(endOf(error([]), undefined).failures).toHaveLength(1)
  })

  it('names the signal that stopped it', () => {
    const { failures, exitCode } = endOf(new SyncError('aborted', 130, 'aborted'), 'SIGTERM')
    expect(exitCode).toBe(130)
    expect(failures[0]?.message).toMatch(/^stopped by SIGTERM; nothing is torn/)
  })

  it('passes on an error of usage that came up within the run', () => {
    expect(endOf(new UsageError('no'), undefined)).toMatchObject({
      exitCode: 2,
      failures: [{ code: 'usage', message: 'no' }],
    })
  })

  it('asks for a report of anything else, with where it happened', () => {
    for (const error of [
      new TypeError('oh'),
      new SyncError('internal', 1, 'x', { cause: new TypeError('oh') }),
    ]) {
      const { exitCode, failures } = endOf(error, undefined)
      expect(exitCode).toBe(1)
      expect(failures[0]?.message).toMatch(
        /^internal error, please report it: TypeError: oh \/ at .*ended\.test/,
      )
    }
    expect(endOf('thrown', undefined).failures[0]?.message).toBe('internal error, please report it: thrown')
  })
})
