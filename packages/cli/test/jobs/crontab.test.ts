import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { crontabLines, withLines } from '../../src/jobs/crontab.js'
import { job, nastyNames } from '../support/jobs.js'

const call = ['/usr/bin/node', '/f/main.js', 'schedule', 'run', 'nightly']
const lines = (fields: Parameters<typeof job>[0]): readonly string[] =>
  crontabLines({ job: job(fields), call }).split('\n')
const command = '/usr/bin/node /f/main.js schedule run nightly'

it('are two between marks: one for its time, and one for what was missed while the machine was off', () => {
  expect(lines({ every: '15m' })).toEqual([
    '# BEGIN facsimile schedule nightly',
    `*/15 * * * * ${command} >/dev/null`,
    `@reboot ${command} --if-due >/dev/null`,
    '# END facsimile schedule nightly',
    '',
  ])
})

it.each([
  [{ every: '60s' as const }, '* * * * *'],
  [{ every: '30m' as const }, '*/30 * * * *'],
  [{ every: '1h' as const }, '0 * * * *'],
  [{ every: '360m' as const }, '0 */6 * * *'],
  [{ every: '1d' as const }, '0 0 * * *'],
  [{ cron: '*/20 1-3 1,15 jan mon' }, '0,20,40 1,2,3 1,15 1 1'],
  [{ cron: '@weekly' }, '0 0 * * 0'],
])('%j is %s', (fields, when) => {
  expect(lines(fields)[1]).toBe(`${when} ${command} >/dev/null`)
})

it.each([
  { every: '45m' as const },
  { every: '1.5h' as const },
  { every: '7d' as const },
  { cron: '0 2 * * *', timeZone: 'UTC' },
  { cron: '0 0 L * *' },
])('%j is looked at each minute', fields => {
  expect(lines(fields)[1]).toBe(`* * * * * ${command} --if-due >/dev/null`)
})

it.each([
  [{ every: '30s' as const }, /cron knows no less than a minute/],
  [{ cron: '0 * * * * *' }, /cron knows no seconds/],
])('%j is refused', (fields, message) => {
  expect(() => lines(fields)).toThrow(message)
})

describe('a name', () => {
  it.each(nastyNames)('such as %j comes through the shell, on one line without a percent sign', name => {
    const words = ['printf', '%s|', name, `/x/${name}/y`]
    const text = crontabLines({ job: job(), call: words })
    const [, line = ''] = text.split('\n')
    expect(text.split('\n')).toHaveLength(5)
    expect(line).not.toContain('%')
    const shell = line.replace('*/15 * * * * ', '').replace(' >/dev/null', '')
    expect(spawnSync('/bin/sh', ['-c', shell], { encoding: 'utf8' }).stdout).toBe(`${name}|/x/${name}/y|`)
  })

  it('that ends with a newline is refused', () => {
    expect(() => crontabLines({ job: job(), call: ['a\n'] })).toThrow(/ends with a newline/)
  })
})

describe('in a crontab', () => {
  const block = crontabLines({ job: job(), call })

  it.each(['', '# mine\n0 0 * * * true\n', '0 0 * * * true'])(
    'they are added once, and taken away to the letter: %j',
    before => {
      const once = withLines(before, job(), block)
      expect(once).toContain(block)
      expect(withLines(once, job(), block)).toBe(once)
      const after = withLines(once, job(), undefined)
      expect(after.trimEnd()).toBe(before.trimEnd())
    },
  )

  it('those of others stay', () => {
    const other = crontabLines({ job: job({ name: 'night' }), call })
    const both = withLines(withLines('', job(), block), job({ name: 'night' }), other)
    expect(withLines(both, job(), undefined)).toBe(other)
  })

  it('nothing is taken away whose end is gone', () => {
    const torn = withLines('a\n', job(), block).replace('# END facsimile schedule nightly\n', 'b\n')
    expect(() => withLines(torn, job(), undefined)).toThrow(/has no line "# END facsimile schedule nightly"/)
  })
})
