/** With `compare: 'content'`: what is not read again, and what rots. */
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { canMake, fileSystems } from '../support/file-systems.js'
import { syncWith } from '../support/core.mjs'
import { faulty } from '../support/faulty.js'
import { describeEachSetting, mirror, type Setting, shownChange, useFolders } from '../support/mirror.js'
import { canMount, run } from '../support/mounts.js'
import { startJanitor } from '../support/janitor.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const content = { compare: 'content' } as const
const onLinux = process.platform === 'linux'

afterEach(() => void vi.restoreAllMocks())

/** What was made a moment ago may change again without another time: it is remembered only later. */
function later(): void {
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
}

/** How many files of a side are opened by a run. */
async function opened({ held, concurrency }: Setting, options: Partial<SyncOptions> = {}): Promise<number> {
  const { source, replica, path } = folders
  const counting = faulty([{ side: 'source', call: 'openFile', most: 1e9 }], concurrency > 1)
  const stateFolder = join(path, 'state')
  const all = { source, replica, held, concurrency, reject: false, stateFolder, ...content }
  const report = await syncWith({ ...all, ...options }, counting.internals)
  expect(report.exitCode).toBe(0)
  return counting.struck[0] ?? Number.NaN
}

function memories(): readonly string[] {
  const folder = join(folders.path, 'state', 'contents')
  try {
    return readdirSync(folder).map(name => join(folder, name))
  } catch {
    return []
  }
}

const tree = { a: 'a', 'Ã\u{1F600}': 'b', d: { e: 'e', ÿ: 'f', g: { h: 'x'.repeat(200_000) } } }

describe.runIf(onLinux)('the memory of contents', () => {
  describeEachSetting('is used', setting => {
    it('what was found equal is not read again', async () => {
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      later()
      const counts = [
        await opened(setting),
        await opened(setting),
        await opened(setting, { hashMemory: false }),
      ]
      expect(counts).toEqual([5, 0, 5])
    })

    it.each<Partial<SyncOptions>>([
      { files: ['a'] },
      { rules: ['- d'] },
      { maxSize: 10 },
      { older: new Date(0) },
    ])('is not lost by a run that looks at less: %j', async less => {
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      later()
      await opened(setting)
      await opened(setting, less)
      expect(await opened(setting)).toBe(0)
    })

    it('what was changed is read and copied, also where its size and time were put back', async () => {
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      later()
      await mirror(folders, setting, content)
      for (const path of [join(folders.source, 'a'), join(folders.replica, 'd', 'e')]) {
        const { atime, mtime } = statSync(path)
        writeFileSync(path, path.endsWith('a') ? 'y' : 'z')
        utimesSync(path, atime, mtime)
      }
      const { changes, problems } = await mirror(folders, setting, content)
      expect([changes.map(shownChange), problems]).toEqual([['update a', 'update d/e'], []])
      expect(await opened(setting)).toBe(2)
      expect(await opened(setting)).toBe(0)
    })

    it('what changed when it was read, or since, is read again', async () => {
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      expect([await opened(setting), await opened(setting)]).toEqual([5, 5])
      expect(memories()).toEqual([])
    })

    it('what has another mode is read again', async () => {
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      later()
      await mirror(folders, setting, content)
      chmodSync(join(folders.source, 'a'), 0o600)
      expect(await opened(setting)).toBe(1)
    })
  })

  const setting: Setting = { held: 'proc', concurrency: 1 }

  it.each([
    ['is cut short', (file: string) => truncateSync(file, statSync(file).size - 9)],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['has a byte more', (file: string) => appendFileSync(file, 'x')],
    ['has another byte', (file: string) => flip(file, 200)],
    ['has another byte in its head', (file: string) => flip(file, 3)],
    ['is of another format', (file: string) => writeFileSync(file, '{"format":"else"}'.repeat(100))],
  ])('that %s is told once, and made anew', async (_, spoil) => {
    writeTree(folders.source, tree)
    await mirror(folders, setting)
    later()
    await mirror(folders, setting, content)
    for (const file of memories()) spoil(file)
    const { problems, report } = await mirror(folders, setting, content)
    expect([report.exitCode, problems.map(({ code, path }) => [code, path])]).toEqual([0, [['notice', '']]])
    const next = await mirror(folders, setting, content)
    expect(next.problems).toEqual([])
    expect(await opened(setting)).toBe(0)
  })

  it('is neither read nor written unless contents are compared', async () => {
    writeTree(folders.source, tree)
    await mirror(folders, setting)
    later()
    await mirror(folders, setting)
    await mirror(folders, setting, { ...content, hashMemory: false })
    await mirror(folders, setting, { ...content, dryRun: true })
    expect(memories()).toEqual([])
    await mirror(folders, setting, content)
    const [file = ''] = memories()
    truncateSync(file, 5)
    const { problems } = await mirror(folders, setting)
    expect([problems, statSync(file).size]).toEqual([[], 5])
  })

  it('each file is read once again in as many runs as its share says, and no memory is written for that', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `f${index}`)
    writeTree(folders.source, Object.fromEntries(names.map(name => [name, name])))
    await mirror(folders, setting)
    later()
    await mirror(folders, setting, content)
    const { ino } = statSync(memories()[0] ?? '')
    const counts: number[] = []
    for (let round = 0; round < 20; round++) counts.push(await opened(setting, { scrub: '10%' }))
    expect([sum(counts.slice(0, 10)), sum(counts.slice(5, 15)), Math.max(...counts) < 20]).toEqual([
      60,
      60,
      true,
    ])
    expect(counts.slice(10)).toEqual(counts.slice(0, 10))
    expect(statSync(memories()[0] ?? '').ino).toBe(ino)
  })

  it('a hash of its own is remembered apart, and one by an object not at all', async () => {
    writeTree(folders.source, tree)
    await mirror(folders, setting)
    later()
    const sha = { hasher: 'sha256' } as const
    expect([await opened(setting, sha), await opened(setting, sha), await opened(setting)]).toEqual([5, 0, 5])
  })
})

