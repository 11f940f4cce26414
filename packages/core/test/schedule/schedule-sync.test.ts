import { expectTypeOf, describe, expect, it } from 'vitest'
import type { ManyReport } from '../../src/model/many-report.js'
import { problem } from '../../src/model/problem.js'
import type { Report } from '../../src/model/report.js'
import { type ScheduleOptions, scheduleSync, scheduleWith } from '../../src/schedule/schedule-sync.js'
import type { Series } from '../../src/schedule/series.js'
import { FakeClock } from '../support/fake-clock.js'

const report = (exitCode: Report['exitCode'], problems: Report['problems'] = []): Report =>
  ({ exitCode, problems }) as Partial<Report> as Report

/** The series over runs that end so, and what each was asked. */
async function reports(options: ScheduleOptions, ends: readonly Report[]) {
  const asked: ScheduleOptions[] = []
  const clock = new FakeClock()
  const sync = (given: ScheduleOptions): Promise<Report> => {
    asked.push(given)
    return Promise.resolve(ends[asked.length - 1] ?? report(1))
  }
  const series = scheduleWith<ScheduleOptions, Report>(options, { sync, clock })
  const seen: { exit: number; at: string; failures: number }[] = []
  for await (const { exitCode } of series) {
    seen.push({ exit: exitCode, at: clock.time.slice(0, 8), failures: series.state.failuresInARow })
    if (seen.length === ends.length) break
  }
  return { asked, seen }
}

const folders = { source: 'a', replica: 'b' }

describe('scheduleSync', () => {
  it('W08: gives the report of a run that failed, and tries it again soon; 24 is no failure', async () => {
    const { seen } = await reports({ ...folders, every: '1h' }, [
      report(24),
      report(26),
      report(11),
      report(0),
    ])
    expect(seen).toEqual([
      { exit: 24, at: '12:00:00', failures: 0 },
      { exit: 26, at: '13:00:00', failures: 1 },
      { exit: 11, at: '13:00:30', failures: 2 },
      { exit: 0, at: '13:01:30', failures: 0 },
    ])
  })

  it('hands on the options, those of a class too, and none of its own', async () => {
    class Options {
      readonly source = 'a'
      readonly replica = 'b'
      readonly every = 1000
      get delete(): boolean {
        return false
      }
    }
    const { asked } = await reports(new Options(), [report(0)])
    expect(Object.keys(asked[0] ?? {}).toSorted()).toEqual(['reject', 'replica', 'signal', 'source'])
    expect(asked[0]).toMatchObject({ source: 'a', delete: false, reject: false })
  })

  it('ends with what can never work', async () => {
    const unusable = report(2, [{ ...problem('notice', 'replica', '', 'that is no hash'), exitCode: 2 }])
    await expect(reports({ ...folders, every: 1000 }, [unusable])).rejects.toMatchObject({
      code: 'invalid-options',
      message: 'that is no hash',
      report: unusable,
    })
    const asked = scheduleSync({ ...folders, every: 1000, reject: true } as ScheduleOptions)
    await expect(asked[Symbol.asyncIterator]().next()).rejects.toThrow(
      'option "reject" is none of a schedule',
    )
    const unknown = scheduleSync({ ...folders, every: 1000, evry: 5 } as ScheduleOptions)
    await expect(unknown[Symbol.asyncIterator]().next()).rejects.toThrow('option "evry" is not known')
  })

  it('is typed by what is mirrored into, and takes one cadence', () => {
    expectTypeOf(scheduleSync({ ...folders, every: '15m' })).toEqualTypeOf<Series<Report>>()
    expectTypeOf(scheduleSync({ source: 'a', replicas: ['b'], cron: '@daily' })).toEqualTypeOf<
      Series<ManyReport>
    >()
    // @ts-expect-error a cadence is needed
    scheduleSync(folders)
    // @ts-expect-error one of both
    scheduleSync({ ...folders, every: 1000, cron: '@daily' })
    // @ts-expect-error a zone is that of a cron expression
    scheduleSync({ ...folders, every: 1000, timeZone: 'UTC' })
    // @ts-expect-error a unit is needed
    scheduleSync({ ...folders, every: '15' })
  })
})
