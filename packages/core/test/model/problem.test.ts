import { expect, it } from 'vitest'
import type { ExitCode } from '../../src/model/exit-code.js'
import { problem, type ProblemCode } from '../../src/model/problem.js'

it.each<[code: ProblemCode, exitCode: ExitCode]>([
  ['source-unreadable', 23],
  ['source-changed', 24],
  ['replica-unreadable', 23],
  ['replica-failed', 23],
  ['replica-changed', 24],
  ['storage-failed', 11],
  ['withheld', 23],
  ['verify-failed', 28],
  ['rot', 23],
  ['notice', 0],
])('%s alone makes a run end with %i', (code, exitCode) => {
  expect(problem(code, 'replica', 'a/b', 'a sentence', 'EIO')).toEqual({
    code,
    side: 'replica',
    path: 'a/b',
    message: 'a sentence',
    errno: 'EIO',
    exitCode,
  })
  expect(problem(code, 'source', '', 'x').errno).toBeUndefined()
})
