import type { ExitCode } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { silent } from '../src/render/renderer.js'
import { prepareSeries } from '../src/series.js'
import { FakeClock } from './support/fake-io.js'

interface Ran {
  readonly takes?: number
  readonly exit?: ExitCode
}

function time(date: Date): string {
  return date.toISOString().slice(11, 19)
}

/** What is told of a series of runs with a clock by hand, from its start at 12:00 on. */
async function told(given: Parameters<typeof prepareSeries>[0], runs: readonly Ran[], isCheck = false) {
  const clock = new FakeClock()
  const controller = new AbortController()
  const lines: string[] = []
  const renderer = {
    ...silent,
    wait: (next: Date, failures = 0) => {
      lines.push(`wait ${time(next)} ${failures}`)
      return ''
    },
    missed: (count: number) => {
      lines.push(`missed ${count}`)
      return ''
    },
  }
  const tellers = [{ renderer, sink: { write: () => undefined, flush: () => undefined } }]
  let count = 0
  clock.onWait = () => {
    if (count === runs.length) controller.abort()
  }
  const repeat = await prepareSeries(given, clock)
  const exitCode = await repeat({
    isCheck,
    options: { source: 's', replica: 'r' },
    signal: controller.signal,
    tellers,
    run: () => {
      const { takes = 0, exit = 0 } = runs[count] ?? {}
      lines.push(`run ${time(clock.date())}`)
      count += 1
      clock.advance(takes)
      return Promise.resolve(exit)
    },
  })
  return { lines, exitCode }
}

describe('a series', () => {
  it('runs at once, and waits', async () => {
    expect((await told({ every: '15m' }, [{}, {}])).lines).toEqual([
      'run 12:00:00',
      'wait 12:15:00 0',
      'run 12:15:00',
      'wait 12:30:00 0',
    ])
  })

  it('by a cron expression begins with a wait', async () => {
    const { lines } = await told({ cron: '10 * * * *', timeZone: 'UTC' }, [{}])
    expect(lines).toEqual(['wait 12:10:00 0', 'run 12:10:00', 'wait 13:10:00 0'])
  })

  it('W08: says how many runs failed in a row, and tries again sooner', async () => {
    const { lines, exitCode } = await told({ every: '1h' }, [{ exit: 11 }, { exit: 26 }, { exit: 24 }])
    expect(lines).toEqual([
      'run 12:00:00',
      'wait 12:00:30 1',
      'run 12:00:30',
      'wait 12:01:30 2',
      'run 12:01:30',
      'wait 13:00:00 0',
    ])
    expect(exitCode).toBe(24)
  })

  it('R16: says what it makes up for', async () => {
    const { lines } = await told({ every: '1m' }, [{ takes: 150_000 }, {}])
    expect(lines.slice(2)).toEqual(['missed 2', 'run 12:02:30', 'wait 12:03:00 0'])
  })

  it('takes a difference for a failure, but where it is looked for', async () => {
    expect((await told({ every: '1h' }, [{ exit: 28 }])).lines).toContain('wait 12:00:30 1')
    expect((await told({ every: '1h' }, [{ exit: 28 }], true)).lines).toContain('wait 13:00:00 0')
  })

  it('ends with a run that can never work', async () => {
    const { lines, exitCode } = await told({ every: '1h' }, [{ exit: 2 }, {}])
    expect([lines, exitCode]).toEqual([['run 12:00:00'], 2])
  })
})

it.each([
  [{ cron: 'x' }, '--cron: expected a cron expression of five fields'],
  [{ cron: '0 0 31 2 *' }, 'never comes true'],
  [{ cron: '@daily', timeZone: 'Mars' }, '--time-zone: expected a name such as "Europe/Berlin"'],
])('%j is refused before anything is begun', async (given, message) => {
  await expect(prepareSeries(given, new FakeClock())).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(message),
  })
})
