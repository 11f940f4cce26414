/** A run that is stopped, at any moment: nothing torn, nothing left behind, directory times restored. */
import { Buffer } from 'node:buffer'
import { existsSync } from 'node:fs'
import type { SyncOptions } from '@facsimile/core'
import { afterEach, describe, expect, it } from 'vitest'
import { compareTrees, expectEqualTrees } from '../support/compare-trees.js'
import type { Fault, TreeCall } from '../support/faulty.js'
import { describeEachSetting, mirror, sampled, settings, useFolders } from '../support/mirror.js'
import { expectOldOrNew, expectTimesRestored } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { directory, file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const old = { mtime: '2012-12-12T12:12:12Z' }
const many = Object.fromEntries(
  Array.from({ length: 34 }, (_, index) => [`file ${index}`, `content ${index}`]),
)
const source: TreeLiteral = {
  new: { ...many, deep: { er: many } },
  changed: { a: 'new content', b: 'b' },
  attributes: directory({ x: file('x', { mode: 0o600 }) }, { mode: 0o711 }),
  kind: 'was a directory',
}
const replica: TreeLiteral = {
  changed: directory({ a: 'old', b: 'b' }, old),
  attributes: directory({ x: 'x' }, old),
  kind: { full: 'x' },
  old: directory({ ...many, sub: directory(many, old) }, old),
}

afterEach(() => {
  process.removeAllListeners('SIGUSR2')
})

function write(): {
  readonly before: ReturnType<typeof readTree>
  readonly wanted: ReturnType<typeof readTree>
} {
  writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11Z' }))
  writeTree(folders.replica, directory(replica, old))
  return { before: readTree(folders.replica), wanted: readTree(folders.source) }
}

type Stops = (stop: () => void) => Partial<SyncOptions>
const moments: readonly (readonly [what: string, stops: Stops])[] = [
  [
    'when the filter is asked',
    stop => ({ filter: ({ name }) => (name === 'file 7' ? (stop(), true) : true) }),
  ],
  ['when a comparer is asked', stop => ({ compare: async () => (stop(), await Promise.resolve(false)) })],
  ['with the first progress', stop => ({ on: { progress: stop } })],
  ['with the plan', stop => ({ on: { plan: stop } })],
  ['before the first change', stop => ({ on: { change: () => stop() } })],
  [
    'before a change in the middle',
    stop => ({ on: { change: ({ path }) => (path === 'new/deep/er/file 7' ? stop() : undefined) } }),
  ],
  [
    'before a deletion',
    stop => ({ on: { change: ({ path }) => (path === 'old/file 7' ? stop() : undefined) } }),
  ],
  [
    'before a directory is finished',
    stop => ({ on: { change: ({ path }) => (path === 'attributes' ? stop() : undefined) } }),
  ],
  ['with the first outcome', stop => ({ on: { outcome: stop } })],
  [
    'with an outcome in the middle',
    stop => ({ on: { outcome: ({ change }) => (change.path === 'new/file 33' ? stop() : undefined) } }),
  ],
  [
    'with the outcome of a deletion',
    stop => ({ on: { outcome: ({ change }) => (change.path === 'old/sub/file 7' ? stop() : undefined) } }),
  ],
  [
    'with the progress of copying',
    stop => ({ on: { progress: ({ phase }) => (phase === 'copy' ? stop() : undefined) } }),
  ],
  [
    'with the progress of deleting',
    stop => ({ on: { progress: ({ phase }) => (phase === 'delete' ? stop() : undefined) } }),
  ],
]

describeEachSetting('a run that is stopped', setting => {
  it('before it begins: touches nothing (130)', async () => {
    write()
    const { report, faults } = await mirror(
      { path: folders.path, source: folders.source, replica: `${folders.path}/not there` },
      setting,
      { signal: AbortSignal.abort() },
    )
    expect(report.exitCode).toBe(130)
    expect(faults.calls).toEqual({ inMain: 0, inThreads: 0 })
    expect(existsSync(`${folders.path}/not there`)).toBe(false)
  })

  it.each(sampled(moments, setting))('%s: ends with 130, and the next run goes on', async (what, stops) => {
    const { before, wanted } = write()
    const controller = new AbortController()
    const stop = (): void => controller.abort(new Error('enough'))
    const { report } = await mirror(folders, setting, { signal: controller.signal, ...stops(stop) })
    // What was asked for with the last directories is all done by then.
    expect(report.exitCode).toBe(what === 'before a directory is finished' ? 0 : 130)
    const after = readTree(folders.replica)
    expectOldOrNew(after, before, wanted)
    expectTimesRestored(after, before, wanted)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

const calls: readonly (readonly [call: TreeCall, side: 'source' | 'replica', nth: number])[] = [
  ['list', 'source', 1],
  ['list', 'replica', 3],
  ['openFile', 'source', 20],
  ['handle.read', 'source', 30],
  ['createFile', 'replica', 50],
  ['handle.write', 'replica', 2],
  ['rename', 'replica', 2],
  ['makeDirectory', 'replica', 2],
  ['unlink', 'replica', 40],
  ['removeDirectory', 'replica', 1],
]

describeEachSetting('a run that is stopped from outside', setting => {
  it.each(sampled(calls, setting))(
    'at %s in the %s, call %d: ends with 130 or had come to its end',
    async (call, side, nth) => {
      const { before, wanted } = write()
      const controller = new AbortController()
      process.once('SIGUSR2', () => controller.abort())
      const planted: Fault = { side, call, nth, times: 1, race: [{ do: 'signal', signal: 'SIGUSR2' }] }
      const { report } = await mirror(folders, setting, { signal: controller.signal }, [planted])
      const after = readTree(folders.replica)
      expectOldOrNew(after, before, wanted)
      expectTimesRestored(after, before, wanted)
      const isDone = compareTrees(folders.source, folders.replica).length === 0
      expect([130, isDone ? 0 : 130]).toContain(report.exitCode)
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it('K07: in the middle of a large directory: the rest of it is not looked at', async () => {
    const most = 15_000
    const names = Array.from({ length: most }, (_, index) => [`${index}`, ''] as const)
    writeTree(folders.source, new Map(names))
    const controller = new AbortController()
    process.once('SIGUSR2', () => controller.abort())
    const looked: Fault = { side: 'source', call: 'stat' }
    const { report, faults } = await mirror(folders, setting, { signal: controller.signal }, [
      { ...looked, nth: 100, times: 1, race: [{ do: 'signal', signal: 'SIGUSR2' }] },
      { ...looked },
    ])
    expect(report.exitCode).toBe(130)
    expect(faults.struck[1]).toBeLessThan(most)
  })

  it('K07: in the middle of comparing what two large files hold: they are not read to their ends', async () => {
    const large = Buffer.alloc(24 << 20, 'same')
    for (const root of [folders.source, folders.replica]) writeTree(root, { large })
    for (const hasher of [undefined, 'xxh64']) {
      const controller = new AbortController()
      process.once('SIGUSR2', () => controller.abort())
      const read: Fault = { side: 'source', call: 'handle.read', path: 'large' }
      const options = { signal: controller.signal, compare: 'content', ...(hasher && { hasher }) } as const
      const { report, faults } = await mirror(folders, setting, options, [
        { ...read, nth: 4, times: 1, race: [{ do: 'signal', signal: 'SIGUSR2' }] },
        // Each part is short, and so is a step by bytes, which fills what it compares.
        { ...read, most: hasher === undefined ? 1 << 18 : 1 << 12 },
      ])
      expect(report.exitCode).toBe(130)
      expect(faults.struck[1]).toBeLessThan((24 << 20) / (hasher === undefined ? 1 << 18 : 1 << 12))
    }
  })

  it('in the middle of a large file: the old version stays, whole', async () => {
    writeTree(folders.source, { large: Buffer.alloc(24 << 20, 'new'), more: 'm' })
    writeTree(folders.replica, { large: 'old' })
    const controller = new AbortController()
    process.once('SIGUSR2', () => controller.abort())
    // Thousands of short reads are to come when the signal is sent: far more than one slice of work.
    const planted: Fault = {
      side: 'source',
      call: 'handle.read',
      path: 'large',
      nth: 4,
      times: 1,
      race: [{ do: 'signal', signal: 'SIGUSR2' }],
    }
    // A hash is asked for, so that it is read, and not copied by the system.
    const options = { signal: controller.signal, hasher: 'xxh64' }
    const { report, faults } = await mirror(folders, setting, options, [
      planted,
      {
        side: 'source',
        call: 'handle.read',
        path: 'large',
        most: 1 << 12,
      },
    ])
    expect(report.exitCode).toBe(130)
    expect(readTree(folders.replica)['large']).toMatchObject({ content: 'old' })
    expect(faults.struck[1]).toBeLessThan((24 << 20) / (1 << 12))
  })
})

describe.each(settings.filter(({ held }) => held === 'libc'))(
  'a run that is stopped while the system copies ($held, $concurrency)',
  setting => {
    it('between two pieces of a large file: the old version stays, whole', async () => {
      writeTree(folders.source, { large: Buffer.alloc(24 << 20, 'new'), more: 'm' })
      writeTree(folders.replica, { large: 'old' })
      const controller = new AbortController()
      process.once('SIGUSR2', () => controller.abort())
      const copying = { side: 'replica', call: 'handle.copyFrom' } as const
      const { report, faults } = await mirror(folders, setting, { signal: controller.signal }, [
        { ...copying, nth: 4, times: 1, race: [{ do: 'signal', signal: 'SIGUSR2' }] },
        { ...copying, most: 1 << 12 },
      ])
      expect(report.exitCode).toBe(130)
      expect(readTree(folders.replica)['large']).toMatchObject({ content: 'old' })
      expect(faults.struck[1]).toBeLessThan((24 << 20) / (1 << 12))
    })
  },
)

const never = async (stop: () => void): Promise<never> => (stop(), await new Promise(() => {}))

describe('K07: a function of the caller', () => {
  const inline = { held: 'paths', concurrency: 1 } as const
  const endless: readonly (readonly [what: string, stops: Stops])[] = [
    ['a comparer', stop => ({ compare: async () => await never(stop) })],
    [
      'a hasher',
      stop => ({
        compare: 'content',
        hasher: { name: 'own', create: () => ({ update: async () => await never(stop), digest: () => '' }) },
      }),
    ],
    ['a listener for the plan', stop => ({ on: { plan: async () => await never(stop) } })],
    ['a listener for outcomes', stop => ({ on: { outcome: async () => await never(stop) } })],
  ]
  it.each(endless)(
    'that never comes to its end does not keep a run that is stopped: %s',
    async (_what, stops) => {
      writeTree(folders.source, { a: 'new', b: 'b' })
      writeTree(folders.replica, { a: 'a', b: 'b' })
      const controller = new AbortController()
      const { report } = await mirror(folders, inline, {
        signal: controller.signal,
        ...stops(() => controller.abort()),
      })
      expect(report.exitCode).toBe(130)
    },
  )

  it('that hashes is given no more of a large file when the run is stopped', async () => {
    const large = Buffer.alloc(24 << 20, 'same')
    for (const root of [folders.source, folders.replica]) writeTree(root, { large })
    const controller = new AbortController()
    let updates = 0
    const update = (): void => {
      if (++updates === 4) controller.abort()
    }
    const hasher = { name: 'own', create: () => ({ update, digest: () => 'same' }) }
    const options = { signal: controller.signal, compare: 'content', hasher } as const
    expect((await mirror(folders, inline, options)).report.exitCode).toBe(130)
    expect(updates).toBeLessThan(10)
  })
})

describe('a signal', () => {
  it('that is raised when the run is over changes nothing', async () => {
    writeTree(folders.source, source)
    const controller = new AbortController()
    const { report } = await mirror(folders, { held: 'paths', concurrency: 1 }, { signal: controller.signal })
    controller.abort()
    expect(report.exitCode).toBe(0)
  })
})
