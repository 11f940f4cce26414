import { describe, expect, it } from 'vitest'
import { errorCodeOf, SyncError, type SyncErrorCode } from '../../src/model/errors.js'
import type { ExitCode } from '../../src/model/exit-code.js'

describe('the error', () => {
  it('carries code, exit code, message and cause', () => {
    const cause = new Error('why')
    const error = new SyncError('locked', 27, 'a sentence', { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'SyncError',
      code: 'locked',
      exitCode: 27,
      message: 'a sentence',
      cause,
    })
    expect(error.report).toBeUndefined()
  })

  it('has no cause that was not given', () => {
    expect('cause' in new SyncError('internal', 1, 'x')).toBe(false)
    expect('cause' in new SyncError('internal', 1, 'x', { cause: undefined })).toBe(true)
  })
})

it.each<[exitCode: ExitCode, code: SyncErrorCode]>([
  [0, 'internal'],
  [1, 'internal'],
  [2, 'invalid-options'],
  [11, 'storage-failed'],
  [23, 'incomplete'],
  [24, 'source-changed'],
  [25, 'too-many-deletions'],
  [26, 'root-refused'],
  [27, 'locked'],
  [28, 'difference'],
  [129, 'aborted'],
  [130, 'aborted'],
  [143, 'aborted'],
])('%i is thrown as %s', (exitCode, code) => {
  expect(errorCodeOf(exitCode)).toBe(code)
})
