/** Real storage that fails under a run: it stops with one message that names the path and the cause (11), and nothing is torn. */
import { Buffer } from 'node:buffer'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem, Report, SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { syncWith } from '../support/core.mjs'
import { expectEqualTrees } from '../support/compare-trees.js'
import { drive } from '../support/drive.js'
import { serverOf } from '../support/fuse-server.js'
import { canMake, type FileSystem, fileSystems } from '../support/file-systems.js'
import {
  describeEachSetting,
  type Folders,
  holding,
  mirror,
  stagedIn,
  useFolders,
} from '../support/mirror.js'
import { type Mounted, mountFileSystem } from '../support/mounted.js'
import { canMount, run, useMounts } from '../support/mounts.js'
import { expectOldOrNew } from '../support/old-or-new.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { directory, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const old = { mtime: '2012-12-12T12:12:12Z' }
const inline = { held: holding, concurrency: 1 } as const
/** Enough directories to tell one message from a flood of them. */
const many = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`d${index}`, { new: `new ${index}`, changed: 'new content' }]),
)
const manyOld = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`d${index}`, directory({ changed: 'old', gone: 'g' }, old)]),
)

function named(name: string): FileSystem {
  const found = fileSystems.find(fileSystem => fileSystem.name === name)
  if (found === undefined) throw new Error(`no file system is called ${name}`)
  return found
}

function mountNamed(name: string): Mounted & Folders {
  const mounted = mountFileSystem(named(name))
  return Object.assign(mounted, { source: folders.source, replica: join(mounted.path, 'replica') })
}

/** Of those that stop a run. */
function stopping(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ exitCode }) => exitCode === 11)
}

/** Without a look at what is left, which a storage that failed cannot be asked. */
async function runOn(
  { source, replica }: Omit<Folders, 'path'>,
  options: Partial<SyncOptions> = {},
): Promise<Report> {
  const stateFolder = join(folders.path, 'state')
  return await syncWith({ source, replica, stateFolder, reject: false, ...inline, ...options }, {})
}

function write(source: TreeLiteral, replica: TreeLiteral): { before: Snapshot; wanted: Snapshot } {
  writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11Z' }))
  writeTree(folders.replica, directory(replica, old))
  return { before: readTree(folders.replica), wanted: readTree(folders.source) }
}

describe.skipIf(!canMount)('storage that fails under a run (needs mount)', () => {
  describeEachSetting('storage that fails under a run', setting => {
    it('S01, S13: somebody else fills the disk: old content stays, and no temporary does (11)', async () => {
      const large = Buffer.alloc(600_000, 'new')
      writeTree(folders.replica, {})
      mounts.tmpfs(folders.replica, 'size=1m')
      const { before, wanted } = write({ a: large, b: 'new' }, { a: 'old', b: 'older' })
      const filler = join(folders.path, 'replica', 'a filler')
      const on = { change: () => writeFileSync(filler, Buffer.alloc(700_000)) }
      const { report, problems } = await mirror(folders, setting, { on, exclude: ['a filler'] })
      expect(report.exitCode).toBe(11)
      const found = stopping(problems)
      expect(found).toHaveLength(1)
      expect(stagedIn(folders.replica)).toEqual([])
      const { 'a filler': _, ...after } = readTree(folders.replica)
      expectOldOrNew(after, before, wanted)
      expect(after['a']).toEqual(before['a'])
    })

    it('S07: a disk that becomes read-only is told once, however many folders it fails (11)', async () => {
      writeTree(folders.replica, {})
      mounts.tmpfs(folders.replica)
      const { before, wanted } = write(many, manyOld)
      const problems: Problem[] = []
      let left = 20
      const change = (): void => {
        left -= 1
        if (left === 0) mounts.remount(folders.replica, 'ro')
      }
      const on = { change, problem: (found: Problem) => void problems.push(found) }
      const report = await runOn(folders, { ...setting, on })
      expect(report.exitCode).toBe(11)
      expect(problems.map(({ code, errno }) => [code, errno])).toEqual([['storage-failed', 'EROFS']])
      expect(problems[0]?.message).toMatch(/"d\d+\/\w+".*the file system is read-only \(EROFS\)/)
      const after = Object.entries(readTree(folders.replica)).filter(
        ([path]) => !path.startsWith('.facsimile'),
      )
      expectOldOrNew(Object.fromEntries(after), before, wanted)
      mounts.remount(folders.replica, 'rw')
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    })
  })

  it.skipIf(!canMake(named('btrfs')))('S03: a quota that is used up has its name (11)', async () => {
    using at = mountNamed('btrfs')
    run('btrfs', ['-q', 'quota', 'enable', at.path])
    run('btrfs', ['-q', 'subvolume', 'create', at.replica])
    writeTree(folders.source, { a: 'new content', large: Buffer.alloc(4 << 20, 'x') })
    writeTree(at.replica, { a: 'old', large: 'old' })
    run('btrfs', ['qgroup', 'limit', '1m', at.replica])
    const report = await runOn(at)
    expect(report.exitCode).toBe(11)
    expect(stopping(report.problems)).toMatchObject([{ code: 'storage-failed', errno: 'EDQUOT' }])
    expect(report.problems[0]?.message).toContain('"large" in the replica: the quota is used up (EDQUOT)')
    expect(readFileSync(join(at.replica, 'large'), 'utf8')).toBe('old')
    expect(stagedIn(at.replica)).toEqual([])
    run('btrfs', ['qgroup', 'limit', 'none', at.replica])
    expect((await runOn(at)).exitCode).toBe(0)
  })

  it.skipIf(!canMake(named('FAT')))(
    'S09: a dead file server is told once, and nothing hangs (11)',
    async () => {
      using at = mountNamed('FAT')
      writeTree(folders.source, many)
      writeTree(at.replica, { d0: { changed: 'old' } })
      let left = 10
      const change = (): void => {
        left -= 1
        if (left === 0) process.kill(serverOf(at.path), 'SIGKILL')
      }
      const report = await runOn(at, { on: { change } })
      expect(report.problems).toHaveLength(1)
      expect(report.exitCode).toBe(11)
      expect(stopping(report.problems)[0]?.message).toMatch(/\((ENOTCONN|ECONNABORTED|EIO)\)/)
      // The next run finds a root that cannot be opened, and says so.
      const next = await runOn(at)
      expect([11, 26]).toContain(next.exitCode)
      expect(next.problems).toHaveLength(1)
    },
  )
})

describe.skipIf(holding !== 'libc' && holding !== 'proc')('a limit on the size of files', () => {
  it('S01, S11: a file beyond it keeps its old content, and the rest is mirrored (23)', async () => {
    writeTree(folders.source, { a: 'new content', large: Buffer.alloc(200_000, 'x'), z: 'z' })
    writeTree(folders.replica, { large: 'old' })
    // With a hash the bytes are written by us: the first write is cut short, and only the next one fails.
    const options = { hasher: 'xxh64' }
    const { report } = await drive(folders, inline, options, { limits: ['--fsize=65536'] })
    expect(report.exitCode).toBe(23)
    expect(report.problems).toMatchObject([{ code: 'replica-failed', path: 'large', errno: 'EFBIG' }])
    expect(readFileSync(join(folders.replica, 'large'), 'utf8')).toBe('old')
    expect(readdirSync(folders.replica)).toEqual(['a', 'large', 'z'])
  })
})
