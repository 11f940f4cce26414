/** `partial`: a big file that was cut off is gone on with, and whatever lies in staging is proven, or not used. */
import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { syncWith } from '../support/core.mjs'
import { driveKilled } from '../support/drive.js'
import {
  expectNothingLeft,
  holding,
  mirror,
  type Mirrored,
  type Setting,
  shownChange,
  stagedIn,
  useFolders,
} from '../support/mirror.js'
import { run } from '../support/mounts.js'
import { expectSparse, writeSparse } from '../support/sparse-file.js'

const folders = useFolders()
const kib = 1 << 10
const mib = 1 << 20
const size = 32 * mib
const partial = { partial: true }
const inline: Setting = { held: holding, concurrency: 1 }
const settings: readonly Setting[] = [inline, { held: holding, concurrency: 2 }]
const source = (path = 'd/new/big'): string => join(folders.source, path)
const replica = (path = 'd/new/big'): string => join(folders.replica, path)

function write(): void {
  mkdirSync(join(folders.source, 'd/new'), { recursive: true })
  writeFileSync(source(), randomBytes(size))
  for (const name of ['a', 'd/b', 'd/new/c', 'z']) writeFileSync(source(name), name)
}

/** What the system copies at once, or by plain Node is read and written. */
const [call, piece] = holding === 'libc' ? (['copy_file_range', 8 * mib] as const) : (['write', mib] as const)

/** Kills a run when so much of the file, or some more, was written by it. */
async function kill(bytes: number, { setting = inline, isPlaced = false } = {}): Promise<void> {
  // Node itself writes, too, but copies nothing, and nothing at a place of its own.
  const isMixed = call === 'write' && !isPlaced
  const nth = (isMixed ? 12 : 0) + bytes / piece + 1
  const atPlace = call === 'write' && isPlaced ? 'pwrite64' : call
  expect(await driveKilled(folders, setting, atPlace, nth, partial)).toBe(true)
  expect(existsSync(replica())).toBe(false)
}

