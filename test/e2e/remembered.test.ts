/** What file systems were found to hold: where it is kept, and when it is not believed. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { fullAbilities } from '../../packages/core/dist/tree/abilities.js'
import { recallAbilities, rememberAbilities } from '../../packages/core/dist/tree/remembered-abilities.js'
import { isRoot } from '../support/entry-kind.js'
import { canMake, type FileSystem, fileSystems } from '../support/file-systems.js'
import {
  describeEachWay,
  expectNothingLeft,
  holding,
  mirror,
  settings,
  shownChange,
  useFolders,
} from '../support/mirror.js'
import { mountFileSystem } from '../support/mounted.js'
import { canMount, useMounts } from '../support/mounts.js'
import { directory, file } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const fine = '2001-02-03T04:05:07.123456789Z'

function remembered(state: string): readonly string[] {
  return existsSync(join(state, 'abilities')) ? readdirSync(join(state, 'abilities')) : []
}

describeEachWay('what was found out', setting => {
  it.each(['source', 'replica'] as const)(
    'is not kept where it would be mirrored, or deleted (%s)',
    async side => {
      writeTree(folders.source, { f: 'f' })
      const stateFolder = join(folders[side], 'home', 'state')
      const first = await mirror(folders, setting, { stateFolder })
      expect([first.report.exitCode, existsSync(stateFolder)]).toEqual([0, false])
      await expectNothingLeft(folders, setting, { stateFolder })
    },
  )

  it.runIf(isRoot)(
    'X13: a state folder behind a link of another user is not written to as root (needs root)',
    async () => {
      writeTree(folders.source, { f: 'f' })
      const stateFolder = join(folders.path, 'home', 'state')
      mkdirSync(join(folders.path, 'home'))
      mkdirSync(join(folders.path, 'victim'))
      symlinkSync('../victim', stateFolder)
      lchownSync(stateFolder, 65_534, 65_534)
      expect((await mirror(folders, setting, { stateFolder })).report.exitCode).toBe(0)
      expect(readdirSync(join(folders.path, 'victim'))).toEqual([])
    },
  )

  it('is kept in a file of its own, whatever somebody put there', async () => {
    writeTree(folders.source, { f: 'f' })
    await mirror(folders, setting)
    const [name = ''] = remembered(join(folders.path, 'state'))
    const kept = join(folders.path, 'state', 'abilities', name)
    const victim = join(folders.path, 'victim')
    writeFileSync(victim, 'mine')
    spawnSync('rm', [kept])
    symlinkSync(victim, kept)
    await mirror(folders, setting)
    expect(readFileSync(victim, 'utf8')).toBe('mine')
    expect(statSync(kept).isFile()).toBe(true)
  })
})

const ext4 = fileSystems.filter(({ name }) => name.startsWith('ext4')).filter(canMake)
const native = settings.filter(({ concurrency }) => concurrency === 1)

describe.each(ext4.length === 2 ? native : [])('by $held', setting => {
  it('K06: is not believed of another file system that is mounted in the same place', async () => {
    const [one, other] = ext4 as [FileSystem, FileSystem]
    writeTree(folders.source, { d: directory({ f: file('f', { mtime: fine }) }, { mtime: fine }) })
    const at = join(folders.path, 'at')
    mkdirSync(at)
    for (const fileSystem of [one, other]) {
      using mounted = mountFileSystem(fileSystem)
      mounts.bind(mounted.path, at)
      const there = { ...folders, path: folders.path, source: folders.source, replica: join(at, 'replica') }
      const { report } = await mirror(there, setting)
      expect(report.exitCode).toBe(0)
      expect((await mirror(there, setting)).changes.map(shownChange)).toEqual([])
      mounts.clear()
    }
  })
})

it.runIf(canMount)('what is mounted in the replica was not asked, and that is said', async () => {
  const setting = { held: holding, concurrency: 1 }
  writeTree(folders.source, { d: { f: 'f' } })
  writeTree(folders.replica, { d: {} })
  mounts.tmpfs(join(folders.replica, 'd'))
  const { report } = await mirror(folders, setting)
  const said = report.residuals.find(({ attribute }) => attribute === 'mounted file systems')
  expect([report.exitCode, report.exact, said?.count, said?.example]).toEqual([0, false, 1, 'd'])
})

it('K06: what was noted by a clock that was ahead is not believed', () => {
  const asked = { path: folders.replica, about: 'this' }
  const state = join(folders.path, 'state')
  rememberAbilities(state, asked, fullAbilities)
  expect(recallAbilities(state, asked)).toBeDefined()
  vi.spyOn(Date, 'now').mockReturnValueOnce(Date.now() + 1_000_000)
  rememberAbilities(state, asked, fullAbilities)
  expect(recallAbilities(state, asked)).toBeUndefined()
})
