/** Extended attributes and access control lists, of every kind and of the roots. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { useFileSystem } from '../support/mounted.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  settings,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { directory, fifo, file, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const native = settings.filter(({ held }) => held === 'libc')
const plain = settings.filter(({ held }) => held !== 'libc')

function set(path: string, name: string, value: string): void {
  execFileSync('setfattr', ['-h', '-n', name, '-v', value, path])
}

function remove(path: string, name: string): void {
  execFileSync('setfattr', ['-h', '-x', name, path])
}

function acl(path: string, ...args: readonly string[]): void {
  execFileSync('setfacl', [...args, path])
}

function attributesOf(path: string): string {
  return execFileSync('getfattr', ['-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', path], {
    encoding: 'latin1',
  })
    .split('\n')
    .filter(line => line.includes('='))
    .toSorted()
    .join(' ')
}

const names = ['', 'f', 'd', 'd/g', ...(isRoot ? ['l', 'p'] : [])]

function allAttributesOf(root: string): readonly string[] {
  return names.map(name => attributesOf(join(root, name)))
}

function expectSameAttributes(): void {
  expect(allAttributesOf(folders.replica)).toEqual(allAttributesOf(folders.source))
}

const capability = '0x0100000200200000000000000000000000000000'

/** One of each sort. */
function writeRich(): void {
  const tree: TreeLiteral = { f: file('f'), d: { g: 'g' }, l: symlink('nowhere'), p: fifo() }
  writeTree(folders.source, tree)
  const at = (name: string): string => join(folders.source, name)
  set(at(''), 'user.root', 'r')
  set(at('f'), 'user.text', 'text')
  set(at('f'), 'user.zeros', '0x000100')
  set(at('f'), 'user.large', 'l'.repeat(2500))
  set(at('d'), 'user.d', 'd')
  acl(at('d/g'), '-m', 'u:7:rw,g:8:r')
  acl(at('d'), '-d', '-m', 'g:6:rx')
  if (!isRoot) return
  set(at('f'), 'security.capability', capability)
  for (const name of ['f', 'd', 'l', 'p']) set(at(name), 'trusted.t', name)
}

