/** Which runs accept the source they were given, so that the next one takes it for what it was. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExitCode, SyncOptions } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
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

  it('does not remember another source that was not read as a whole', async () => {
    writeTree(folders.source, tree)
    writeTree(join(folders.path, 'other'), { x: 'x', d: {} })
    await mirrored(0)
    rmSync(folders.source, { recursive: true })
    renameSync(join(folders.path, 'other'), folders.source)
    await mirrored(23, {}, [{ side: 'source', call: 'list', path: 'd', errno: 'EIO' }])
    rmSync(join(folders.source, 'd'), { recursive: true })
    await expectRefused()
  })
})
