/** Other file systems below the roots: nothing is removed in them, and they are left out where that is asked. */
import { linkSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compareTrees, expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, expectNothingLeft, mirror, shownChange, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { hardLink, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()

/** A mount of its own, or one that no device number tells from what is around it. */
function mount(kind: 'tmpfs' | 'bind', at: string): void {
  mkdirSync(at, { recursive: true })
  if (kind === 'tmpfs') {
    mounts.tmpfs(at)
  } else {
    const elsewhere = join(folders.path, 'elsewhere')
    mkdirSync(elsewhere, { recursive: true })
    mounts.bind(elsewhere, at)
  }
}

describe.skipIf(!canMount)('mounts (needs mount)', () => {
  describeEachSetting('mounts', setting => {
    it.each(['tmpfs', 'bind'] as const)(
      'D05: a %s in the replica alone is neither entered nor removed',
      async kind => {
        writeTree(folders.source, { same: '' })
        writeTree(folders.replica, { same: '', old: { x: 'x' } })
        const at = join(folders.replica, 'old', 'mounted')
        mount(kind, at)
        writeTree(at, { precious: 'p', sub: { deep: 'd' } })
        const before = readTree(at)
        const { report, changes } = await mirror(folders, setting)
        expect(changes.map(shownChange)).toEqual([
          'delete old/x',
          'delete old/mounted: mounted file system',
          'delete old: mounted file system',
        ])
        expect(report).toMatchObject({ exitCode: 23, changes: { delete: { done: 1, withheld: 2 } } })
        expect(readTree(at)).toEqual(before)
      },
    )

    it.each(['tmpfs', 'bind'] as const)(
      'a %s in the replica has files of its own of what is one in the source: no link leads there',
      async kind => {
        writeTree(folders.source, {
          a: 'one',
          b: hardLink('a'),
          m: { c: hardLink('a'), d: { e: hardLink('a') }, new: { f: hardLink('a') } },
        })
        writeTree(folders.replica, { m: {} })
        const at = join(folders.replica, 'm')
        mount(kind, at)
        writeTree(at, { d: {} })
        const { report } = await mirror(folders, setting)
        expect(report.residuals.find(({ attribute }) => attribute === 'hard links')?.count).toBe(3)
        expectEqualTrees(folders.source, folders.replica)
        expect((await mirror(folders, setting)).changes.map(shownChange)).toEqual([])
        const links = ['a', 'b', 'm/c', 'm/d/e', 'm/new/f'].map(
          path => lstatSync(join(folders.replica, path)).nlink,
        )
        expect(links).toEqual([2, 2, 3, 3, 3])
      },
    )

    it.each(['tmpfs', 'bind'] as const)(
      'D05: a %s in the replica is not removed for a file of the source',
      async kind => {
        writeTree(folders.source, { d: 'a file', link: 'l' })
        const at = join(folders.replica, 'd')
        mount(kind, at)
        writeTree(at, { precious: 'p' })
        const before = readTree(at)
        const { report, changes } = await mirror(folders, setting)
        expect(changes.map(shownChange)).toContain('replace d: mounted file system')
        expect(report.exitCode).toBe(23)
        expect(readTree(at)).toEqual(before)
      },
    )

    it.each(['tmpfs', 'bind'] as const)(
      'D05, S14: a %s where the source has a directory is written to, and nothing removed',
      async kind => {
        writeTree(folders.source, {
          d: { new: 'new', changed: 'new content', sub: { deep: 'd' }, kind: 'was a directory' },
        })
        const at = join(folders.replica, 'd')
        mount(kind, at)
        writeTree(at, { changed: 'old', old: 'kept', sub: { old: 'kept' }, kind: { full: 'kept' } })
        const { report, changes } = await mirror(folders, setting)
        const withheld = changes.flatMap(change =>
          change.withheld === undefined ? [] : [shownChange(change)],
        )
        // What is below a name that is another kind in the source is not even listed where a device number tells.
        expect(withheld).toEqual([
          ...(kind === 'bind' ? ['delete d/kind/full: mounted file system'] : []),
          'delete d/old: mounted file system',
          'delete d/sub/old: mounted file system',
          'replace d/kind: mounted file system',
        ])
        expect(report.exitCode).toBe(23)
        expect(compareTrees(folders.source, folders.replica).map(({ path }) => path)).toEqual([
          'd/kind',
          'd/old',
          'd/sub/old',
        ])
      },
    )

    it.each(['tmpfs', 'bind'] as const)(
      'D05: a %s that appears when the plan is made is neither emptied nor removed',
      async kind => {
        writeTree(folders.source, { same: '' })
        writeTree(folders.replica, { same: '', old: { x: 'x' } })
        const at = join(folders.replica, 'old')
        const plan = (): void => {
          mount(kind, at)
          writeTree(at, { x: 'theirs', precious: 'p' })
        }
        const { report } = await mirror(folders, setting, { on: { plan } })
        expect(report.exitCode).toBe(26)
        expect(readTree(at)).toMatchObject({ x: { content: 'theirs' }, precious: { content: 'p' } })
      },
    )

    it('D05: what appears while the replica is read, and no device number tells, is not emptied', async () => {
      writeTree(folders.source, { same: '' })
      const elsewhere = join(folders.path, 'elsewhere')
      writeTree(elsewhere, { precious: 'p', sub: { deep: 'd' } })
      writeTree(folders.replica, { same: '', old: { x: 'x' } })
      const before = readTree(elsewhere)
      const at = join(folders.replica, 'old')
      mounts.expect(at)
      const { report } = await mirror(folders, setting, {}, [
        {
          side: 'replica',
          call: 'list',
          path: '',
          times: 1,
          after: true,
          race: [{ do: 'bind', from: elsewhere, path: at }],
        },
      ])
      expect(report.exitCode).toBe(26)
      expect(report.problems.map(({ message }) => message).join()).toContain('mounted or unmounted')
      expect(readTree(elsewhere)).toEqual(before)
    })

    it.each(['tmpfs', 'bind'] as const)(
      'D05: a %s that appears at the first change is neither emptied nor removed',
      async kind => {
        writeTree(folders.source, { same: '', file: 'now a file' })
        writeTree(folders.replica, { same: '', old: { x: 'x', sub: { y: 'y' } }, file: { z: 'z' } })
        const theirs = { x: 'theirs', sub: { y: 'theirs' }, z: 'theirs', precious: 'p' }
        const places = kind === 'tmpfs' ? ['old', 'file'] : ['old']
        const waiting = [...places]
        const change = (): void => {
          for (const place of waiting.splice(0)) {
            mount(kind, join(folders.replica, place))
            writeTree(join(folders.replica, place), theirs)
          }
        }
        const { report } = await mirror(folders, setting, { on: { change } })
        expect([23, 24]).toContain(report.exitCode)
        for (const place of places) {
          expect(readTree(join(folders.replica, place))).toMatchObject({
            x: { content: 'theirs' },
            'sub/y': { content: 'theirs' },
            z: { content: 'theirs' },
            precious: { content: 'p' },
          })
        }
      },
    )

    it('S14: what changes on another file system below changes there, whatever its kind', async () => {
      writeTree(folders.source, {
        d: { f: 'new content', e: { x: 'x' }, l: { y: 'y' }, g: symlink('t') },
      })
      const at = join(folders.replica, 'd')
      mount('tmpfs', at)
      writeTree(at, { f: 'old', l: symlink('old'), g: 'old' })
      linkSync(join(at, 'f'), join(at, 'e'))
      const { report, problems } = await mirror(folders, setting)
      expect(problems).toEqual([])
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
      await expectNothingLeft(folders, setting)
    })

    type Shared = readonly [what: string, from: string, at: string]
    it.each<Shared>([
      ['a directory of the source in the replica', 'source/sub', 'replica/x'],
      ['the source in the replica', 'source', 'replica/other'],
      ['what holds the source in the replica', '', 'replica/x/deep'],
      ['a directory of the replica in the source', 'replica/x', 'source/sub'],
      ['a file of the source in the replica', 'source/x/f', 'replica/x/f'],
    ])('%s is refused, and nothing is changed', async (_, from, at) => {
      writeTree(folders.source, { x: { f: 'newer', deep: {} }, sub: { f: 'mine' } })
      writeTree(folders.replica, { x: { f: 'old', deep: {} }, other: {} })
      const before = readTree(folders.path)
      mounts.bind(join(folders.path, from), join(folders.path, at))
      const { report } = await mirror(folders, setting)
      expect(report.exitCode).toBe(26)
      expect(report.problems.map(({ message }) => message).join()).toContain('lies inside the other')
      mounts.clear()
      expect(readTree(folders.path)).toEqual(before)
    })

    it('a replica that is a mounted directory of the source is refused, excluded or not', async () => {
      writeTree(folders.source, { sub: { precious: 'mine' }, other: 'o' })
      mkdirSync(folders.replica)
      mounts.bind(join(folders.source, 'sub'), folders.replica)
      for (const options of [{}, { exclude: ['sub'] }, { exclude: ['sub'], oneFileSystem: true }]) {
        expect((await mirror(folders, setting, options)).report.exitCode).toBe(26)
      }
      expect(readTree(folders.source)['sub/precious']?.content).toBe('mine')
    })

    it('a replica to be made in a mounted directory of the source is refused, excluded or not', async () => {
      writeTree(folders.source, { sub: { deep: { precious: 'mine' } }, other: 'o' })
      const at = join(folders.path, 'mounted')
      mkdirSync(at)
      mounts.bind(join(folders.source, 'sub'), at)
      const inside = { path: folders.path, source: folders.source, replica: join(at, 'deep', 'new') }
      for (const options of [{}, { exclude: ['sub'] }]) {
        expect((await mirror(inside, setting, options)).report.exitCode).toBe(26)
      }
      expect(Object.keys(readTree(join(folders.source, 'sub')))).toEqual(['.', 'deep', 'deep/precious'])
    })

    it('another mount of the same file system in the replica is no part of the source', async () => {
      writeTree(folders.source, { x: { f: 'f' } })
      writeTree(join(folders.path, 'elsewhere'), {})
      writeTree(folders.replica, { x: {} })
      mounts.bind(join(folders.path, 'elsewhere'), join(folders.replica, 'x'))
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
    })

    it('R15: with oneFileSystem what is mounted in the source is left out, and protected in the replica', async () => {
      writeTree(folders.source, { a: 'a', d: { b: 'b' } })
      for (const name of ['mounted', 'd/too']) {
        mount('tmpfs', join(folders.source, name))
        writeFileSync(join(folders.source, name, 'x'), 'x')
      }
      writeTree(folders.replica, { mounted: { own: 'own' }, old: { x: 'x' } })
      const options = { oneFileSystem: true }
      const { report } = await mirror(folders, setting, options)
      expect(report.exitCode).toBe(0)
      expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'a', 'd', 'd/b', 'mounted', 'mounted/own'])
      await expectNothingLeft(folders, setting, options)
    })

    it('R15: without oneFileSystem what is mounted in the source is mirrored like the rest', async () => {
      writeTree(folders.source, { d: { b: 'b' } })
      mount('tmpfs', join(folders.source, 'd', 'mounted'))
      writeTree(join(folders.source, 'd', 'mounted'), { x: 'x', y: { z: 'z' } })
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
      await expectNothingLeft(folders, setting)
    })

    it('a root that is itself mounted is mirrored, and its content removed like any other', async () => {
      writeTree(folders.source, { a: 'a' })
      mount('tmpfs', folders.replica)
      writeTree(folders.replica, { old: { x: 'xx' } })
      await mirror(folders, setting)
      expectEqualTrees(folders.source, folders.replica)
    })
  })
})
