import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { addJob, jobsFolder } from '../../src/jobs/job-files.js'
import type { Job } from '../../src/jobs/job.js'
import { call } from '../support/fake-core.js'
import { fakeIo, type FakeIo } from '../support/fake-io.js'
import { job } from '../support/jobs.js'

const temporary = useTemporaryDirectory()
const at = (name: string): string => path.join(temporary.path, name)

function io(): FakeIo {
  return fakeIo({ env: { XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('state') } })
}

async function schedule(jobs: readonly Job[], ...words: string[]): ReturnType<typeof call> {
  const own = io()
  for (const each of jobs) addJob(jobsFolder(own.env), each)
  return await call(['schedule', ...words], undefined, own)
}

describe('schedule', () => {
  it('lists jobs, each on one line', async () => {
    expect((await schedule([], 'list')).out).toBe('There is no schedule.\n')
    const jobs = [job({ name: 'b', source: '/a\nb' }), job({ name: 'a', cron: '@daily', installed: 'cron' })]
    expect((await schedule(jobs, 'list')).out).toBe(
      'a: at @daily, by cron: /source to /replica\nb: every 15m, not installed: /a\\nb to /replica\n',
    )
    expect((await schedule([], 'list', '--json')).out.split('\n')).toHaveLength(3)
  })

  it('runs one as if it were called by hand', async () => {
    const { exitCode, asked, called } = await schedule([job({ flags: ['--durable'] })], 'run', 'nightly')
    expect([exitCode, called]).toEqual([0, ['sync']])
    expect(asked).toMatchObject([{ source: '/source', replica: '/replica', durable: true }])
  })

  it('runs one by the path of its file', async () => {
    await schedule([job()], 'list')
    const file = path.join(temporary.path, 'config/facsimile/jobs/nightly.json')
    expect((await schedule([], 'run', file)).called).toEqual(['sync'])
  })

  it('runs none that is not due', async () => {
    await schedule([job()], 'run', 'nightly')
    expect((await schedule([], 'run', 'nightly', '--if-due')).called).toEqual([])
    expect((await schedule([], 'run', 'nightly')).called).toEqual(['sync'])
  })

  it('shows one with when it runs next', async () => {
    const { out } = await schedule([job({ cron: '0 2 * * *', timeZone: 'UTC' })], 'show', 'nightly')
    expect(out).toMatch(/ {2}last run {2}none\n {2}next run {2}2026-02-01T02:00:00\.000Z\n$/)
  })

  it.each(['run', 'show', 'remove'])('%s of what is not there is refused', async verb => {
    const { exitCode, err } = await schedule([], verb, 'gone')
    expect([exitCode, err]).toEqual([
      2,
      "facsimile: there is no schedule 'gone': see facsimile schedule list\n",
    ])
  })
})
