/** Replicas on every file system that can be mounted here: what it holds is held, the rest is said, and a second run plans nothing. */
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { checkFolders, type Residual } from '@facsimile/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canMake, type FileSystem, fileSystems, maskedNtfs } from '../support/file-systems.js'
import { canMount } from '../support/mounts.js'
import {
  expectNothingLeft,
  type Folders,
  mirror,
  type Setting,
  settings,
  shownChange,
  shownProblem,
} from '../support/mirror.js'
import { useFileSystem } from '../support/mounted.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { directory, fifo, file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const temporary = useTemporaryDirectory()
const inline = settings.filter(({ concurrency }) => concurrency === 1)

/** A source of this test, and a replica on the mounted file system. */
function useFoldersOn(mounted: { readonly path: string }): Folders {
  const folders = {
    get path() {
      return temporary.path
    },
    get source() {
      return join(temporary.path, 'source')
    },
    get replica() {
      return join(mounted.path, 'replica')
    },
  }
  beforeEach(() => mkdirSync(folders.source))
  afterEach(() => rmSync(folders.replica, { recursive: true, force: true }))
  return folders
}

const early = '1960-01-02T03:04:06Z'
const late = '2500-01-02T03:04:06Z'
const fine = '2001-02-03T04:05:07.123456789Z'

const everyKind: TreeLiteral = {
  'a.txt': file('content', { mode: 0o640, mtime: fine, uid: 7, gid: 8 }),
  d: directory({ b: 'b', hard: hardLink('a.txt'), empty: {} }, { mode: 0o750, mtime: fine }),
  early: file('e', { mtime: early }),
  late: file('l', { mtime: late }),
  link: symlink('a.txt', { mtime: fine }),
  z: '',
  pipe: fifo({ mode: 0o640 }),
}

function addMore(source: string): void {
  // A hole of a megabyte.
  truncateSync(join(source, 'z'), 1 << 20)
  execFileSync('setfattr', ['-n', 'user.a', '-v', '1', join(source, 'a.txt')])
  execFileSync('setfacl', ['-m', 'u:7:r', join(source, 'd/b')])
}

function counted(residuals: readonly Residual[]): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(residuals.map(({ attribute, count }) => [attribute, count]))
}

const outOfRange = 'times out of range'
/** What the C library and root cannot help. */
const unheld: Readonly<Record<string, readonly string[]>> = {
  ext4: [outOfRange],
  'ext4 of seconds': ['nanoseconds', outOfRange],
  tmpfs: [],
  btrfs: [],
  xfs: [outOfRange],
  overlay: [],
  FAT: [
    'extended attributes',
    'group',
    'hard links',
    'holes',
    'mode',
    'nanoseconds',
    'owner',
    'special files',
    'symbolic links',
    outOfRange,
  ],
  NTFS: ['extended attributes', 'group', 'mode', 'nanoseconds', 'owner', outOfRange],
}

describe.each(fileSystems.filter(canMake))('a replica on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)
  const folders = useFoldersOn(mounted)

  describe.each(inline)('by $held', setting => {
    it('F01, M11: holds what it can, says the rest, and leaves nothing to do', async () => {
      writeTree(folders.source, everyKind)
      addMore(folders.source)
      const { report, problems } = await mirror(folders, setting)
      expect([problems, report.exitCode]).toEqual([[], 0])
      await expectNothingLeft(folders, setting)
      await expectCheckAgrees(folders, setting)
    })
  })

  describe.each(inline.filter(({ held }) => held === 'libc'))('by $held', setting => {
    it('M11, F01: says what it cannot hold, and nothing else', async () => {
      writeTree(folders.source, everyKind)
      addMore(folders.source)
      const { report } = await mirror(folders, setting)
      expect(Object.keys(counted(report.residuals)).toSorted()).toEqual(unheld[fileSystem.name])
      expect(
        report.residuals.filter(({ count, example }) => (count ?? 0) < 1 || example === undefined),
      ).toEqual([])
      expect(report.exact).toBe(report.residuals.length === 0)
    })
  })
})

describe.each([maskedNtfs].filter(canMake))('a replica on $name', fileSystem => {
  const folders = useFoldersOn(useFileSystem(fileSystem))

  describe.each(inline)('by $held', setting => {
    it('F01, X05: that gives directories other permissions than files is staged in all the same', async () => {
      writeTree(folders.source, { a: 'a', d: { b: 'b' } })
      const { report, problems } = await mirror(folders, setting)
      expect([problems, report.exitCode]).toEqual([[], 0])
      await expectNothingLeft(folders, setting)
    })
  })
})

