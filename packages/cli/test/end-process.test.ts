import { expect, it, vi } from 'vitest'
import { endProcess } from '../src/end-process.js'
import { systemClock } from '../src/io.js'
import { FakeClock, FakeHost } from './support/fake-io.js'

const prompt = { write: (_text: string, written: () => void) => written() }
const stuck = { write: () => {} }

it.each([
  [129, 'SIGHUP'],
  [130, 'SIGINT'],
  [143, 'SIGTERM'],
] as const)('K07: what ends with %d ends by %s itself', async (exitCode, signal) => {
  const host = new FakeHost()
  await endProcess(exitCode, { host, clock: systemClock, streams: [prompt, prompt] })
  expect(host).toMatchObject({ killed: [signal], exits: [exitCode], exitCode })
})

it('K07: ends by the signal though nobody reads the last words', async () => {
  const host = new FakeHost()
  const clock = new FakeClock()
  await endProcess(143, { host, clock, streams: [prompt, stuck] })
  expect(host.killed).toEqual(['SIGTERM'])
  expect(clock.waits).toEqual([500])
})

it('exits where there are no signals', async () => {
  const host = new FakeHost('win32')
  await endProcess(130, { host, clock: new FakeClock(), streams: [] })
  expect([host.killed, host.exits]).toEqual([[], [130]])
})

it.each([0, 1, 2, 23] as const)('what ends with %d is not ended by force', async exitCode => {
  const host = new FakeHost()
  await endProcess(exitCode, { host, clock: new FakeClock(), streams: [stuck] })
  expect(host).toMatchObject({ killed: [], exits: [], exitCode })
})

it.each([0, 1, 2, 23] as const)('what ends with %d ends at once when all was written', async exitCode => {
  const host = new FakeHost()
  const late: (() => void)[] = []
  const slow = { write: (_text: string, written: () => void) => late.push(written) }
  await endProcess(exitCode, { host, clock: new FakeClock(), streams: [prompt, slow] })
  expect(host.exits).toEqual([])
  for (const written of late) written()
  await vi.waitFor(() => expect(host).toMatchObject({ killed: [], exits: [exitCode], exitCode }))
})
