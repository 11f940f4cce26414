/** The replica's storage fails: the run stops (11), what was there is whole, and nothing is left behind. */
import { Buffer } from 'node:buffer'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault, TreeCall } from '../support/faulty.js'
import { describeEachSetting, describeEachWay, mirror, sampled, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { expectOldOrNew, expectTimesRestored } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { directory, file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()
const old = { mtime: '2012-12-12T12:12:12Z' }
const source: TreeLiteral = {
  a: 'new content',
  d: { b: 'newer content', new: { deep: { c: 'c' } } },
  link: symlink('new target'),
  kind: 'was a directory',
  mode: file('m', { mode: 0o600 }),
  file: { is: 'a directory now' },
}
const replica: TreeLiteral = {
  a: 'old',
  d: directory({ b: 'older' }, old),
  link: symlink('old'),
  kind: { full: 'x' },
  mode: 'm',
  file: 'old',
  old: directory({ gone: 'g', sub: { more: 'm' } }, old),
}

const errors = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE', 'EUCLEAN', 'EBADMSG', 'ESHUTDOWN', 'ENOTCONN']
const calls: readonly TreeCall[] = [
  'createFile',
  'handle.write',
  'handle.setMtime',
  'handle.setMode',
  'makeLink',
  'makeDirectory',
  'rename',
  'unlink',
  'removeDirectory',
]

describeEachSetting('the storage of the replica fails', setting => {
  const failing = calls.map((call, index) => [call, errors[index % errors.length] ?? 'EIO'] as const)
  it.each(sampled(failing, setting))(
    'S01, S03, S06, S08, S09, S10: at %s with %s: the run stops, and the next one makes it good',
    async (call, errno) => {
      writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11Z' }))
      writeTree(folders.replica, directory(replica, old))
      const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
      const path = call === 'unlink' ? { path: 'old/gone' } : {}
      const planted: Fault = { side: 'replica', call, errno, times: 1, ...path }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(problems.filter(({ code }) => code === 'storage-failed')).toMatchObject([
        { errno, exitCode: 11 },
      ])
      expect(report.exitCode).toBe(11)
      const after = readTree(folders.replica)
      expectOldOrNew(after, before, wanted)
      expectTimesRestored(after, before, wanted)
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it.each(['createFile', 'handle.write', 'makeDirectory', 'rename'] as const)(
    'S01: for good, from the second %s on: each path is old or new, and nothing is deleted',
    async call => {
      writeTree(folders.source, directory(source, { mtime: '2011-11-11T11:11:11Z' }))
      writeTree(folders.replica, directory(replica, old))
      const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
      const planted: Fault = { side: 'replica', call, errno: 'ENOSPC', nth: 2 }
      const { report } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(11)
      expectOldOrNew(readTree(folders.replica), before, wanted)
      expect(readTree(folders.replica)['old/gone']).toEqual(before['old/gone'])
    },
  )

  it.each(['ENOSPC', 'EDQUOT', 'EIO'])(
    'S04: an error that comes with the closing of a copy (%s): the old content stays (11)',
    async errno => {
      writeTree(folders.source, { a: 'new content' })
      writeTree(folders.replica, { a: 'old' })
      const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
      const path = /^\.facsimile-[0-9a-f]+\/\d+\/\d+$/
      const planted: Fault = { side: 'replica', call: 'handle.close', path, errno, times: 1 }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(11)
      expect(problems).toMatchObject([{ code: 'storage-failed', path: 'a', errno }])
      expect(readTree(folders.replica)['a']).toEqual(before['a'])
      await mirror(folders, setting)
      expect(readTree(folders.replica)['a']).toEqual(wanted['a'])
    },
  )

  it('S10: damage has its name, and the path it was met at', async () => {
    writeTree(folders.source, { a: 'new content' })
    writeTree(folders.replica, { a: 'old' })
    const planted: Fault = { side: 'replica', call: 'createFile', errno: 'EUCLEAN' }
    const { problems } = await mirror(folders, setting, {}, [planted])
    expect(problems.map(({ message }) => message)).toEqual([
      'cannot update "a" in the replica: the file system is damaged (EUCLEAN)',
    ])
  })

  it.each(['EINTR', 'EAGAIN'])('S11: what a signal interrupts is tried again (%s)', async errno => {
    writeTree(folders.source, { a: 'new content' })
    writeTree(folders.replica, { a: 'old' })
    for (const side of ['source', 'replica'] as const) {
      const call = side === 'source' ? 'handle.read' : 'handle.write'
      const { report } = await mirror(folders, setting, {}, [{ side, call, errno, times: 1 }])
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
      writeTree(folders.source, { a: 'newer content still' })
    }
  })

  it('where an old entry was moved aside: that is no failure, for it goes with the staging directory', async () => {
    writeTree(folders.source, { file: { is: 'a directory now' } })
    writeTree(folders.replica, { file: 'old' })
    const planted: Fault = { side: 'replica', call: 'unlink', errno: 'EIO', times: 1 }
    const { report } = await mirror(folders, setting, {}, [planted])
    expect(report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })
})

describe.skipIf(!canMount)('a small file system (needs mount)', () => {
  describeEachWay('a small file system', setting => {
    it('S13: is refused what it has no room for, before anything is changed, with both figures (11)', async () => {
      writeTree(folders.source, { small: 's', large: Buffer.alloc(2 << 20, 'x') })
      mkdirSync(folders.replica)
      mounts.tmpfs(folders.replica, 'size=1m')
      writeTree(folders.replica, { old: 'oo' })
      const before = readTree(folders.replica)
      const error = await mirror(folders, setting, { reject: true }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'storage-failed', exitCode: 11 })
      const [, needed, free] = /needs (\d+) bytes more, .* has (\d+) bytes free/.exec(String(error)) ?? []
      expect(Number(needed)).toBe((2 << 20) + 1)
      expect(Number(free)).toBeGreaterThan(900_000)
      expect(Number(free)).toBeLessThanOrEqual(1 << 20)
      expect(readTree(folders.replica)).toEqual(before)
    })

    it('is not refused when the file that grows has room by what it replaces', async () => {
      writeTree(folders.source, { large: file(Buffer.alloc(500_000, 'new'), { mode: 0o600 }) })
      mkdirSync(folders.replica)
      mounts.tmpfs(folders.replica, 'size=1500k')
      writeTree(folders.replica, { large: Buffer.alloc(400_000, 'old') })
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    })

    it('S02: that runs out of inodes stops the run (11); the next one, with room, makes it good', async () => {
      const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`file ${index}`, '']))
      writeTree(folders.source, { a: 'new content', many })
      mkdirSync(folders.replica)
      mounts.tmpfs(folders.replica, 'size=10m,nr_inodes=20')
      writeTree(folders.replica, directory({ a: 'old' }, old))
      const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
      const { report, problems } = await mirror(folders, setting)
      expect(report.exitCode).toBe(11)
      expect(problems[0]?.message).toContain('no space, or no inode, is left (ENOSPC)')
      expectOldOrNew(readTree(folders.replica), before, wanted)
      expectTimesRestored(readTree(folders.replica), before, wanted)
      mounts.remount(folders.replica, 'nr_inodes=0')
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    })

    it('that has no inode left for the marker is left as it was, the time of the root too (11)', async () => {
      writeTree(folders.source, { a: 'new content', b: 'b' })
      mkdirSync(folders.replica)
      // For the root, the file, and the staging directory itself.
      mounts.tmpfs(folders.replica, 'size=10m,nr_inodes=3')
      writeTree(folders.replica, directory({ a: 'old' }, old))
      const before = readTree(folders.replica)
      const { report } = await mirror(folders, setting)
      expect(report.exitCode).toBe(11)
      expect(readTree(folders.replica)).toEqual(before)
    })

    it('S07: that is read-only stops the run at once (11), with everything as it was', async () => {
      writeTree(folders.source, source)
      mkdirSync(folders.replica)
      mounts.tmpfs(folders.replica)
      writeTree(folders.replica, replica)
      const before = readTree(folders.replica)
      mounts.remount(folders.replica, 'ro')
      const { report } = await mirror(folders, setting)
      expect(report.exitCode).toBe(11)
      expect(readTree(folders.replica)).toEqual(before)
    })

    it('S07: that becomes read-only in the middle stops the run (11), each path old or new', async () => {
      writeTree(folders.source, source)
      mkdirSync(folders.replica)
      mounts.tmpfs(folders.replica)
      writeTree(folders.replica, replica)
      const [before, wanted] = [readTree(folders.replica), readTree(folders.source)]
      let left = 3
      const change = (): void => {
        left -= 1
        if (left === 0) mounts.remount(folders.replica, 'ro')
      }
      const run = mirror(folders, setting, { on: { change } })
      await expect(run).rejects.toThrow(/staging left behind/)
      expectOldOrNew(withoutStaging(readTree(folders.replica)), before, wanted)
      mounts.remount(folders.replica, 'rw')
      const { report } = await mirror(folders, setting)
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
    })
  })
})

function withoutStaging(tree: ReturnType<typeof readTree>): ReturnType<typeof readTree> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('.facsimile-')))
}

describeEachWay('a replica that cannot be made', setting => {
  it('is a storage failure (11)', async () => {
    writeTree(folders.source, source)
    writeFileSync(join(folders.path, 'in the way'), '')
    const roots = {
      ...folders,
      path: folders.path,
      source: folders.source,
      replica: join('/proc', 'not to be made'),
    }
    const { report } = await mirror(roots, setting)
    expect(report.exitCode).toBe(11)
  })
})