/** What a dry run shows is what a run would do, though it may not ask the file system. */
async function expectCheckAgrees(folders: Folders, { held }: Setting): Promise<void> {
  const { source, replica, path } = folders
  const { exitCode } = await checkFolders({ source, replica, held, stateFolder: join(path, 'state') })
  expect(exitCode).toBe(0)
}

const folding = (name: string): boolean => name === 'FAT'
const fat: readonly FileSystem[] = fileSystems.filter(({ name }) => folding(name)).filter(canMake)

describe.each(fat)('names on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)
  const folders = useFoldersOn(mounted)

  describe.each(inline)('by $held', setting => {
    it('N08: that are one name there are both said, and neither overwrites the other', async () => {
      writeTree(folders.source, { d: { Same: 'first', same: 'second', other: 'other' } })
      const first = await mirror(folders, setting)
      expect([first.report.exitCode, first.problems.map(shownProblem)]).toEqual([
        23,
        ['replica-failed d/Same', 'replica-failed d/same'],
      ])
      expect(readdirSync(join(folders.replica, 'd'))).toEqual(['other'])
      // What is there of them stays as it is.
      writeFileSync(join(folders.replica, 'd', 'SAME'), 'mine')
      const second = await mirror(folders, setting)
      expect([second.report.exitCode, second.report.bytes]).toEqual([23, 0])
      expect(readFileSync(join(folders.replica, 'd', 'SAME'), 'utf8')).toBe('mine')
      rmSync(join(folders.source, 'd', 'same'))
      await mirror(folders, setting)
      expect(readFileSync(join(folders.replica, 'd', 'Same'), 'utf8')).toBe('first')
    })

    it('N12: that differ from the replica’s by case only are one, and that is said', async () => {
      writeTree(folders.source, { file: 'content' })
      await mirror(folders, setting)
      renameSync(join(folders.source, 'file'), join(folders.source, 'FILE'))
      const { report, changes } = await mirror(folders, setting)
      expect(changes.map(shownChange)).toEqual(['metadata '])
      expect(counted(report.residuals)).toMatchObject({ 'letter case of names': 1 })
      writeFileSync(join(folders.source, 'FILE'), 'more content')
      await mirror(folders, setting)
      expect(readFileSync(join(folders.replica, 'FILE'), 'utf8')).toBe('more content')
      expect(readdirSync(folders.replica)).toHaveLength(1)
      await expectNothingLeft(folders, setting)
    })

    it('N09: that it cannot hold are errors of that entry alone', async () => {
      writeTree(folders.source, { 'a:b': 'x', d: { 'q?': 'x', fine: 'fine' }, fine: 'fine' })
      const { report, problems } = await mirror(folders, setting)
      expect([report.exitCode, problems.map(shownProblem)]).toEqual([
        23,
        ['replica-failed a:b', 'replica-failed d/q?'],
      ])
      expect([readdirSync(folders.replica).toSorted(), readdirSync(join(folders.replica, 'd'))]).toEqual([
        ['d', 'fine'],
        ['fine'],
      ])
      const second = await mirror(folders, setting)
      expect(second.changes.map(shownChange)).toEqual(['create a:b', 'create d/q?'])
    })
  })
})

it('are mounted where this machine can', () => {
  expect(fileSystems.some(canMake)).toBe(canMount)
})

describe.skipIf(!canMount)('what is not wanted of a file system that cannot hold it (needs mount)', () => {
  const withoutModes = fileSystems.filter(({ name }) => name === 'FAT' || name === 'exFAT')
  describe.each(withoutModes.filter(canMake))('$name', fileSystem => {
    const folders = useFoldersOn(useFileSystem(fileSystem))

    it.each(inline)('F01, F03: is not tried, nor spoken of ($held)', async setting => {
      const options = { preserve: { owner: false, mode: false, xattrs: false } }
      writeTree(folders.source, { d: { file: 'f', e: {} }, file: 'content' })
      const first = await mirror(folders, setting, options)
      expect(first.problems).toEqual([])
      expect(first.report.exitCode).toBe(0)
      writeTree(folders.source, { d: { file: 'other content', more: 'm' } })
      const second = await mirror(folders, setting, options)
      expect(second.problems).toEqual([])
      expect(second.report.exitCode).toBe(0)
    })
  })
})
