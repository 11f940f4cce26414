/** `durable`: what is new reaches the storage before it gets its name, and all that was done before success is told. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FlushWay } from '../../packages/core/dist/model/finish-jobs.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault } from '../support/faulty.js'
import {
  describeEachSetting,
  expectNothingLeft,
  holding,
  mirror,
  type Mirrored,
  sampled,
  type Setting,
  useFolders,
} from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { expectOldOrNew, expectTimesRestored } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { directory, file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()
const inline: Setting = { held: holding, concurrency: 1 }
const old = { mtime: '2012-12-12T12:12:12Z' }
const durable = { durable: true }
const source: TreeLiteral = {
  a: 'new content',
  d: { b: 'newer content', new: { deep: { c: 'c' } }, linked: hardLink('a') },
  link: symlink('new target'),
  full: 'was a full directory',
  empty: 'was an empty one',
  mode: file('m', { mode: 0o600 }),
  file: { is: 'a directory now' },
  more: hardLink('a'),
}
const replica: TreeLiteral = {
  a: 'old',
  d: directory({ b: 'older' }, old),
  link: symlink('old'),
  full: { x: 'x' },
  empty: {},
  mode: 'm',
  file: 'old',
  old: directory({ gone: 'g' }, old),
}
/** What a run writes is flushed that often: a batch, before deletions, what takes a directory's place, and at the end. */
const flushes = ['a batch', 'before deletions', 'a staged replacement', 'the end'] as const

function write(): void {
  writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11Z' }))
  writeTree(folders.replica, directory(replica, old))
}

async function run(
  setting: Setting,
  planted: readonly Fault[] = [],
  flush: FlushWay = 'whole',
): Promise<Mirrored> {
  return await mirror(folders, setting, durable, planted, { flush })
}

function flushFails(errno: string, nth = 1): Fault {
  return { side: 'replica', call: 'flush', errno, nth }
}

describeEachSetting('a durable run', setting => {
  it.each(['whole', 'each'] as const)(
    'makes the replica equal, and finds nothing to do after that (%s)',
    async flush => {
      write()
      const { report } = await run(setting, [], flush)
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
      await expectNothingLeft(folders, setting, durable)
    },
  )

  it('finds its own way to the storage', async () => {
    write()
    await mirror(folders, setting, durable)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('S04, S06: a batch that cannot be flushed is dropped, and not flushed again (11)', async () => {
    write()
    const before = readTree(folders.replica)
    const { report, problems, faults } = await run(setting, [flushFails('EIO')])
    expect(report.exitCode).toBe(11)
    expect(faults.struck).toEqual([1])
    expect(problems.map(({ code, errno }) => [code, errno])).toEqual([['storage-failed', 'EIO']])
    expect(problems[0]?.message).toMatch(
      /^"[^"]+" could not be brought to the storage of the replica: input\/output error \(EIO\)/,
    )
    // What has no content is changed in place, and no harm.
    const changed = Object.entries(readTree(folders.replica)).filter(
      ([path, entry]) => entry.kind === 'file' && JSON.stringify(before[path]) !== JSON.stringify(entry),
    )
    expect(changed.map(([path]) => path)).toEqual(['mode'])
    expect(readdirSync(join(folders.replica, 'old'))).toEqual(['gone'])
  })

  it.each(
    sampled(
      flushes.map((what, index) => [what, index + 1] as const),
      setting,
    ),
  )('S04, S06: a flush that fails (%s) stops the run, and the next one makes it good', async (_, nth) => {
    write()
    const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
    const { report, problems, faults } = await run(setting, [flushFails('EDQUOT', nth)])
    expect(report.exitCode).toBe(11)
    expect(faults.struck).toEqual([1])
    expect(problems.map(({ errno }) => errno)).toEqual(['EDQUOT'])
    const after = readTree(folders.replica)
    expectOldOrNew(after, before, wanted)
    expectTimesRestored(after, before, wanted)
    // Nothing is deleted before what was copied is safe.
    expect(after['old/gone'] === undefined).toBe(nth === flushes.length)
    await run(setting)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('S04, S06: a file that cannot be flushed by itself keeps its old content (11)', async () => {
    write()
    const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
    const planted: Fault = { side: 'replica', call: 'handle.flush', errno: 'EIO' }
    const { report, problems, faults } = await run(setting, [planted], 'each')
    expect(report.exitCode).toBe(11)
    expect(faults.struck).toEqual([1])
    expect(problems).toMatchObject([{ code: 'storage-failed', errno: 'EIO' }])
    expectOldOrNew(readTree(folders.replica), before, wanted)
    expect(readTree(folders.replica)['a']).toEqual(before['a'])
  })

  it('with nothing to do still flushes: what an earlier run left to the system is promised, too', async () => {
    write()
    await mirror(folders, setting)
    const { report, problems } = await run(setting, [flushFails('EIO')])
    expect(report.exitCode).toBe(11)
    expect(problems).toMatchObject([{ code: 'storage-failed', errno: 'EIO', path: '' }])
  })

  it('that is stopped does not wait for the storage', async () => {
    write()
    const stop = new AbortController()
    const on = { change: () => stop.abort() }
    const { report, faults } = await mirror(folders, setting, { ...durable, signal: stop.signal, on })
    expect(report.exitCode).toBe(130)
    expect(faults.openHandles).toBe(0)
  })
})

describe.skipIf(!canMount)('a durable run into what is mounted in the replica (needs mount)', () => {
  it('S14: flushes that file system too, before what is new gets its name, and at the end', async () => {
    writeTree(folders.source, { m: { f: 'new content', g: hardLink('m/f') }, n: 'n' })
    writeTree(folders.replica, { m: {} })
    mounts.tmpfs(join(folders.replica, 'm'))
    const counting: Fault = { side: 'replica', call: 'flush', path: 'm' }
    const { report, faults } = await run(inline, [counting])
    expect(report.exitCode).toBe(0)
    // The file, and the end; the second name is no content.
    expect(faults.struck[0]).toBeGreaterThanOrEqual(2)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, inline, durable)
  })
})

const tenOf = (content: string, size = 100_000): TreeLiteral =>
  Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`f${index}`, content.repeat(size)]))

