/** Entries that are legal and rare: devices where files were, whiteouts, subvolumes, what may not be changed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { bytes } from '../support/byte-names.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import type { Fault } from '../support/faulty.js'
import { canMake, type FileSystem, fileSystems } from '../support/file-systems.js'
import {
  describeEachWay,
  expectNothingLeft,
  type Folders,
  mirror,
  settings,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { mountFileSystem } from '../support/mounted.js'
import { canMount, run, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { runProcess } from '../support/run.js'
import { device, directory, file, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const inline = settings.filter(({ concurrency }) => concurrency === 1)

describe.runIf(isRoot)('devices (needs root)', () => {
  it.each(settings)(
    'T04: one without an end in the place of a file is never read ($held, $concurrency)',
    async setting => {
      writeTree(folders.source, { f: 'new content' })
      writeTree(folders.replica, { f: 'old' })
      writeTree(folders.path, { zero: device('character device', [1, 5]) })
      const f = join(folders.source, 'f')
      const race = [
        { do: 'remove', path: f } as const,
        { do: 'rename', from: join(folders.path, 'zero'), to: f } as const,
      ]
      const planted: Fault = { side: 'source', call: 'openFile', path: 'f', times: 1, race }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(24)
      expect(problems.map(({ message }) => message)).toEqual([
        '"f" is no longer a file, but a characterDevice; left for the next run',
      ])
      expect(readTree(folders.replica)['f']).toMatchObject({ content: 'old' })
    },
  )

  it.each(inline.filter(({ held }) => held === 'libc'))(
    'T13: a whiteout of an overlay is a device like others ($held, $concurrency)',
    async setting => {
      writeTree(folders.source, { gone: device('character device', [0, 0]), d: { f: 'f' } })
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
      await expectNothingLeft(folders, setting)
    },
  )
})

describeEachWay('links', setting => {
  it('T05: to anything are copied byte for byte: nowhere, above, in a circle, of any length and bytes', async () => {
    writeTree(folders.path, { outside: { secret: 'secret' } })
    writeTree(folders.source, {
      nowhere: symlink('nowhere/at/all'),
      absolute: symlink('/etc/shadow'),
      above: symlink('../../../../etc/passwd'),
      outside: symlink('../outside'),
      itself: symlink('itself'),
      longest: symlink(`${'d/'.repeat(2047)}f`),
      raw: symlink(`x${bytes('ff fe')}`),
      'to a line': symlink('a\nb\u001b[31m'),
    })
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })
})

describeEachWay('directories', setting => {
  it('T15: without content are held with their times, those too of which all is excluded', async () => {
    const time = { mtime: '2001-02-03T04:05:06Z' }
    writeTree(folders.source, {
      empty: directory({}, time),
      objects: directory({ 'a.o': 'a', deep: directory({ 'b.o': 'b' }, time) }, time),
    })
    const exclude = ['*.o']
    expect((await mirror(folders, setting, { exclude })).report.exitCode).toBe(0)
    const replica = readTree(folders.replica)
    const source = readTree(folders.source)
    const kept = ['empty', 'objects', 'objects/deep']
    expect(kept.map(path => replica[path]?.mtimeNs)).toEqual(kept.map(path => source[path]?.mtimeNs))
    expect(Object.keys(replica).filter(path => path.endsWith('.o'))).toEqual([])
    await expectNothingLeft(folders, setting, { exclude })
  })
})

const immutable: string[] = []
afterEach(() => {
  for (const path of immutable.splice(0)) spawnSync('chattr', ['-i', path])
})

describe.runIf(canMount)('what may not be changed (needs mount)', () => {
  it.each(inline)(
    'T16: in the source is copied, and may be changed in the replica ($held, $concurrency)',
    async setting => {
      mkdirSync(folders.source)
      mounts.tmpfs(folders.source)
      writeTree(folders.source, { f: 'f', d: { g: 'g' } })
      immutable.push(join(folders.source, 'f'), join(folders.source, 'd'))
      for (const path of immutable) run('chattr', ['+i', path])
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
      await expectNothingLeft(folders, setting)
      renameSync(join(folders.replica, 'd', 'g'), join(folders.replica, 'd', 'h'))
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
    },
  )

  it.each(inline)('F05: a source that is read-only is mirrored ($held, $concurrency)', async setting => {
    mkdirSync(folders.source)
    mounts.tmpfs(folders.source)
    writeTree(folders.source, { f: file('f', { mode: 0o600 }), d: { link: symlink('../f') } })
    mounts.remount(folders.source, 'ro')
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })
})

function on(name: string): readonly FileSystem[] {
  return fileSystems.filter(each => each.name === name && canMake(each))
}

function foldersAt(path: string): Folders {
  return { path, source: join(path, 'source'), replica: join(path, 'replica') }
}

function subvolume(at: string): void {
  run('btrfs', ['-q', 'subvolume', 'create', at])
}

describe.each(on('btrfs'))('on $name', fileSystem => {
  it.each(inline)(
    'T12: a subvolume is mirrored, left out with oneFileSystem, and protected in the replica ($held, $concurrency)',
    async setting => {
      using mounted = mountFileSystem(fileSystem)
      const here = foldersAt(mounted.path)
      writeTree(here.source, { f: 'f' })
      subvolume(join(here.source, 'sub'))
      writeTree(join(here.source, 'sub'), { g: 'g' })
      writeTree(here.replica, { old: 'old' })
      const left = await mirror(here, setting, { oneFileSystem: true })
      expect(left.changes.map(shownChange)).not.toContain('create sub')
      expect((await mirror(here, setting)).report.exitCode).toBe(0)
      expectEqualTrees(here.source, here.replica)
      subvolume(join(here.replica, 'snapshot'))
      writeTree(join(here.replica, 'snapshot'), { h: 'h' })
      const { report, problems } = await mirror(here, setting)
      expect([report.exitCode, problems.map(shownProblem)]).toEqual([23, ['withheld snapshot']])
      expect(readTree(here.replica)['snapshot/h']).toMatchObject({ content: 'h' })
    },
  )
})

describe.each(on('FAT'))('on $name', fileSystem => {
  it.each(settings.slice(0, 1))(
    'F02: a file beyond 4 GiB is refused, with nothing left of it ($held)',
    async setting => {
      using mounted = mountFileSystem(fileSystem)
      const here = { ...foldersAt(mounted.path), source: folders.source, path: folders.path }
      writeTree(here.source, { small: 's', large: '' })
      run('truncate', ['-s', String(2 ** 32), join(here.source, 'large')])
      const { report } = await mirror(here, setting)
      expect([11, 23]).toContain(report.exitCode)
      expect(readTree(mounted.path)['replica/large']).toBeUndefined()
    },
  )
})

const command = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const canDrop =
  isRoot && spawnSync('setpriv', ['--bounding-set=-chown', process.execPath, '-e', '']).status === 0

it.runIf(canDrop)(
  'F03: a replica that refuses owners gets all else, and that is said (needs setpriv)',
  async () => {
    writeTree(folders.source, { f: file('f', { uid: 7, gid: 8, mode: 0o640 }), d: { g: 'g' } })
    const args = ['--bounding-set=-chown', process.execPath, command, folders.source, folders.replica]
    const first = await runProcess('setpriv', args, { env: { XDG_STATE_HOME: folders.path } })
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain('Not held: owner of 4 entries, such as . ')
    expectEqualTrees(folders.source, folders.replica, { owner: false })
    const second = await runProcess('setpriv', args, { env: { XDG_STATE_HOME: folders.path } })
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('Nothing changed; ')])
  },
)
