import { describe, expect, it } from 'vitest'
import { argumentsOf, cadenceText, checkName, isSameJob, jobText, readJobText } from '../../src/jobs/job.js'
import { job, nastyNames } from '../support/jobs.js'

describe('a name', () => {
  it.each(['a', 'Nightly', 'a.b_c-d', '0', 'x'.repeat(63)])('can be %s', name => {
    expect(checkName(name)).toBe(name)
  })

  it.each(['', '.a', '-a', '_a', 'a b', 'a/b', '../a', 'a\n', 'ä', 'x'.repeat(64), 'a.json'])(
    'cannot be %j',
    name => {
      expect(() => checkName(name)).toThrow(/^a schedule is called by letters/)
    },
  )
})

describe('the text of a job', () => {
  it('is read as it was written, whatever its paths hold', () => {
    const nasty = job({
      source: `/${nastyNames.join('/')}`,
      replicas: nastyNames,
      flags: nastyNames.map(name => `--exclude=${name}`),
      environment: { XDG_STATE_HOME: '/a\nb' },
      installed: 'cron',
    })
    expect(readJobText(jobText(nasty), 'f')).toEqual(nasty)
  })

  it.each([
    ['', /it is no JSON/],
    ['{', /it is no JSON/],
    ['null', /expected "version": 1/],
    ['[]', /expected "version": 1/],
    [{ version: 2 }, /expected "version": 1/],
    [{ name: 1 }, /expected a text as "name"/],
    [{ source: undefined }, /expected a text as "source"/],
    [{ cron: 5, every: undefined }, /expected a text as "cron"/],
    [{ every: undefined }, /expected either "every" or "cron"/],
    [{ cron: '* * * * *', every: '1m' as const }, /expected either "every" or "cron"/],
    [{ replicas: '/r' }, /expected a list of texts as "replicas"/],
    [{ flags: [1] }, /expected a list of texts as "flags"/],
    [{ environment: { a: 1 } }, /expected texts by name as "environment"/],
    [{ environment: null }, /expected texts by name as "environment"/],
    [{ installed: 'me' }, /expected one of systemd, cron, launchd, schtasks as "installed"/],
    [{ name: '../a' }, /a schedule is called by/],
  ])('%j is refused by a sentence that names the file', (given, message) => {
    const text = typeof given === 'string' ? given : JSON.stringify({ ...job(), ...given })
    expect(() => readJobText(text, 'the file')).toThrow(message)
  })
})

it('a damaged one is said with its file, and what to do', () => {
  expect(() => readJobText('{', 'the file')).toThrow(/'the file'.*mend it/)
})

it('the arguments say what is run, also of names that begin with a dash', () => {
  expect(argumentsOf(job({ source: '-s', replicas: ['-r', '/q'], flags: ['--durable'] }))).toEqual([
    '--durable',
    '--source=-s',
    '--destination=-r',
    '--destination=/q',
  ])
})

it('how often is said as people read it', () => {
  expect(cadenceText(job())).toBe('every 15m')
  expect(cadenceText(job({ cron: '0 2 * * *' }))).toBe('at 0 2 * * *')
  expect(cadenceText(job({ cron: '0 2 * * *', timeZone: 'UTC' }))).toBe('at 0 2 * * * (UTC)')
})

it('two are the same whenever they were made, and whoever was told', () => {
  expect(isSameJob(job(), job({ created: '2027-01-01T00:00:00.000Z', installed: 'cron' }))).toBe(true)
  expect(isSameJob(job(), job({ every: '16m' }))).toBe(false)
  expect(isSameJob(job(), job({ flags: ['--durable'] }))).toBe(false)
})
