import { expect, it } from 'vitest'
import { flags } from '../src/flags.js'
import { cadenceFlags, logFlags, refuseLonely, watchFlags } from '../src/series-flags.js'

it('are among the flags', () => {
  for (const flag of [...cadenceFlags, ...watchFlags, ...logFlags]) expect(flags).toContain(flag)
})

it.each([
  [{ timeZone: 'UTC' }, '--time-zone needs --cron'],
  [{ reconcile: '1h' }, '--reconcile needs --watch'],
  [{ watch: true, replicas: ['a', 'b'] }, '--watch keeps one replica'],
  [{ logMaxBytes: 1 }, '--log-max-size needs --log FILE'],
  [{ logMaxAge: '1d' }, '--log-max-age needs --log FILE'],
  [{ log: 'a', logKeep: 1 }, '--log-keep needs --log-max-size or --log-max-age'],
] as const)('%j is about something that was not given', (given, message) => {
  expect(() => refuseLonely(given)).toThrow(message)
})

it.each([
  {},
  { cron: 'x', timeZone: 'UTC' },
  { watch: true, reconcile: '1h', replicas: ['a'] },
  { log: 'a' },
  { log: 'a', logMaxBytes: 1, logKeep: 0 },
  { log: 'a', logMaxAge: '1d' },
] as const)('%j is whole', given => {
  expect(() => refuseLonely(given)).not.toThrow()
})