describe.each(native)('extended attributes ($held, $concurrency)', setting => {
  it('M08: of all kinds are held, the roots’ too, and nothing is left to do', async () => {
    writeRich()
    const { report } = await mirror(folders, setting)
    expect([report.exitCode, report.residuals, report.exact]).toEqual([0, [], true])
    expectEqualTrees(folders.source, folders.replica)
    expectSameAttributes()
    await expectNothingLeft(folders, setting)
  })

  it('M08, M10: are repaired where they alone differ, and no content is written', async () => {
    writeRich()
    await mirror(folders, setting)
    const at = (name: string): string => join(folders.replica, name)
    const inodes = names.map(name => statSync(at(name), { throwIfNoEntry: false })?.ino)
    remove(at('f'), 'user.text')
    set(at('f'), 'user.zeros', '0x00')
    set(at('f'), 'user.more', '')
    set(at('d'), 'user.d', 'x')
    acl(at('d'), '-k')
    acl(at('d/g'), '-b')
    set(at(''), 'user.root', 'x')
    const { report, changes } = await mirror(folders, setting)
    expect(changes.map(change => `${shownChange(change)}: ${change.reasons.join()}`)).toEqual([
      'metadata d/g: mode,acls',
      'metadata f: xattrs',
      'metadata d: xattrs,acls',
      'metadata : xattrs',
    ])
    expect(report.bytes).toBe(0)
    expectSameAttributes()
    expect(names.map(name => statSync(at(name), { throwIfNoEntry: false })?.ino)).toEqual(inodes)
    await expectNothingLeft(folders, setting)
  })

  it.runIf(isRoot)('X07: of a program are held when its owner differs: it is copied anew', async () => {
    writeTree(folders.source, { program: file('p', { uid: 7, gid: 8, mode: 0o755 }) })
    set(join(folders.source, 'program'), 'security.capability', capability)
    await mirror(folders, setting)
    chownSync(join(folders.replica, 'program'), 9, 9)
    set(join(folders.replica, 'program'), 'security.capability', capability)
    const { changes } = await mirror(folders, setting)
    expect(changes.map(change => `${shownChange(change)}: ${change.reasons.join()}`)).toEqual([
      'update program: owner,group',
    ])
    expect(attributesOf(join(folders.replica, 'program'))).toBe(`security.capability=${capability}`)
    await expectNothingLeft(folders, setting)
  })

  it('that only the replica has are removed from what is copied, too', async () => {
    writeTree(folders.source, { f: 'new', d: { g: '' } })
    writeTree(folders.replica, { f: 'old content', d: { g: '' } })
    for (const name of ['f', 'd', 'd/g', '']) set(join(folders.replica, name), 'user.stale', '1')
    await mirror(folders, setting)
    expect(['f', 'd', 'd/g', ''].map(name => attributesOf(join(folders.replica, name)))).toEqual([
      '',
      '',
      '',
      '',
    ])
  })

  it('M07: a default list of the replica’s folders reaches nothing that is made in them', async () => {
    writeTree(folders.source, {
      f: 'f',
      old: { g: 'g', n: { h: 'h' } },
      l: symlink('f'),
      p: fifo(),
      n: { f: '' },
    })
    writeTree(folders.replica, { old: {} })
    for (const name of ['', 'old']) acl(join(folders.replica, name), '-d', '-m', 'u:7:rwx,g:8:rwx')
    // Directories of the source keep the same list, so that those of the replica do.
    acl(join(folders.source, 'old'), '-d', '-m', 'u:7:rwx,g:8:rwx')
    acl(folders.source, '-d', '-m', 'u:7:rwx,g:8:rwx')
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    const made = ['f', 'old/g', 'old/n', 'old/n/h', 'n', 'n/f', 'p']
    expect(made.map(name => attributesOf(join(folders.replica, name)))).toEqual(made.map(() => ''))
    await expectNothingLeft(folders, setting)
  })

  it('M08: that do not fit leave the content in the replica, and are said', async () => {
    writeTree(folders.source, { d: { f: 'content' }, g: 'g' })
    set(join(folders.source, 'd/f'), 'user.large', 'x')
    const fault = { side: 'replica', call: 'handle.setXattr', errno: 'ENOSPC' } as const
    const { report, problems } = await mirror(folders, setting, {}, [fault])
    expect([report.exitCode, report.changes.create, problems.map(shownProblem)]).toEqual([
      23,
      { planned: 4, done: 4, failed: 0, skipped: 0, withheld: 0 },
      ['replica-failed d/f'],
    ])
    expect(problems[0]?.message).toBe(
      '"d/f" cannot be given the extended attribute "user.large": no space, or no inode, is left (ENOSPC); the rest of it is in the replica',
    )
    expect(readFileSync(join(folders.replica, 'd/f'), 'utf8')).toBe('content')
    const next = await mirror(folders, setting)
    expect(next.changes.map(shownChange)).toEqual(['metadata d/f'])
    expect(attributesOf(join(folders.replica, 'd/f'))).toBe(attributesOf(join(folders.source, 'd/f')))
  })

  it('that cannot be read in the source keep all that was to be deleted', async () => {
    writeTree(folders.source, { f: 'f' })
    writeTree(folders.replica, { f: 'f', gone: '' })
    const fault = { side: 'source', call: 'xattrs', path: 'f', errno: 'EIO' } as const
    const { report, changes } = await mirror(folders, setting, {}, [fault])
    expect([report.exitCode, changes.map(shownChange)]).toEqual([
      23,
      expect.arrayContaining(['delete gone: source not wholly read']),
    ])
  })

  it('are left alone where they are not wanted', async () => {
    writeRich()
    writeTree(folders.replica, { f: file('f') })
    set(join(folders.replica, 'f'), 'user.own', '1')
    const preserve = { xattrs: false, acls: false }
    const { report } = await mirror(folders, setting, { preserve, delete: false, compare: 'content' })
    expect([report.exitCode, report.residuals]).toEqual([0, []])
    expect(attributesOf(join(folders.replica, 'f'))).toBe('user.own=0x31')
    expect(attributesOf(join(folders.replica, 'd'))).toBe('')
    await expectNothingLeft(folders, setting, { preserve, delete: false })
  })

  it('of folders whose lists alone are not wanted', async () => {
    writeRich()
    await mirror(folders, setting, { preserve: { acls: false } })
    expect(attributesOf(join(folders.replica, 'd'))).not.toContain('posix_acl')
    expect(attributesOf(join(folders.replica, 'd'))).toContain('user.d')
    await expectNothingLeft(folders, setting, { preserve: { acls: false } })
  })

  it('of what may not be written to are set, and the mode is as it should be', async () => {
    writeTree(folders.source, { f: file('f', { mode: 0o444 }), d: { x: '' } })
    chmodSync(join(folders.source, 'f'), 0o644)
    set(join(folders.source, 'f'), 'user.a', '1')
    set(join(folders.source, 'd'), 'user.a', '1')
    chmodSync(join(folders.source, 'f'), 0o444)
    chmodSync(join(folders.source, 'd'), 0o555)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    chmodSync(join(folders.replica, 'f'), 0o644)
    remove(join(folders.replica, 'f'), 'user.a')
    chmodSync(join(folders.replica, 'f'), 0o444)
    await mirror(folders, setting)
    expect(attributesOf(join(folders.replica, 'f'))).toBe('user.a=0x31')
    expectEqualTrees(folders.source, folders.replica)
  })
})

