/** Where the replica's file system shares blocks, an update of a big file writes only those that changed. */
import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { expectNothingLeft, type Folders, holding, mirror, settings, useFolders } from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'
import { canMount, run } from '../support/mounts.js'
import { expectSparse, writeSparse } from '../support/sparse-file.js'

const outside = useFolders()
const kib = 1 << 10
const mib = 1 << 20
const size = 24 * mib
const inline = { held: holding, concurrency: 1 } as const
const native = settings.filter(({ held }) => held === 'libc')
// Plain Node shares no blocks.
const sharing = fileSystems.filter(each => holding === 'libc' && each.keeps.reflinks && canMake(each))
const changedAt = [0, 5 * mib + 8 * kib, 13 * mib - 4 * kib] as const

/** A source elsewhere, and a replica on the file system, of this test. */
function into(on: string): Folders {
  mkdirSync(outside.source)
  // It is small: what the test before left would fill it.
  for (const name of readdirSync(on)) rmSync(join(on, name), { recursive: true })
  run('sync', ['-f', on])
  return { path: outside.path, source: outside.source, replica: mkdtempSync(join(on, 'test-')) }
}

function writeAt(path: string, position: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+')
  writeSync(fd, bytes, 0, bytes.length, position)
  closeSync(fd)
}

/** Changes three blocks, and adds a part of one. */
function edit(path: string): number {
  for (const at of changedAt) writeAt(path, at, randomBytes(4 * kib))
  appendFileSync(path, randomBytes(1000))
  return 3 * 4 * kib + 1000
}

function freeOf(path: string): number {
  run('sync', ['-f', path])
  const { bfree, bsize } = statfsSync(path)
  return bfree * bsize
}

/** How many bytes of a file lie in extents that another file has, too. */
function sharedBytes(path: string): number {
  run('sync', ['-f', path])
  const extents = spawnSync('filefrag', ['-v', '-b1', path], { encoding: 'utf8' }).stdout.split('\n')
  return extents
    .filter(line => line.includes('shared'))
    .reduce((sum, line) => sum + Number(line.split(':')[3]), 0)
}

describe.each(sharing)('on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(native)('only changed blocks are written ($held, $concurrency)', async setting => {
    const on = into(mounted.path)
    const [source, copy] = [join(on.source, 'f'), join(on.replica, 'f')]
    writeFileSync(source, randomBytes(size))
    const first = await mirror(on, setting)
    expect(first.report.bytes).toBe(size)
    // What keeps the old version shows what the new one has in common with it.
    const old = join(mounted.path, 'old')
    run('cp', ['--reflink=always', copy, old])
    const written = edit(source)
    const before = freeOf(on.replica)
    const asked = { side: 'replica', call: 'handle.write' } as const
    const { report, faults } = await mirror(on, setting, {}, [asked])
    expect(report.exitCode).toBe(0)
    expectEqualTrees(on.source, on.replica)
    expect(report.bytes).toBe(written)
    // Three blocks, and the end.
    expect(faults.struck).toEqual([4])
    expect(before - freeOf(on.replica)).toBeLessThan(mib)
    expect(sharedBytes(copy)).toBeGreaterThan(size - mib)
    await expectNothingLeft(on, setting)
  })

  it.each([{}, { verify: true }, { hasher: 'sha256' }, { compare: 'content' }, { durable: true }] as const)(
    'what is longer or shorter by then is equal, whatever is asked for (%o)',
    async options => {
      const on = into(mounted.path)
      const source = join(on.source, 'f')
      writeFileSync(source, randomBytes(size))
      await mirror(on, inline)
      for (const change of [edit, (path: string) => truncateSync(path, 17 * mib + 5), edit]) {
        change(source)
        const digests: (string | undefined)[] = []
        const told = {
          outcome: ({ digest }: { readonly digest: string | undefined }) => void digests.push(digest),
        }
        const { report } = await mirror(on, inline, { ...options, on: told })
        expect(report.exitCode).toBe(0)
        expect(report.bytes).toBeLessThan(mib)
        expectEqualTrees(on.source, on.replica)
        const wanted = createHash('sha256').update(readFileSync(source)).digest('hex')
        expect(digests).toContain('hasher' in options ? wanted : undefined)
      }
    },
  )

  it.each(native)('holes come and go with those of the source ($held, $concurrency)', async setting => {
    const on = into(mounted.path)
    const [source, copy] = [join(on.source, 'f'), join(on.replica, 'f')]
    const versions: readonly (readonly (readonly [number, number])[])[] = [
      [
        [0, mib],
        [10 * mib, mib],
      ],
      [
        [mib, mib],
        [11 * mib, mib],
        [30 * mib, mib],
      ],
      [[40 * mib, 64 * kib]],
    ]
    for (const data of versions) {
      writeFileSync(source, '')
      writeSparse(source, 48 * mib, data)
      const { report } = await mirror(on, setting)
      expect(report.exitCode).toBe(0)
      expectSparse(copy, 48 * mib, data)
      expectEqualTrees(on.source, on.replica)
    }
  })

  it.each([
    ['a small one', 4 * mib, 4 * mib],
    ['one that was much smaller', 9 * mib, 24 * mib],
    ['one that was much larger', 24 * mib, 9 * mib],
  ])('is not tried for %s', async (_what, before, after) => {
    const on = into(mounted.path)
    const source = join(on.source, 'f')
    writeFileSync(source, randomBytes(before))
    await mirror(on, inline)
    writeFileSync(source, randomBytes(after))
    const { report, faults } = await mirror(on, inline, {}, [{ side: 'replica', call: 'handle.shareBlocks' }])
    // With the source alone, which is elsewhere.
    expect([report.bytes, faults.struck]).toEqual([after, [1]])
    expectEqualTrees(on.source, on.replica)
  })

  it('a first copy begins with nothing', async () => {
    const on = into(mounted.path)
    writeFileSync(join(on.source, 'f'), randomBytes(size))
    const { faults } = await mirror(on, inline, {}, [{ side: 'replica', call: 'handle.shareBlocks' }])
    expect(faults.struck).toEqual([1])
  })

  it('what differs all over is copied, and not compared to its end', async () => {
    const on = into(mounted.path)
    const source = join(on.source, 'f')
    writeFileSync(source, Buffer.alloc(80 * mib, 'a'))
    await mirror(on, inline)
    writeFileSync(source, Buffer.alloc(80 * mib, 'b'))
    const { report, faults } = await mirror(on, inline, {}, [{ side: 'replica', call: 'handle.read' }])
    expect(report.bytes).toBe(80 * mib)
    // Once by the comparison, which found them different at once.
    expect(faults.struck).toEqual([65])
    expectEqualTrees(on.source, on.replica)
  })
})

describe('where blocks cannot be shared', () => {
  it('is found out once, and the file is copied', async () => {
    const on = outside
    mkdirSync(on.source)
    for (const each of ['a', 'b', 'c']) writeFileSync(join(on.source, each), randomBytes(9 * mib))
    await mirror(on, inline)
    for (const each of ['a', 'b', 'c']) writeAt(join(on.source, each), 0, randomBytes(10))
    const { report } = await mirror(on, inline)
    expect([report.exitCode, report.bytes]).toEqual([0, 27 * mib])
    expectEqualTrees(on.source, on.replica)
  })
})

it('are mounted where this machine can', () => {
  expect(fileSystems.some(canMake)).toBe(canMount)
})
