/** Where the file system can, a copy shares the blocks of its source: no data is written, and no room is taken. */
import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { canMount } from '../support/mounts.js'
import { expectNothingLeft, type Folders, mirror, settings, useFolders } from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'
import { expectSparse, writeSparse } from '../support/sparse-file.js'

const outside = useFolders()
const mib = 1 << 20
const native = settings.filter(({ held }) => held === 'libc')
const sharing = fileSystems.filter(each => each.keeps.reflinks && canMake(each))

/** A source and a replica on one file system, of this test. */
function both(on: string): Folders {
  const path = mkdtempSync(join(on, 'test-'))
  const folders = { path, source: join(path, 'source'), replica: join(path, 'replica') }
  mkdirSync(folders.source)
  return folders
}

function freeOf(path: string): number {
  spawnSync('sync', ['-f', path])
  const { bfree, bsize } = statfsSync(path)
  return bfree * bsize
}

/** What is not written out yet has no place that could be shared. */
function isShared(path: string): boolean {
  spawnSync('sync', ['-f', path])
  return spawnSync('filefrag', ['-v', path], { encoding: 'utf8' }).stdout.includes('shared')
}

describe.each(sharing)('on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(native)('F07: a copy shares its blocks with the source ($held, $concurrency)', async setting => {
    const on = both(mounted.path)
    for (const each of ['a', 'b', 'c']) writeFileSync(join(on.source, each), Buffer.alloc(15 * mib, each))
    writeFileSync(join(on.source, 'small'), 'small')
    const before = freeOf(on.path)
    const asked = { side: 'replica', call: 'handle.shareBlocks' } as const
    const { report, faults } = await mirror(on, setting, {}, [asked])
    expect([report.exitCode, faults.struck]).toEqual([0, [3]])
    expect(before - freeOf(on.path)).toBeLessThan(5 * mib)
    expect(['a', 'b', 'c'].map(each => isShared(join(on.replica, each)))).toEqual([true, true, true])
    expectEqualTrees(on.source, on.replica)
    await expectNothingLeft(on, setting)
    // What is shared is no longer so where one of the two is written.
    appendFileSync(join(on.source, 'a'), 'more')
    await mirror(on, setting)
    expectEqualTrees(on.source, on.replica)
  })

  it.each(native)('a copy that shares blocks keeps holes ($held, $concurrency)', async setting => {
    const on = both(mounted.path)
    writeSparse(join(on.source, 'f'), 300 * mib, [[100 * mib, mib]])
    await mirror(on, setting)
    expectSparse(join(on.replica, 'f'), 300 * mib, [[100 * mib, mib]])
    expect(isShared(join(on.replica, 'f'))).toBe(true)
  })

  it.each([{ hasher: 'xxh64' }, { verify: true }, { preserve: { sparse: false } }])(
    'what is to be read shares nothing (%o)',
    async options => {
      const on = both(mounted.path)
      writeFileSync(join(on.source, 'f'), Buffer.alloc(mib, 'f'))
      await mirror(on, { held: 'libc', concurrency: 1 }, options)
      expect(isShared(join(on.replica, 'f'))).toBe(false)
      expectEqualTrees(on.source, on.replica)
    },
  )

  it.each(settings)('holes are kept from it and to it ($held, $concurrency)', async setting => {
    const on = both(mounted.path)
    writeSparse(join(on.source, 'f'), 300 * mib, [[100 * mib, mib]])
    const ways = [
      { path: outside.path, source: on.source, replica: outside.replica },
      { path: outside.path, source: outside.replica, replica: on.replica },
    ]
    for (const way of ways) {
      const { report } = await mirror(way, setting)
      expect(report.exitCode).toBe(0)
      expectSparse(join(way.replica, 'f'), 300 * mib, [[100 * mib, mib]])
    }
  })

  it.each(native.filter(({ concurrency }) => concurrency === 1))(
    'another file system is asked once whether blocks can be shared with it ($held)',
    async setting => {
      const on = both(mounted.path)
      for (const each of ['a', 'b', 'c']) writeFileSync(join(on.source, each), Buffer.alloc(mib, each))
      const folders = { path: outside.path, source: on.source, replica: outside.replica }
      const { report, faults } = await mirror(folders, setting, {}, [
        { side: 'replica', call: 'handle.shareBlocks' },
        { side: 'replica', call: 'handle.copyFrom' },
      ])
      expect([report.exitCode, faults.struck]).toEqual([0, [1, 1]])
      expectEqualTrees(folders.source, folders.replica)
    },
  )
})

it('are mounted where this machine can', () => {
  expect(fileSystems.some(canMake)).toBe(canMount)
})
