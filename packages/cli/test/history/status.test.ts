import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { addJob, jobsFolder } from '../../src/jobs/job-files.js'
import { historyFile, stateFolderOf } from '../../src/state-folder.js'
import { call } from '../support/fake-core.js'
import { fakeIo, type FakeIo } from '../support/fake-io.js'
import { job } from '../support/jobs.js'

const temporary = useTemporaryDirectory()
const at = (name: string): string => path.join(temporary.path, name)

/** It is 12:00 on 31 January 2026. */
function ioWith(runs: readonly object[]): FakeIo {
  const io = fakeIo({ env: { XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('state') } })
  const folder = stateFolderOf(io.env) ?? ''
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(historyFile(folder), runs.map(run => `${JSON.stringify(run)}\n`).join(''))
  return io
}

const run = (fields: object): object => ({
  run: 'a',
  source: '/source',
  replica: '/replica',
  start: '2026-01-31T11:50:00.500Z',
  end: '2026-01-31T11:50:01.500Z',
  exitCode: 0,
  ...fields,
})

describe('status', () => {
  it('says where there is nothing', async () => {
    const { out, exitCode } = await call(['status'], undefined, ioWith([]))
    expect([out, exitCode]).toEqual(['There is no schedule, and nothing was run.\n', 0])
    expect((await call(['status', '--max-age', '1d'], undefined, ioWith([]))).exitCode).toBe(28)
  })

  it('tells of schedules first, and then of what was run by hand', async () => {
    const other = run({
      run: 'b',
      replica: '/other\n',
      exitCode: 11,
      problem: 'full',
      changes: { create: 2 },
      bytes: 5,
    })
    const io = ioWith([run({}), other])
    addJob(jobsFolder(io.env), job())
    expect((await call(['status'], undefined, io)).out).toBe(
      [
        'nightly: ok',
        '  /source to /replica',
        '  last run      2026-01-31T11:50:00Z, 1s, exit 0; nothing to do; 0 bytes',
        '  last success  2026-01-31T11:50:00Z, 9m 59s ago',
        '  next run      2026-01-31T12:05:00Z',
        '',
        '/source to /other\\n: failing',
        '  last run      2026-01-31T11:50:00Z, 1s, exit 11; create 2; 5 bytes',
        '  problem       full',
        '',
      ].join('\n'),
    )
  })

  it('goes by the age of the last success', async () => {
    const io = ioWith([run({}), run({ run: 'b', exitCode: 11, start: '2026-01-31T11:59:00.000Z' })])
    addJob(jobsFolder(io.env), job())
    expect((await call(['status', 'nightly', '--max-age', '10m'], undefined, io)).exitCode).toBe(0)
    expect((await call(['status', 'nightly', '--max-age', '9m'], undefined, io)).exitCode).toBe(28)
    expect(io.stderr.text).toBe('facsimile: nightly: the last success is 9m 59s old, more than 9m\n')
  })
})
