import { describe, expect, it } from 'vitest'
import type { ManySyncOptions } from '../src/many-options.js'
import { type ReplicaSettings, replicaSettings } from '../src/many-settings.js'
import { settingsFrom } from '../src/settings-from.js'

const given: ManySyncOptions = { source: '/s', replicas: ['/a', '/b', '/c'] }
const stop = new AbortController()

function settingsOf(options: object): readonly ReplicaSettings[] {
  return replicaSettings({ ...given, ...options }, settingsFrom, stop.signal)
}

describe('replicaSettings', () => {
  it('has settings for each replica', () => {
    const all = settingsOf({ verify: true })
    expect(all.map(({ replica, settings }) => [replica, settings.replica, settings.verify])).toEqual([
      ['/a', '/a', true],
      ['/b', '/b', true],
      ['/c', '/c', true],
    ])
  })

  it.each([
    [{ replica: '/r' }, 'options "replica" and "replicas" contradict each other: leave one out'],
    [{ replicas: [] }, 'option "replicas": expected the path of at least one folder; found []'],
    [{ replicas: '/a' }, 'option "replicas": expected a list; found "/a"'],
    [{ replicas: ['/a', ''] }, /^option "replicas": expected the path of a folder or file/],
    [{ replicas: ['/a', 3] }, /^option "replicas": expected the path of a folder or file/],
    [{ replicas: Array.from({ length: 65 }, (_, at) => `/${at}`) }, /at most 64 folders; found 65/],
    [{ replcias: [] }, 'option "replcias" is not known'],
    [{ on: { ended: () => {} } }, /^option "on": expected functions named/],
    [{ filter: 'x' }, /^option "filter": expected a function/],
    [{ delete: false, deleteExcluded: true }, /contradict each other/],
  ])('refuses %j', (options, message) => {
    expect(() => settingsOf(options)).toThrow(message)
  })

  it('tells the functions of the caller of which replica they hear', () => {
    const told: unknown[] = []
    const [, second] = settingsOf({ on: { problem: (...args: unknown[]) => told.push(args) } })
    const problem = { message: 'a problem' }
    second?.settings.on.problem?.(problem as never)
    expect(told).toEqual([[problem, '/b']])
    expect(second?.settings.on.outcome).toBeUndefined()
  })

  it('has at least one thread for each, and as many as were asked for', () => {
    for (const { settings } of settingsOf({ concurrency: 5 }))
      expect(settings.concurrency).toEqual({ first: 5, most: 5 })
    for (const { settings } of settingsOf({ callerHelps: true })) {
      expect(settings.concurrency.first).toBeGreaterThanOrEqual(1)
      expect(settings.concurrency.most).toBeGreaterThan(settings.concurrency.first)
      expect(settings.callerHelps).toBe(false)
    }
  })

  it('ends all with one signal, or with that of the caller', () => {
    const [own, callers] = [new AbortController(), new AbortController()]
    const all = replicaSettings({ ...given, signal: callers.signal }, settingsFrom, own.signal)
    expect(all.map(({ settings }) => settings.signal?.aborted)).toEqual([false, false, false])
    callers.abort()
    expect(all.map(({ settings }) => settings.signal?.aborted)).toEqual([true, true, true])
  })
})