/** The file that the killed run left. */
function left(): string {
  const notes = stagedIn(folders.replica).flatMap(staging =>
    readdirSync(join(folders.replica, staging), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.note'))
      .map(name => join(folders.replica, staging, name.slice(0, -'.note'.length))),
  )
  // What a later run took over is there no more.
  return notes.find(each => existsSync(each)) ?? notes[0] ?? 'none'
}

async function goOn(setting = inline, options: object = partial): Promise<Mirrored> {
  const mirrored = await mirror(folders, setting, options)
  expect(mirrored.report.exitCode).toBe(0)
  expect(stagedIn(folders.replica)).toEqual([])
  expectEqualTrees(folders.source, folders.replica)
  return mirrored
}

function writeAt(path: string, position: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+')
  writeSync(fd, bytes, 0, bytes.length, position)
  closeSync(fd)
}

describe.skipIf(!canStrace)('a big file that was cut off by a kill (needs strace)', () => {
  it.each(settings)('is gone on with: only the rest is written ($held, $concurrency)', async setting => {
    write()
    await kill(16 * mib, { setting })
    const held = statSync(left()).size
    expect(held).toBeGreaterThanOrEqual(8 * mib)
    const { report, changes } = await goOn(setting)
    expect(report.bytes).toBeLessThanOrEqual(size - held + 100)
    // What was left is neither planned nor counted.
    expect(changes.map(shownChange).filter(line => line.includes('.facsimile-'))).toEqual([])
    await expectNothingLeft(folders, setting, partial)
  })

  it('is gone on with again and again', async () => {
    write()
    await kill(8 * mib)
    const first = statSync(left()).size
    await kill(8 * mib, { isPlaced: true })
    const second = statSync(left()).size
    expect(second).toBeGreaterThan(first)
    expect((await goOn()).report.bytes).toBeLessThanOrEqual(size - second + 100)
  })

  it('what it holds is not believed: what differs is written', async () => {
    write()
    await kill(16 * mib)
    const held = statSync(left()).size
    writeAt(left(), 3 * mib + 5, Buffer.alloc(10))
    // Storage that lost power has zeros where the last data was to be.
    writeAt(left(), held - 64 * kib, Buffer.alloc(64 * kib))
    const { report } = await goOn()
    expect(report.bytes - (size - held)).toBeGreaterThanOrEqual(68 * kib)
    expect(report.bytes - (size - held)).toBeLessThan(68 * kib + 100)
  })

  it('is longer than the source, with what it should not hold', async () => {
    write()
    await kill(16 * mib)
    appendFileSync(left(), Buffer.alloc(size, 'x'))
    await goOn()
  })

  it.each([
    ['changed', () => appendFileSync(source(), 'more')],
    [
      'is another',
      () => {
        const content = readFileSync(source())
        renameSync(source(), source('d/old'))
        writeFileSync(source(), content)
        truncateSync(source('d/old'))
      },
    ],
  ])('is not used where the source %s', async (_what, change) => {
    write()
    await kill(16 * mib)
    change()
    expect((await goOn()).report.bytes).toBeGreaterThanOrEqual(size)
  })

  it.each([{}, { delete: false }])('is removed by a run that does not ask for it (%o)', async options => {
    write()
    await kill(16 * mib)
    expect((await goOn(inline, options)).report.bytes).toBeGreaterThanOrEqual(size)
  })

  it('is removed where nothing else is to be done', async () => {
    write()
    await kill(16 * mib)
    for (const path of ['d/new/big', 'a', 'z', 'd/b', 'd/new/c']) {
      mkdirSync(join(replica(path), '..'), { recursive: true })
      run('cp', ['-p', source(path), replica(path)])
    }
    await goOn()
    await goOn()
  })

  it('keeps its holes', async () => {
    mkdirSync(folders.source)
    const data = [
      [mib, 12 * mib],
      [40 * mib, 8 * mib],
    ] as const
    mkdirSync(source('d/new'), { recursive: true })
    writeSparse(source(), 64 * mib, data)
    await kill(16 * mib, { isPlaced: true })
    // Plain Node makes no hole of what was written: there it is filled with zeros.
    if (holding === 'libc') writeAt(left(), 20 * mib, Buffer.alloc(mib, 'x'))
    await goOn()
    expectSparse(replica(), 64 * mib, data)
  })

  it.each<[what: string, plant: (at: string, outside: string) => void]>([
    ['a link to it', (at, outside) => symlinkSync(outside, at)],
    ['another name of it', (at, outside) => linkSync(outside, at)],
    ['a directory', at => mkdirSync(at)],
    ['a FIFO', at => run('mkfifo', [at])],
    ['nothing', () => {}],
  ])('leaves alone what is outside, where %s lies in its place', async (_what, plant) => {
    write()
    await kill(16 * mib)
    const outside = join(folders.path, 'outside')
    renameSync(left(), outside)
    const before = { ...statSync(outside), atimeMs: 0, ctimeMs: 0, nlink: 0 }
    const content = readFileSync(outside)
    plant(left(), outside)
    expect((await goOn()).report.bytes).toBeGreaterThanOrEqual(size)
    expect(readFileSync(outside).equals(content)).toBe(true)
    const { mode, mtimeMs, ino } = statSync(outside)
    expect({ mode, mtimeMs, ino }).toEqual({ mode: before.mode, mtimeMs: before.mtimeMs, ino: before.ino })
  })

  it('is not used where others may have put it there', async () => {
    write()
    await kill(16 * mib)
    chmodSync(join(left(), '..'), 0o777)
    expect((await goOn()).report.bytes).toBeGreaterThanOrEqual(size)
  })

  it.each(['', '{', '[]', 'null', '{"format":"facsimile-unfinished-1","path":"d/new/big","inode":"x"}'])(
    'is not used where its note is %o',
    async note => {
      write()
      await kill(16 * mib)
      writeFileSync(`${left()}.note`, note)
      expect((await goOn()).report.bytes).toBeGreaterThanOrEqual(size)
    },
  )
})

describe('a big file that was cut off by an abort', () => {
  it.each(settings)('is gone on with, also in the same process ($held, $concurrency)', async setting => {
    write()
    const stop = new AbortController()
    const change = (): void => void setTimeout(() => stop.abort(), 1000)
    const { source: from, replica: to } = folders
    const options = { source: from, replica: to, ...setting, ...partial, reject: false }
    const on = { change }
    const stopped = await syncWith({ ...options, on, signal: stop.signal, bwlimit: 16 * mib }, {})
    expect(stopped.exitCode).toBe(130)
    const held = statSync(left()).size
    expect(held).toBeGreaterThan(4 * mib)
    expect(statSync(folders.replica).mtimeMs).toBeCloseTo(statSync(folders.source).mtimeMs, 1)
    expect((await goOn(setting)).report.bytes).toBeLessThanOrEqual(size - held + 100)
  })
})
