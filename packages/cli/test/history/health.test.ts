import { describe, expect, it } from 'vitest'
import { type Status, statusOf } from '../../src/history/health.js'
import type { PastRun } from '../../src/history/past-runs.js'
import { job } from '../support/jobs.js'

const at = (time: string): string => `2026-02-01T${time}:00.000Z`
const past = (time: string, fields: Partial<PastRun> = {}): PastRun => ({
  run: time,
  source: '/source',
  replica: '/replica',
  start: at(time),
  end: at(time),
  exitCode: 0,
  ...fields,
})
/** Without an end, as of a run that is under way or was killed. */
const begun = (time: string, pid: number): PastRun => ({
  run: time,
  source: '/source',
  replica: '/replica',
  start: at(time),
  pid,
})

async function of(
  runs: readonly PastRun[],
  now: string,
  mirror: Partial<Parameters<typeof statusOf>[0]> = {},
): Promise<Status> {
  const whole = { job: job(), source: '/source', replicas: ['/replica'], ...mirror }
  return await statusOf(whole, runs, new Date(at(now)), pid => pid === 1)
}

describe('health', () => {
  it.each([
    ['ok', [past('08:00')], '08:10'],
    ['failing', [past('08:00'), past('08:15', { exitCode: 11 })], '08:16'],
    ['ok', [past('08:00', { exitCode: 11 }), past('08:15', { exitCode: 24 })], '08:16'],
    ['running', [past('08:00'), begun('08:15', 1)], '08:16'],
    ['stopped', [past('08:00'), begun('08:15', 2)], '08:16'],
    ['ok', [past('08:00')], '08:20'],
    ['late', [past('08:00')], '08:21'],
    ['never', [], '08:00'],
    ['never', [past('08:00', { replica: '/other' })], '08:00'],
  ] as const)('%s', async (health, runs, now) => {
    expect((await of(runs, now)).health).toBe(health)
  })

  it('of a schedule by the calendar that never ran is late after its first point', async () => {
    const nightly = job({ cron: '0 2 * * *', timeZone: 'UTC' })
    expect((await of([], '02:04', { job: nightly })).health).toBe('never')
    expect((await of([], '02:06', { job: nightly })).health).toBe('late')
  })
})

it('says what there was, what comes, and how far the replica is behind', async () => {
  const runs = [past('07:00'), past('08:00'), past('08:15', { exitCode: 23 })]
  expect(await of(runs, '08:20')).toMatchObject({
    name: 'nightly',
    lastRun: { run: '08:15' },
    lastSuccess: { run: '08:00' },
    nextRun: new Date(at('08:30')),
    lagMs: 20 * 60_000,
  })
  const { job: _job, ...byHand } = { job: undefined, source: '/source', replicas: ['/replica'] }
  const status = await statusOf(byHand, runs, new Date(at('08:20')), () => true)
  expect([status.name, status.nextRun, status.health]).toEqual([undefined, undefined, 'failing'])
})

it('several replicas are as good as the worst of them', async () => {
  const replicas = ['/a', '/b']
  const runs = [
    past('07:00', { replica: '/a' }),
    past('08:00', { replica: '/a' }),
    past('07:00', { replica: '/b' }),
    past('08:00', { replica: '/b', exitCode: 11 }),
  ]
  expect(await of(runs, '08:05', { replicas })).toMatchObject({
    health: 'failing',
    lastSuccess: { start: at('07:00') },
    lastRun: { replica: '/b' },
  })
  expect(await of(runs.slice(0, 2), '08:05', { replicas })).toMatchObject({
    health: 'never',
    lastSuccess: undefined,
    lagMs: undefined,
  })
})