/** A file system whose bytes can be changed behind its back. */
class Image {
  readonly at: string
  readonly file: string
  private readonly device: string

  constructor(folder: string, name: string) {
    this.at = join(folder, `${name}.mounted`)
    this.file = join(folder, `${name}.image`)
    mkdirSync(this.at)
    writeFileSync(this.file, '')
    truncateSync(this.file, 16 << 20)
    run('mkfs.ext4', ['-q', '-F', this.file])
    const { stdout } = spawnSync('losetup', ['--find', '--show', this.file], { encoding: 'utf8' })
    this.device = stdout.trim()
    if (this.device === '') throw new Error('no loop device is free')
    run('mount', [this.device, this.at])
  }

  /** Puts other bytes in the place of some, wherever they lie, while nothing is mounted. */
  rot(what: string, by: string): void {
    run('umount', [this.at])
    const bytes = readFileSync(this.file)
    const found = bytes.indexOf(what)
    if (found < 0) throw new Error(`${what} is nowhere in the image`)
    bytes.write(by, found, 'latin1')
    writeFileSync(this.file, bytes)
    run('blockdev', ['--flushbufs', this.device])
    run('mount', [this.device, this.at])
  }

  [Symbol.dispose](): void {
    spawnSync('umount', ['-l', this.at])
    spawnSync('losetup', ['-d', this.device])
  }
}

const ext4 = fileSystems.find(({ name }) => name === 'ext4')
const canRot = canMount && ext4 !== undefined && canMake(ext4)