describe.skipIf(!canMount)('a durable run (needs mount)', () => {
  it.each([holding, 'paths'] as const)(
    'S04: whose replica has room for a few of its files only goes on when those have their names (%s)',
    async held => {
      writeTree(folders.source, tenOf('n', 100_001))
      writeTree(folders.replica, {})
      mounts.tmpfs(folders.replica, 'size=1400k')
      writeTree(folders.replica, tenOf('o'))
      const setting: Setting = { held, concurrency: 1 }
      const { report, problems } = await mirror(folders, setting, durable, [], { flush: 'whole' })
      expect([report.exitCode, problems]).toEqual([0, []])
      expectEqualTrees(folders.source, folders.replica)
    },
  )
})

/** There is no room for the sixth file, nor, with `times`, for the next ones. */
function noRoom(times: number): Fault {
  const path = /^\.facsimile-[^/]+\/\d+\/\d+$/
  return { side: 'replica', call: 'createFile', path, errno: 'ENOSPC', nth: 6, times }
}

function writeTen(): void {
  writeTree(folders.source, tenOf('n', 100_001))
  writeTree(folders.replica, tenOf('o'))
}

describe('a durable run without room', () => {
  it('S04: for a file that does not fit after that either keeps those before it (11)', async () => {
    writeTen()
    const { report, faults } = await run(inline, [noRoom(2)])
    expect(faults.struck).toEqual([2])
    expect(report).toMatchObject({ exitCode: 11, changes: { update: { done: 5, failed: 1 } } })
    await run(inline)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('S04, S06: to which the storage fails when room is made drops all that was staged (11)', async () => {
    writeTen()
    const before = readTree(folders.replica)
    const { report, problems, faults } = await run(inline, [noRoom(1), flushFails('EIO')])
    expect(faults.struck).toEqual([1, 1])
    expect(report).toMatchObject({ exitCode: 11, changes: { update: { done: 0 } } })
    expect(problems).toMatchObject([{ code: 'storage-failed', errno: 'EIO' }])
    expect(readTree(folders.replica)).toEqual(before)
  })
})

describe.skipIf(!canMount)('a durable run beside what is mounted in the replica (needs mount)', () => {
  const failing: Fault = { side: 'replica', call: 'flush', path: 'm', errno: 'EIO' }

  it.each([
    ['with nothing to do', 'the same'],
    ['that writes elsewhere', 'longer than it was'],
  ])('S14: %s flushes that, too', async (_, content) => {
    writeTree(folders.source, { m: { f: 'f' }, n: 'the same' })
    writeTree(folders.replica, { m: {} })
    mounts.tmpfs(join(folders.replica, 'm'))
    await mirror(folders, inline)
    writeTree(folders.source, { n: content })
    const { report, problems } = await run(inline, [failing])
    expect(report.exitCode).toBe(11)
    expect(problems).toMatchObject([{ code: 'storage-failed', errno: 'EIO', path: '' }])
  })

  it('S14: takes nothing amiss that it may not enter, and so has not written to', async () => {
    writeTree(folders.source, { n: 'n' })
    writeTree(folders.replica, { m: {} })
    mounts.tmpfs(join(folders.replica, 'm'))
    const shut: Fault = { side: 'replica', call: 'openDirectory', path: 'm', errno: 'EACCES' }
    const options = { ...durable, exclude: ['m'] }
    const { report, problems } = await mirror(folders, inline, options, [shut], { flush: 'whole' })
    expect([report.exitCode, problems]).toEqual([0, []])
  })
})

describe('a durable run that deletes', () => {
  it('keeps what was renamed in the source, and is copied, until its copy is safe', async () => {
    writeTree(folders.source, { after: 'the same, and more' })
    writeTree(folders.replica, { before: 'the same' })
    const { report } = await run(inline, [flushFails('EIO', 2)])
    expect(report.exitCode).toBe(11)
    expect(Object.keys(readTree(folders.replica))).toContain('before')
  })
})

describe('a durable run of many files', () => {
  it('flushes once for many of them', async () => {
    for (let index = 0; index < 300; index++) {
      if (index === 0) writeTree(folders.source, {})
      writeFileSync(join(folders.source, `file ${index}`), String(index))
    }
    writeTree(folders.replica, {})
    // A fault that changes nothing counts.
    const counting: Fault = { side: 'replica', call: 'flush' }
    const { faults } = await run(inline, [counting])
    expect(faults.struck[0]).toBeLessThanOrEqual(10)
    expectEqualTrees(folders.source, folders.replica)
  })
})
