/** The watchdog where there is no room for its thread. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startWatchdog } from '../../src/hung/watchdog.js'

const system = vi.hoisted(() => ({ mounted: '', tries: 0 }))

vi.mock('node:worker_threads', () => {
  class NoRoom {
    readonly code = 'ERR_WORKER_INIT_FAILED'

    constructor() {
      system.tries += 1
      // As what the system refuses is told.
      throw Object.assign(new Error('EAGAIN'), { code: this.code })
    }
  }
  return { Worker: NoRoom }
})

vi.mock('node:fs', () => ({ readFileSync: () => system.mounted }))

beforeEach(() => {
  system.tries = 0
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

it.each([
  ['ext4', 'when a run has taken a while'],
  ['nfs4', 'at once'],
])('Z05: a thread there is no room for takes nothing down: %s, %s', type => {
  system.mounted = `21 1 8:1 / / rw - ${type} /dev/sda1 rw\n`
  const watchdog = startWatchdog({ isLive: false, onHung: () => {} })
  vi.advanceTimersByTime(60_000)
  expect(system.tries).toBeGreaterThan(0)
  watchdog.stopping('SIGTERM')
  watchdog.end()
})
