/** Modes, times and owners, of every kind and of the root. */
import { chmodSync, lchownSync, linkSync, lutimesSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { describeEachSetting, expectNothingLeft, mirror, shownChange, useFolders } from '../support/mirror.js'
import { directory, file, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const modes = isRoot ? [0, 0o400, 0o7777, 0o6755, 0o1777, 0o2750, 0o111] : [0o400, 0o777, 0o755, 0o700, 0o555]
const times = [
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999999Z',
  '1901-12-14T00:00:00.000001Z',
  '2038-01-19T03:14:08.5Z',
  '2106-02-07T06:28:15.999999Z',
  '2024-02-29T23:59:59.999999Z',
]

describeEachSetting('attributes', setting => {
  it('M06, M10: modes of files and directories are held, and repaired without writing content, but for programs that run as another', async () => {
    const entries = modes.flatMap(mode => [
      [`file ${mode.toString(8)}`, file('x', { mode })] as const,
      [
        `directory ${mode.toString(8)}`,
        directory({ inside: 'x' }, { mode: mode | (isRoot ? 0 : 0o500) }),
      ] as const,
    ])
    writeTree(folders.source, new Map(entries))
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    const inodes = entries.map(([name]) => statSync(join(folders.replica, name)).ino)
    for (const [name] of entries) chmodSync(join(folders.replica, name), 0o741)
    const { report, changes } = await mirror(folders, setting)
    // A program that runs as somebody else is copied anew (decision 019).
    const anew = entries.flatMap(([name]) => (/^file [2467]\d{3}$/.test(name) ? [name] : []))
    expect(Object.fromEntries(changes.map(({ action, path }) => [path, action]))).toEqual(
      Object.fromEntries(entries.map(([name]) => [name, anew.includes(name) ? 'update' : 'metadata'])),
    )
    expect(report.bytes).toBe(anew.length)
    expectEqualTrees(folders.source, folders.replica)
    const kept = entries.map(([name], index) =>
      anew.includes(name) ? inodes[index] : statSync(join(folders.replica, name)).ino,
    )
    expect(kept).toEqual(inodes)
    await expectNothingLeft(folders, setting)
  })

  it('M01: times of files, directories and links are held to the microsecond, before 1970 and after 2038', async () => {
    const entries = times.flatMap(mtime => [
      [`file ${mtime}`, file('x', { mtime })] as const,
      [`link ${mtime}`, symlink('x', { mtime })] as const,
      [`directory ${mtime}`, directory({ inside: 'x' }, { mtime })] as const,
    ])
    writeTree(folders.source, new Map(entries))
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })

  it('M03: a time that alone differs is repaired on directories and links, whatever is in them', async () => {
    writeTree(folders.source, { d: { inside: 'x' }, l: symlink('d') })
    await mirror(folders, setting)
    lutimesSync(join(folders.replica, 'd'), 1, 1)
    lutimesSync(join(folders.replica, 'l'), 2, 2)
    const { changes } = await mirror(folders, setting)
    expect(changes.map(change => `${shownChange(change)}: ${change.reasons.join()}`)).toEqual([
      'metadata l: mtime',
      'metadata d: mtime',
    ])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('a file that was only touched is given its time, and is not written', async () => {
    writeTree(folders.source, { touched: 'same', edited: 'old', empty: '', large: 'x'.repeat(3_000_000) })
    await mirror(folders, setting)
    const names = ['touched', 'empty', 'large']
    const inodesOf = (): readonly number[] => names.map(name => statSync(join(folders.replica, name)).ino)
    const inodes = inodesOf()
    for (const name of names) lutimesSync(join(folders.source, name), 1, 1)
    writeFileSync(join(folders.source, 'edited'), 'new')
    lutimesSync(join(folders.source, 'edited'), 2, 2)
    const { report, changes } = await mirror(folders, setting)
    expect(changes.map(change => `${shownChange(change)}: ${change.reasons.join()}`).sort()).toEqual([
      'metadata empty: mtime',
      'metadata large: mtime',
      'metadata touched: mtime',
      'update edited: content,mtime',
    ])
    expect([report.bytes, inodesOf()]).toEqual([3, inodes])
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })

  it('M02: the root has the mode and time of the source, also after changes deep inside', async () => {
    const root = { mode: 0o751, mtime: '2001-02-03T04:05:06.789Z' }
    writeTree(folders.source, directory({ d: directory({ e: directory({ f: 'f' }) }) }, root))
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    writeFileSync(join(folders.replica, 'd', 'e', 'more'), '')
    chmodSync(folders.replica, 0o700)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    await expectNothingLeft(folders, setting)
  })

  it('M02: a change inside does not leave its directory with another time, though the source has the same', async () => {
    writeTree(folders.source, { d: { e: { f: 'f', g: 'g' } } })
    writeTree(folders.replica, { d: { e: { f: 'old content', g: 'g', h: 'extraneous' } } })
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('a replica file that is a name of another file is made anew, and the other is left alone', async () => {
    writeTree(folders.source, { f: file('same', { mode: 0o600 }), g: file('new content') })
    const elsewhere = join(folders.path, 'elsewhere')
    writeTree(folders.path, { elsewhere: { victim: file('same', { mode: 0o644 }), other: 'other' } })
    writeTree(folders.replica, {})
    linkSync(join(elsewhere, 'victim'), join(folders.replica, 'f'))
    linkSync(join(elsewhere, 'other'), join(folders.replica, 'g'))
    const before = ['victim', 'other'].map(name => statSync(join(elsewhere, name), { bigint: true }))
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
    const after = ['victim', 'other'].map(name => statSync(join(elsewhere, name), { bigint: true }))
    expect(after.map(({ mode, mtimeNs, size, nlink }) => [mode, mtimeNs, size, nlink])).toEqual(
      before.map(({ mode, mtimeNs, size }) => [mode, mtimeNs, size, 1n]),
    )
  })

  it.skipIf(!isRoot)(
    'M03, M04: owners and groups of every kind are held, and repaired (needs root)',
    async () => {
      const owners = { uid: 1234, gid: 4321 }
      const tree = directory(
        {
          f: file('x', { ...owners, mode: 0o6755 }),
          d: directory({ inside: file('y', { uid: 4_294_967_294, gid: 7 }) }, { ...owners, mode: 0o2775 }),
          l: symlink('f', owners),
        },
        { uid: 5, gid: 6 },
      )
      writeTree(folders.source, tree)
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica, { owner: true })
      for (const name of ['', 'f', 'd', 'd/inside', 'l']) lchownSync(join(folders.replica, name), 99, 98)
      // Only the owner differs now, but these are nobody's bytes to run as another: it is copied.
      chmodSync(join(folders.replica, 'f'), 0o6755)
      const { changes, report } = await mirror(folders, setting)
      const actions = changes.map(({ path, action }) => `${path}: ${action}`)
      expect(new Set(actions)).toEqual(
        new Set([': metadata', 'd: metadata', 'd/inside: metadata', 'l: metadata', 'f: update']),
      )
      expect(report.bytes).toBe(1)
      expectEqualTrees(folders.source, folders.replica, { owner: true })
      await expectNothingLeft(folders, setting)
    },
  )
})