const ownAttributes = fileSystems.filter(each => each.name === 'btrfs' && canMake(each) && native.length > 0)

describe.each(ownAttributes)('on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  it.each(native)(
    'attributes that no copy can be given are counted once a file ($concurrency)',
    async setting => {
      const path = mkdtempSync(join(mounted.path, 'test-'))
      const on = { path, source: join(path, 'source'), replica: join(path, 'replica') }
      writeTree(on.source, { a: 'a', b: 'b', d: { c: 'c' } })
      for (const each of ['a', 'd', 'd/c']) set(join(on.source, each), 'btrfs.compression', 'zlib')
      const countOf = async (): Promise<number | undefined> => {
        const { report } = await mirror(on, setting)
        return report.residuals.find(({ attribute }) => attribute === 'extended attributes')?.count
      }
      expect([await countOf(), await countOf()]).toEqual([3, 3])
      for (const each of ['a', 'd/c']) {
        writeFileSync(join(on.source, each), '!')
        lutimesSync(join(on.source, each), 1, 1)
      }
      writeFileSync(join(on.source, 'b'), 'longer')
      set(join(on.source, 'b'), 'btrfs.compression', 'zlib')
      expect([await countOf(), await countOf()]).toEqual([4, 4])
    },
  )
})

describe.each(plain)('without the C library ($held, $concurrency)', setting => {
  it('nobody knows of extended attributes, and that is said', async () => {
    writeTree(folders.source, { f: 'f' })
    mkdirSync(folders.replica)
    const { report } = await mirror(folders, setting)
    const said = report.residuals.filter(({ attribute }) => attribute === 'extended attributes')
    expect([said.map(({ count }) => count), report.exact]).toEqual([[undefined], false])
  })

  it('nothing is said when they are not wanted', async () => {
    writeTree(folders.source, { f: 'f' })
    const { report } = await mirror(folders, setting, { preserve: { xattrs: false, acls: false } })
    expect(report.residuals.map(({ attribute }) => attribute)).not.toContain('extended attributes')
  })
})

