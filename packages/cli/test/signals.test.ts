import { expect, it } from 'vitest'
import { echoMs, exitCodeAfter, listenForStop } from '../src/signals.js'
import { FakeClock, FakeHost } from './support/fake-io.js'

function listen(platform = 'linux') {
  const host = new FakeHost(platform)
  const clock = new FakeClock()
  const lastWords: string[] = []
  const stop = listenForStop({ host, now: clock.now, beforeEnd: () => void lastWords.push('written') })
  return { host, clock, lastWords, stop }
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('aborts on the first %s, and the run ends with %d', (name, exitCode) => {
  const { host, stop, lastWords } = listen()
  expect(exitCodeAfter(stop, 23)).toBe(23)
  host.send(name)
  expect(stop.signal.aborted).toBe(true)
  expect(stop.received()).toBe(name)
  expect(exitCodeAfter(stop, 23)).toBe(exitCode)
  expect([host.killed, host.exits, lastWords]).toEqual([[], [], []])
})

it('ends at once on the second, as the signal itself would, after the last words', () => {
  const { host, clock, lastWords } = listen()
  host.send('SIGINT')
  clock.advance(echoMs)
  host.send('SIGINT')
  expect(lastWords).toEqual(['written'])
  expect(host.killed).toEqual(['SIGINT'])
  expect(host.listening).toBe(0)
})

it('ends at once on another signal', () => {
  const { host } = listen()
  host.send('SIGINT')
  host.send('SIGTERM')
  expect(host.killed).toEqual(['SIGTERM'])
})

it('takes the same signal at once after the first for its echo', () => {
  const { host, clock } = listen()
  host.send('SIGINT')
  clock.advance(echoMs - 1)
  host.send('SIGINT')
  expect(host.killed).toEqual([])
})

it('exits where there are no signals', () => {
  const { host, clock } = listen('win32')
  host.send('SIGINT')
  clock.advance(echoMs)
  host.send('SIGINT')
  expect([host.killed, host.exits]).toEqual([[], [130]])
})

it('a hangup does what it was given to do, and stops nothing', () => {
  const host = new FakeHost()
  let hangups = 0
  const onHangup = (): void => void (hangups += 1)
  const stop = listenForStop({ host, now: () => 0, beforeEnd: () => {}, onHangup })
  host.send('SIGHUP')
  host.send('SIGHUP')
  expect([hangups, stop.signal.aborted, stop.received()]).toEqual([2, false, undefined])
  host.send('SIGTERM')
  host.send('SIGHUP')
  expect([hangups, stop.received(), host.killed]).toEqual([3, 'SIGTERM', []])
})

it('leaves no listener behind', () => {
  const { host, stop } = listen()
  expect(host.listening).toBe(3)
  stop.dispose()
  expect(host.listening).toBe(0)
})

it('Z07: ends at once when it is found to hang', () => {
  const { host, stop, lastWords } = listen()
  host.send('SIGTERM')
  stop.endNow('SIGTERM')
  expect([host.killed, host.listening, lastWords]).toEqual([['SIGTERM'], 0, ['written']])
})
