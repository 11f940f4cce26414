import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { jobFrom } from '../../src/jobs/add-job.js'
import type { Job } from '../../src/jobs/job.js'
import { parseArguments } from '../../src/parse.js'
import { fakeIo } from '../support/fake-io.js'

async function added(...words: string[]): Promise<Job> {
  const request = parseArguments(['schedule', 'add', ...words], 80)
  if (request.kind !== 'schedule' || request.verb !== 'add') throw new Error('it is an add')
  return await jobFrom(request, fakeIo({ env: { XDG_STATE_HOME: '/state', HOME: '/home/a' } }))
}

describe('a job', () => {
  it('has what is run, and nothing that depends on where it was added', async () => {
    expect(
      await added(
        'n',
        's',
        'r',
        '--every',
        '5m',
        '--exclude',
        'a',
        '--exclude',
        'b',
        '--log',
        'l',
        '--durable',
      ),
    ).toEqual({
      version: 1,
      name: 'n',
      every: '5m',
      source: path.resolve('s'),
      replicas: [path.resolve('r')],
      flags: ['--exclude=a', '--exclude=b', '--durable', `--log=${path.resolve('l')}`],
      environment: { XDG_STATE_HOME: '/state' },
      created: '2026-01-31T12:00:00.000Z',
    })
  })

  it('may have a calendar, and several replicas', async () => {
    expect(
      await added('n', '-s', 's', '-d', 'a', '-d', 'b', '--cron', '@daily', '--time-zone', 'UTC'),
    ).toMatchObject({
      cron: '@daily',
      timeZone: 'UTC',
      replicas: [path.resolve('a'), path.resolve('b')],
      flags: [],
    })
  })

  it.each([
    [['n', 's', 'r'], /needs --every TIME or --cron EXPRESSION/],
    [['n', 's', '--every', '1h'], /two folders are expected/],
    [['n', 's', 'r', 't', '--every', '1h'], /'t' is one more/],
    [['n', 's', 'r', '--cron', '61 * * * *'], /^--cron: expected a cron expression/],
    [['n', 's', 'r', '--cron', '* * * * *', '--time-zone', 'Mars'], /^--time-zone: expected a name/],
    [['n', 's', 'r', '--every', '1h', '--files-from', '-'], /--files-from - reads what is typed or piped/],
    [['n', 's', 'r', '--every', '1h', '--quiet', '--json'], /cannot be used with/],
  ])('%j is refused', async (words, message) => {
    await expect(added(...words)).rejects.toThrow(message)
  })
})