describe.runIf(canRot)('rot', () => {
  const setting: Setting = { held: 'proc', concurrency: 1 }
  const images: Image[] = []
  /** Where this process ends before its tests do. */
  const janitors: ReturnType<typeof startJanitor>[] = []
  const good = 'the only content of its kind '.repeat(10)
  const bad = good.replace('only', 'onlx')
  const options = { ...content, scrub: '100%' } as const

  afterEach(() => {
    for (const image of images.splice(0)) image[Symbol.dispose]()
    for (const janitor of janitors.splice(0)) janitor.kill('SIGKILL')
  })

  /** A source and a replica that were found equal, and then `rots` of them. */
  async function rotten(...rots: readonly (readonly ['source' | 'replica', string])[]): Promise<{
    readonly source: string
    readonly replica: string
    readonly path: string
  }> {
    const { path } = folders
    const mounts = ['source', 'replica'].map(side => join(path, `${side}.mounted`))
    janitors.push(startJanitor(join(path, 'nothing'), mounts))
    const made = { source: new Image(path, 'source'), replica: new Image(path, 'replica') }
    images.push(made.source, made.replica)
    const at = { path, source: join(made.source.at, 'tree'), replica: join(made.replica.at, 'tree') }
    writeTree(at.source, { bad: good, well: 'well' })
    await mirror(at, setting)
    later()
    expect((await mirror(at, setting, content)).report.exitCode).toBe(0)
    for (const [side, by] of rots) made[side].rot(good, by)
    for (const [side, by] of rots) expect(readFileSync(join(at[side], 'bad'), 'latin1')).toBe(by)
    return at
  }

  it('in the source is told, and the good copy kept', async () => {
    const at = await rotten(['source', bad])
    expect(bytesOf(at)).toEqual([bad, good])
    const { report, problems, changes } = await mirror(at, setting, options)
    expect([report.exitCode, changes]).toEqual([23, []])
    expect(problems.map(({ code, side, path }) => [code, side, path])).toEqual([['rot', 'source', 'bad']])
    expect(bytesOf(at)).toEqual([bad, good])
    const again = await mirror(at, setting, options)
    expect([again.report.exitCode, again.changes]).toEqual([23, []])
    // Written on purpose, it is a change like any other.
    writeFileSync(join(at.source, 'bad'), good.replace('only', 'next'))
    const mended = await mirror(at, setting, options)
    expect([mended.report.exitCode, mended.changes.map(shownChange)]).toEqual([0, ['update bad']])
  })

  it('in the replica is told, and mended by the good source', async () => {
    const at = await rotten(['replica', bad])
    const { report, problems, changes } = await mirror(at, setting, options)
    expect([report.exitCode, changes.map(shownChange)]).toEqual([23, ['update bad']])
    expect(problems.map(({ code, side }) => [code, side])).toEqual([['rot', 'replica']])
    expect(bytesOf(at)).toEqual([good, good])
    expect((await mirror(at, setting, options)).report.exitCode).toBe(0)
  })

  it.each([
    ['in two ways', good.replace('kind', 'kinx')],
    ['alike', bad],
  ])('on both sides is told of both, and both are kept (%s)', async (_, other) => {
    const at = await rotten(['source', bad], ['replica', other])
    const { report, problems, changes } = await mirror(at, setting, options)
    expect([report.exitCode, changes]).toEqual([23, []])
    expect(
      problems.map(({ code, side }) => `${code} in the ${side}`).toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['rot in the replica', 'rot in the source'])
    expect(bytesOf(at)).toEqual([bad, other])
  })

  it('in the source is told without a scrub where the replica has another time', async () => {
    const at = await rotten(['source', bad])
    utimesSync(join(at.replica, 'bad'), 1, 1)
    const { report, changes, problems } = await mirror(at, setting, content)
    expect([report.exitCode, changes, problems.map(({ code }) => code)]).toEqual([23, [], ['rot']])
    expect(bytesOf(at)).toEqual([bad, good])
  })

  it('in the source is told by each run, and never copied, until the file is written anew', async () => {
    const at = await rotten(['source', bad])
    utimesSync(join(at.replica, 'bad'), 1, 1)
    for (let round = 0; round < 3; round++) {
      const { report, changes, problems } = await mirror(at, setting, content)
      expect([report.exitCode, changes, problems.map(({ code }) => code)]).toEqual([23, [], ['rot']])
      chmodSync(join(at.replica, 'bad'), 0o600 + round)
    }
    expect(bytesOf(at)).toEqual([bad, good])
    writeFileSync(join(at.source, 'bad'), good.replace('only', 'next'))
    expect((await mirror(at, setting, content)).report.exitCode).toBe(0)
    expect((await mirror(at, setting, content)).changes).toEqual([])
  })

  it('that a scrub found in the source is told by runs that do not scrub', async () => {
    const at = await rotten(['source', bad])
    expect((await mirror(at, setting, options)).report.exitCode).toBe(23)
    expect((await mirror(at, setting, content)).report.exitCode).toBe(23)
  })

  it('that is gone is forgotten', async () => {
    const at = await rotten(['source', bad])
    expect((await mirror(at, setting, options)).report.exitCode).toBe(23)
    for (const image of images.slice(0, 1)) image.rot(bad, good)
    expect((await mirror(at, setting, content)).report.exitCode).toBe(0)
    expect(await opened(setting, { source: at.source, replica: at.replica })).toBe(0)
  })

  it('is not looked for where nothing is read', async () => {
    const at = await rotten(['replica', bad])
    expect((await mirror(at, setting, content)).report.exitCode).toBe(0)
    expect((await mirror(at, setting)).report.exitCode).toBe(0)
  })
})

function bytesOf(at: { readonly source: string; readonly replica: string }): readonly string[] {
  return [at.source, at.replica].map(side => readFileSync(join(side, 'bad'), 'utf8'))
}

function sum(some: readonly number[]): number {
  return some.reduce((all, count) => all + count, 0)
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
