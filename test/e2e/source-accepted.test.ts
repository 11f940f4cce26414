/** Which runs accept the source they were given, so that the next one takes it for what it was. */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ExitCode, SyncOptions } from '@facsimile/core'
import { describe, expect, it, vi } from 'vitest'
import type { Fault } from '../support/faulty.js'
import { holding, mirror, type Mirrored, type Setting, useFolders } from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import type { TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const mounts = useMounts()
const setting: Setting = { held: holding, concurrency: 1 }
const tree: TreeLiteral = { a: 'a', d: { b: 'b', c: 'c' }, e: 'e' }

/** So many files. */
function many(count: number, name = 'file'): TreeLiteral {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, '']))
}

/** The source as a link, as deployments have it. */
function lead(path: string): void {
  rmSync(folders.source, { force: true })
  symlinkSync(path, folders.source)
}

async function mirrored(
  exitCode: ExitCode,
  options: Partial<SyncOptions> = {},
  faults: readonly Fault[] = [],
): Promise<Mirrored> {
  const done = await mirror(folders, setting, options, faults)
  expect(done.report).toMatchObject({ exitCode })
  return done
}

async function expectRefused(options: Partial<SyncOptions> = {}): Promise<void> {
  const before = readTree(folders.replica)
  const { report } = await mirrored(26, options)
  expect(report.problems.map(({ message }) => message).join('')).toContain('--allow-new-source')
  expect(readTree(folders.replica)).toEqual(before)
}

describe.skipIf(!canMount)('R03: a run that could not notice a loss (needs mount)', () => {
  type Case = readonly [what: string, options: Partial<SyncOptions>]
  it.each<Case>([
    ['that deletes nothing', { delete: false }],
    ['of what patterns include', { include: ['stray'] }],
    ['of what patterns leave', { exclude: ['?', 'd/'] }],
    ['of what a function says', { filter: ({ path }) => path === 'stray' }],
  ])('R03: one %s could not notice a loss, and accepts no other file system', async (_, options) => {
    writeTree(folders.source, { stray: '' })
    mounts.tmpfs(folders.source)
    writeTree(folders.source, tree)
    await mirrored(0)
    mounts.clear()
    await mirrored(0, options)
    await expectRefused()
    await mirrored(0, { ...options, allowNewSource: true })
    await mirrored(0)
  })

  it('R03: one of all that takes nothing from the replica accepts another file system', async () => {
    mkdirSync(folders.source)
    mounts.tmpfs(folders.source)
    await mirrored(0)
    mounts.clear()
    writeTree(folders.source, { a: 'a' })
    await mirrored(0)
    rmSync(join(folders.source, 'a'))
    await mirrored(0, { allowEmptySource: true })
  })
})

describe('R03: a run that could not do all', () => {
  it('remembers the source, so that a replica that always ends with 23 is safe, too', async () => {
    writeTree(folders.source, tree)
    writeTree(join(folders.path, 'other'), { x: 'x', y: 'y', z: 'z' })
    await mirrored(23, {}, [{ side: 'replica', call: 'rename', path: 'a', errno: 'EPERM' }])
    rmSync(folders.source, { recursive: true })
    renameSync(join(folders.path, 'other'), folders.source)
    await expectRefused()
  })

  it('a folder that was made in the millisecond of the last run was there before it', async () => {
    writeTree(folders.source, tree)
    writeTree(join(folders.path, 'other'), { x: 'x', y: 'y', z: 'z' })
    const { birthtimeNs } = statSync(join(folders.path, 'other'), { bigint: true })
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Number(birthtimeNs / 1_000_000n))
    await mirrored(0)
    clock.mockRestore()
    rmSync(folders.source, { recursive: true })
    renameSync(join(folders.path, 'other'), folders.source)
    await expectRefused()
  })

  it('does not remember another source that was not read as a whole', async () => {
    writeTree(folders.source, { ...tree, ...many(30) })
    writeTree(join(folders.path, 'other'), { x: 'x', d: {} })
    await mirrored(0)
    rmSync(folders.source, { recursive: true })
    renameSync(join(folders.path, 'other'), folders.source)
    await mirrored(23, {}, [{ side: 'source', call: 'list', path: 'd', errno: 'EIO' }])
    rmSync(join(folders.source, 'd'), { recursive: true })
    await expectRefused()
  })
})

describe('R03: a folder that is built again, or rolled back', () => {
  it('a small one may lose more than half by chance, and not all that it had', async () => {
    writeTree(folders.source, { ...tree, f: 'f' })
    await mirrored(0)
    rmSync(folders.source, { recursive: true })
    writeTree(folders.source, { a: 'a' })
    await mirrored(0)
    rmSync(folders.source, { recursive: true })
    writeTree(folders.source, many(30))
    await mirrored(0)
    rmSync(folders.source, { recursive: true })
    writeTree(folders.source, { file0: '', x: '' })
    await expectRefused()
  })

  it('one whose inode is that of the one before, as the top of each disk has, is known by its birth', async () => {
    writeTree(folders.source, { ...tree, ...many(30) })
    await mirrored(0)
    const kept = join(folders.path, 'state', 'sources')
    const [name = ''] = readdirSync(kept)
    const file = join(kept, name)
    const text = readFileSync(file, 'utf8')
    const born = /"bornNs":"(\d+)"/.exec(text)?.[1]
    writeFileSync(file, text.replace(/"bornNs":"\d+"/, '"bornNs":"1"'))
    for (const gone of readdirSync(folders.source).slice(3))
      rmSync(join(folders.source, gone), { recursive: true })
    // Some file systems tell of no births.
    await (born === '0' ? mirrored(0) : expectRefused())
  })

  it('a link that goes back to a release that was mirrored before is what it was', async () => {
    const paths = ['one', 'two', 'three'].map(name => join(folders.path, name))
    for (const [index, path] of paths.entries()) writeTree(path, many(20 + index, `of-${index}-`))
    const [one = '', two = '', three = ''] = paths
    lead(one)
    await mirrored(0)
    for (const path of [two, one, two, three, two, one]) {
      lead(path)
      // The first time it was there before, and has no name in common.
      await mirrored(0, { allowNewSource: path === three || path === two })
    }
    for (const path of [three, two, one]) {
      lead(path)
      await mirrored(0)
    }
  })
})

describe('R03: a pair of roots by other paths', () => {
  it.each(['first', 'later'] as const)('is known when it was mirrored over a link %s', async when => {
    const linked = join(folders.path, 'linked')
    symlinkSync('.', linked)
    writeTree(folders.source, tree)
    writeTree(join(folders.path, 'other'), { x: 'x', y: 'y', z: 'z' })
    const overLink = { source: join(linked, 'source'), replica: join(linked, 'replica') }
    await mirrored(0, when === 'first' ? overLink : {})
    rmSync(folders.source, { recursive: true })
    renameSync(join(folders.path, 'other'), folders.source)
    await expectRefused(when === 'first' ? {} : overLink)
  })
})

describe.skipIf(!canMount)('R03: what was accepted elsewhere (needs mount)', () => {
  it('R03: a folder that was mirrored before a disk was mounted over it is not what the disk was', async () => {
    writeTree(folders.source, { stray: '' })
    await mirrored(0)
    mounts.tmpfs(folders.source)
    writeTree(folders.source, tree)
    await mirrored(0, { allowNewSource: true })
    mounts.clear()
    await expectRefused()
  })
})
