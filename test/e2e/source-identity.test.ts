/** A source that is not what it was at the last good run: refused where the replica would lose something by it. */
import { spawnSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import {
  describeEachWay,
  holding,
  mirror,
  type Mirrored,
  type Setting,
  useFolders,
} from '../support/mirror.js'
import { canMount, run, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import type { TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()
const tree: TreeLiteral = { a: 'a', d: { b: 'b', c: 'c' }, e: 'e' }
/** One that has more than a few entries to lose. */
const large: TreeLiteral = {
  ...tree,
  more: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}`, ''])),
}
const losetup = 'losetup'
const setting: Setting = { held: holding, concurrency: 1 }

function memory(): string {
  return join(folders.path, 'state', 'sources')
}

function rememberedFile(): string {
  const [name = ''] = readdirSync(memory())
  return join(memory(), name)
}

/** Refused, and the replica left as it is; looking on only says the same. */
async function expectRefused(options: Partial<SyncOptions> = {}, way: Setting = setting): Promise<void> {
  const before = readTree(folders.replica)
  const kept = readFileSync(rememberedFile(), 'utf8')
  for (const dryRun of [true, false]) {
    const error = await mirror(folders, way, { ...options, dryRun, reject: true }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'root-refused', exitCode: 26 })
    expect(String(error)).toContain('is not what it was at the last good run')
    expect(String(error)).toContain('--allow-new-source')
  }
  expect(readTree(folders.replica)).toEqual(before)
  expect(readFileSync(rememberedFile(), 'utf8')).toBe(kept)
}

async function expectMirrored(options: Partial<SyncOptions> = {}, way: Setting = setting): Promise<Mirrored> {
  const mirrored = await mirror(folders, way, options)
  expect(mirrored.report.problems).toEqual([])
  expect(mirrored.report.exitCode).toBe(0)
  expectEqualTrees(folders.source, folders.replica)
  return mirrored
}

describe.skipIf(!canMount)('R03: on another file system (needs mount)', () => {
  describeEachWay('mounted', way => {
    it('R03: a source that is not mounted, with something below its mount point, is refused', async () => {
      writeTree(folders.source, { 'not mounted': '' })
      mounts.tmpfs(folders.source)
      writeTree(folders.source, tree)
      await expectMirrored({}, way)
      mounts.clear()
      await expectRefused({}, way)
      await expectRefused({ allowEmptySource: true, maxDelete: '100%' }, way)
      // Once and for all.
      await expectMirrored({ allowNewSource: true }, way)
      writeTree(folders.source, { more: 'm' })
      await expectMirrored({}, way)
    })

    it('R03: another one mounted in its place is refused where it deletes or overwrites, not where it adds', async () => {
      for (const [index, content] of [tree, { ...tree, a: 'older' }, { ...tree, more: 'm' }].entries()) {
        mkdirSync(folders.source, { recursive: true })
        mounts.tmpfs(folders.source)
        writeTree(folders.source, content)
        if (index === 1) await expectRefused({}, way)
        else if (index === 0) await expectMirrored({}, way)
        else {
          for (const path of ['a', 'd/b', 'd/c', 'e'])
            run('touch', ['-r', join(folders.replica, path), join(folders.source, path)])
          await expectMirrored({}, way)
        }
        mounts.clear()
      }
    })
  })

  it('R03: an empty mount point is refused, also where an empty source is allowed', async () => {
    mkdirSync(folders.source)
    mounts.tmpfs(folders.source)
    writeTree(folders.source, tree)
    await expectMirrored()
    mounts.clear()
    await expectRefused()
    await expectRefused({ allowEmptySource: true })
  })

  it('R03: a bind mount that is gone is refused, though the file system is the same', async () => {
    const elsewhere = join(folders.path, 'elsewhere')
    writeTree(elsewhere, tree)
    writeTree(folders.source, { left: 'l' })
    mounts.bind(elsewhere, folders.source)
    await expectMirrored()
    mounts.clear()
    await expectRefused()
  })

  it('R03: the same tmpfs after it was remounted is what it was', async () => {
    mkdirSync(folders.source)
    mounts.tmpfs(folders.source)
    writeTree(folders.source, tree)
    await expectMirrored()
    mounts.remount(folders.source, 'size=20m,noatime')
    rmSync(join(folders.source, 'd'), { recursive: true })
    await expectMirrored()
  })

  // What an ext4 or XFS is called, only the C library asks, where nobody keeps a list of disks.
  const named = holding === 'libc' ? /^(ext4|xfs|btrfs)$/ : /^btrfs$/
  const disk = fileSystems.filter(({ name }) => named.test(name)).filter(canMake)
  it.each(disk.map(({ name }) => name))(
    'R03: %s on a disk that got another number is what it was, and another disk is not',
    async type => {
      mkdirSync(folders.source)
      const [one, other] = ['one', 'other'].map(name => join(folders.path, name)) as [string, string]
      for (const image of [one, other]) {
        writeFileSync(image, '')
        truncateSync(image, 400 * 1024 * 1024)
        run(`mkfs.${type}`, ['-q', image])
      }
      const loops: string[] = []
      const attach = (image: string): string => {
        const { stdout } = spawnSync(losetup, ['--find', '--show', image], { encoding: 'utf8' })
        loops.push(stdout.trim())
        return stdout.trim()
      }
      const mountAt = (device: string): void => run('mount', [device, folders.source])
      const unmount = (): void => run('umount', [folders.source])
      try {
        const first = attach(one)
        mountAt(first)
        writeTree(folders.source, tree)
        await expectMirrored()
        unmount()
        // The first number is taken.
        const again = attach(one)
        run(losetup, ['-d', first])
        const another = attach(other)
        expect(again).not.toBe(first)
        mountAt(again)
        rmSync(join(folders.source, 'd'), { recursive: true })
        await expectMirrored()
        unmount()
        mountAt(another)
        writeTree(folders.source, { a: 'another' })
        await expectRefused()
        unmount()
      } finally {
        spawnSync('umount', ['-q', '-l', folders.source])
        for (const loop of loops) spawnSync(losetup, ['-d', loop])
      }
    },
  )
})

describe('R03: on the same file system', () => {
  it('a folder that each build makes anew is what it was, also when all names in it are new', async () => {
    for (const round of ['one', 'two', 'three']) {
      rmSync(folders.source, { recursive: true, force: true })
      writeTree(folders.source, { [`app.${round}.js`]: round, [`style.${round}.css`]: round })
      await expectMirrored()
    }
  })

  it('one that replaces it by a rename is what it was', async () => {
    writeTree(folders.source, tree)
    writeTree(join(folders.path, 'next'), { ...tree, a: 'next', d: { b: 'b', new: 'n' } })
    await expectMirrored()
    renameSync(folders.source, join(folders.path, 'last'))
    renameSync(join(folders.path, 'next'), folders.source)
    await expectMirrored()
  })

  it('one made anew that lost more than half is refused, where the same folder is not', async () => {
    writeTree(folders.source, large)
    await expectMirrored()
    rmSync(folders.source, { recursive: true })
    writeTree(folders.source, { a: 'a' })
    await expectRefused()
    await expectMirrored({ allowNewSource: true })
    writeTree(folders.source, { ...large })
    await expectMirrored()
    for (const path of ['d', 'e', 'more']) rmSync(join(folders.source, path), { recursive: true })
    await expectMirrored()
  })

  it('one that was there before and has no name in common is refused', async () => {
    writeTree(join(folders.path, 'other'), { x: 'x', y: { z: 'z' }, v: '', w: '' })
    writeTree(folders.source, tree)
    await expectMirrored()
    renameSync(folders.source, join(folders.path, 'was'))
    renameSync(join(folders.path, 'other'), folders.source)
    await expectRefused()
  })

  it('one made anew may be empty where that is allowed', async () => {
    writeTree(folders.source, tree)
    await expectMirrored()
    rmSync(folders.source, { recursive: true })
    mkdirSync(folders.source)
    await expectMirrored({ allowEmptySource: true })
  })
})

describe('R03: what is remembered', () => {
  it('is remembered after a good run, and only then', async () => {
    writeTree(folders.source, tree)
    await mirror(folders, setting, { dryRun: true })
    expect(existsSync(memory())).toBe(false)
    const vetoed = await mirror(folders, setting, { on: { change: () => false } })
    expect([vetoed.report.exact, existsSync(memory())]).toEqual([false, vetoed.report.exitCode === 0])
    writeTree(folders.replica, { d: { x: 'x' }, y: 'y' })
    expect((await mirror(folders, setting, { maxDelete: 0 })).report.exitCode).toBe(25)
  })

  it('is not written again while it is the same', async () => {
    writeTree(folders.source, tree)
    await expectMirrored()
    utimesSync(rememberedFile(), 1, 1)
    const before = readFileSync(rememberedFile(), 'utf8')
    await expectMirrored()
    expect(readFileSync(rememberedFile(), 'utf8')).toBe(before)
  })

  it('is of one source and one replica', async () => {
    writeTree(folders.source, tree)
    await expectMirrored()
    const other = { path: folders.path, source: folders.source, replica: join(folders.path, 'second') }
    expect((await mirror(other, setting)).report.exitCode).toBe(0)
    expect(readdirSync(memory())).toHaveLength(2)
  })

  it.each(['source', 'replica'] as const)('is never kept in the %s', async side => {
    writeTree(folders.source, tree)
    const stateFolder = join(folders[side], 'state')
    expect((await mirror(folders, setting, { stateFolder })).report.exitCode).toBe(0)
    expect(existsSync(stateFolder)).toBe(false)
  })

  type Spoilt = readonly [what: string, spoil: (file: string) => void]
  it.each<Spoilt>([
    ['is cut off', file => truncateSync(file, 50)],
    ['is empty', file => truncateSync(file, 0)],
    ['is no object', file => writeFileSync(file, '[[]]')],
    ['is of another format', file => edit(file, text => text.replace('source-1', 'source-9'))],
    ['is of another replica', file => edit(file, text => text.replace('/replica"', '/other"'))],
    ['has a number for a text', file => edit(file, text => text.replace(/"inode":"(\d+)"/, '"inode":$1'))],
    ['has a time that is none', file => edit(file, text => text.replace(/"atNs":"\d+"/, '"atNs":"soon"'))],
    ['has more than anybody wrote', file => edit(file, text => text + ' '.repeat(100_000))],
    ['has a prototype', file => writeFileSync(file, '{"__proto__":{"format":"facsimile-source-1"}}')],
    ['is a folder', file => replace(file, () => mkdirSync(file))],
    ['is a FIFO', file => replace(file, () => run('mkfifo', [file]))],
    [
      'is a link to what could be believed',
      file => {
        renameSync(file, `${file}.was`)
        symlinkSync(`${file}.was`, file)
      },
    ],
    ...(isRoot ? ([["is somebody else's", (file: string) => chownSync(file, 65_534, 65_534)]] as const) : []),
  ])('that %s is as if there had been no run', async (_, spoil) => {
    writeTree(folders.source, large)
    await expectMirrored()
    spoil(rememberedFile())
    rmSync(folders.source, { recursive: true })
    writeTree(folders.source, { a: 'a' })
    await expectMirrored()
  })
})

function replace(file: string, by: () => void): void {
  rmSync(file)
  by()
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
}
