import * as fs from 'node:fs'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { isSuccess, pastRuns } from '../../src/history/past-runs.js'
import { historyFile } from '../../src/state-folder.js'

const temporary = useTemporaryDirectory()
const line = (fields: object): string => JSON.stringify({ source: '/s', replica: '/r', ...fields })

it('are told by their last line, in order; what is no whole line is passed over', () => {
  expect(pastRuns(temporary.path)).toEqual([])
  const lines = [
    line({ run: 'b', start: '2026-01-02', pid: 1 }),
    line({ run: 'a', start: '2026-01-01', pid: 2 }),
    line({ run: 'b', start: '2026-01-02', end: 'x', exitCode: 0 }),
    '{"torn',
    'null',
    '[]',
    line({ run: 5, start: '2026-01-03' }),
    line({ run: 'c' }),
    '',
  ]
  fs.writeFileSync(historyFile(temporary.path), lines.join('\n'))
  expect(pastRuns(temporary.path)).toMatchObject([{ run: 'a' }, { run: 'b', end: 'x', exitCode: 0 }])
})

it('that cannot be read is said', () => {
  fs.mkdirSync(historyFile(temporary.path))
  expect(() => pastRuns(temporary.path)).toThrow(/cannot be read: it is a folder/)
})

it.each([
  [0, true],
  [24, true],
  [23, false],
  [undefined, false],
])('%j is a success: %j', (exitCode, is) => {
  const run = { run: 'a', source: '', replica: '', start: '' }
  expect(isSuccess(exitCode === undefined ? run : { ...run, exitCode })).toBe(is)
})