describeEachSetting('parts of an entry that are left alone', setting => {
  it('the mode: what is there keeps its own, what is new follows the umask', async () => {
    const before = process.umask(0o027)
    try {
      writeTree(folders.source, {
        old: file('new', { mode: 0o777 }),
        n: file('n', { mode: 0o6777 }),
        d: { x: '' },
      })
      writeTree(folders.replica, { old: file('was', { mode: 0o604 }) })
      const preserve = { mode: false }
      await mirror(folders, setting, { preserve })
      const modeOf = (name: string): number => statSync(join(folders.replica, name)).mode & 0o7777
      expect(['old', 'n', 'd'].map(modeOf)).toEqual([0o604, 0o750, 0o750])
      await expectNothingLeft(folders, setting, { preserve })
    } finally {
      process.umask(before)
    }
  })

  it('X08: the mode: nobody plants one that a file of the source gets', async () => {
    writeTree(folders.source, {
      program: file('newer', { mode: 0o755 }),
      f: file('f', { mode: 0o640 }),
      g: file('g', { mode: 0o600 }),
    })
    writeTree(folders.replica, {
      program: file('was', { mode: 0o6755 }),
      f: symlink('nowhere'),
      g: directory({}, { mode: 0o1777 }),
    })
    const umask = process.umask(0o022)
    try {
      await mirror(folders, setting, { preserve: { mode: false } })
    } finally {
      process.umask(umask)
    }
    const modeOf = (name: string): number => statSync(join(folders.replica, name)).mode & 0o7777
    expect(['program', 'f', 'g'].map(modeOf)).toEqual([0o755, 0o640, 0o600])
  })

  it.runIf(isRoot)('the owner: what is made anew belongs to whom it belonged', async () => {
    writeTree(folders.source, { f: file('new', { uid: 7, gid: 8 }), n: 'n' })
    writeTree(folders.replica, { f: file('was', { uid: 2000, gid: 2001 }) })
    await mirror(folders, setting, { preserve: { owner: false } })
    const { uid, gid } = statSync(join(folders.replica, 'f'))
    expect([uid, gid]).toEqual([2000, 2001])
    await expectNothingLeft(folders, setting, { preserve: { owner: false } })
  })

  it.runIf(isRoot)('the owner: and no program runs as another one', async () => {
    writeTree(folders.source, { f: file('f', { uid: 7, gid: 8, mode: 0o6755 }) })
    await mirror(folders, setting, { preserve: { owner: false } })
    const { uid, gid, mode } = statSync(join(folders.replica, 'f'))
    expect([uid, gid, mode & 0o7777]).toEqual([process.getuid?.(), process.getgid?.(), 0o755])
    await expectNothingLeft(folders, setting, { preserve: { owner: false } })
  })

  it('times: content is compared instead', async () => {
    writeTree(folders.source, { f: file('f', { mtime: '2001-02-03T04:05:06Z' }), d: { g: '' } })
    const options = { preserve: { times: false }, compare: 'content' } as const
    await mirror(folders, setting, options)
    expect(statSync(join(folders.replica, 'f')).mtimeMs).toBeGreaterThan(Date.parse('2020-01-01'))
    await expectNothingLeft(folders, setting, options)
    await expect(mirror(folders, setting, { preserve: { times: false } })).rejects.toThrow(/without its time/)
  })

  it('symbolic links and special files: left out, and whatever the replica has stays', async () => {
    writeTree(folders.source, { l: symlink('f'), p: fifo(), m: symlink('f'), f: 'f' })
    writeTree(folders.replica, { l: 'mine', x: '' })
    const preserve = { links: false, specials: false }
    const { report } = await mirror(folders, setting, { preserve })
    const unsaid = ['special files', 'symbolic links']
    expect(report.residuals.filter(({ attribute }) => unsaid.includes(attribute))).toEqual([])
    expect(readFileSync(join(folders.replica, 'l'), 'utf8')).toBe('mine')
    expect(statSync(join(folders.replica, 'p'), { throwIfNoEntry: false })).toBeUndefined()
    expect(statSync(join(folders.replica, 'x'), { throwIfNoEntry: false })).toBeUndefined()
    await expectNothingLeft(folders, setting, { preserve })
  })
})
