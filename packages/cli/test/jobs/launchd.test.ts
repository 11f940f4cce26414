import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { launchdList } from '../../src/jobs/launchd.js'
import { job, nastyNames } from '../support/jobs.js'

/** As Python, which knows the format, reads it. */
function read(text: string): Record<string, unknown> {
  const script = 'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Record<string, unknown>
}

const call = ['/usr/bin/node', '/f/main.js', 'schedule', 'run', 'nightly']
const timesOf = (fields: Parameters<typeof job>[0]): unknown => {
  const { StartInterval, StartCalendarInterval } = read(launchdList({ job: job(fields), call }))
  return StartInterval ?? StartCalendarInterval
}

it('says what is run, and that it is looked at when it is loaded', () => {
  expect(read(launchdList({ job: job(), call }))).toEqual({
    Label: 'facsimile.nightly',
    ProgramArguments: [...call, '--if-due'],
    RunAtLoad: true,
    StartInterval: 900,
  })
})

it.each([
  [{ cron: '30 2 * * *' }, [{ Hour: 2, Minute: 30 }]],
  [
    { cron: '0 2 13 * 5' },
    [
      { Hour: 2, Minute: 0, Day: 13 },
      { Hour: 2, Minute: 0, Weekday: 5 },
    ],
  ],
  [
    { cron: '0,30 1 * 6 *' },
    [
      { Month: 6, Hour: 1, Minute: 0 },
      { Month: 6, Hour: 1, Minute: 30 },
    ],
  ],
  [{ cron: '*/2 */2 * * *' }, 60],
  [{ cron: '* * * * *' }, [{}]],
  [{ cron: '0 2 * * *', timeZone: 'UTC' }, 60],
  [{ cron: '0 0 L * *' }, 60],
])('%j', (fields, times) => {
  expect(timesOf(fields)).toEqual(times)
})

describe('a name', () => {
  it.each(nastyNames)('such as %j comes through', name => {
    const words = [`/x/${name}/node`, name]
    expect(read(launchdList({ job: job(), call: words }))['ProgramArguments']).toEqual([...words, '--if-due'])
  })

  it('with control characters is refused', () => {
    expect(() => launchdList({ job: job(), call: ['a\u0001'] })).toThrow(/control characters/)
  })
})
