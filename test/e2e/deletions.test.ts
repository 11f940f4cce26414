/** Deletions that the system refuses, that others meddle with, and that are many. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolders } from '@facsimile/core'
import { afterEach, describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { makeDeepTree } from '../support/deep-tree.js'
import {
  describeEachSetting,
  expectNothingLeft,
  holding,
  mirror,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { temporaryDirectory } from '../support/temp.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const chattr = 'chattr'

function flag(path: string, change: string): boolean {
  return spawnSync(chattr, [change, path]).status === 0
}

/** Whether this process may make files immutable where tests are. */
const canFix: boolean = ((): boolean => {
  using directory = temporaryDirectory()
  const can = flag(directory.path, '+i')
  flag(directory.path, '-i')
  return can
})()

describeEachSetting('deletions', setting => {
  it('D09: a directory that gets a file while it is removed stays with it (23), and the next run takes both', async () => {
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, { same: '', old: { a: 'a', sub: { b: 'b' } }, z: 'z' })
    const theirs = join(folders.replica, 'old', 'theirs')
    const race = [{ do: 'write', path: theirs, content: 'theirs' }] as const
    const planted = [{ side: 'replica', call: 'removeDirectory', path: 'old', race, times: 1 }] as const
    const { report, problems } = await mirror(folders, setting, {}, planted)
    expect(problems.map(shownProblem)).toEqual(['replica-failed old'])
    expect(report.exitCode).toBe(23)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'old', 'old/theirs', 'same'])
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

describe.skipIf(!canFix)('D06: what may not be removed (needs chattr)', () => {
  afterEach(() => {
    for (const path of ['fixed', 'grows', 'grows/x']) {
      flag(join(folders.replica, path), '-i')
      flag(join(folders.replica, path), '-a')
    }
  })

  it('D06: stays and is named, the rest is done (23), and the next run takes it when it may', async () => {
    const setting = { held: holding, concurrency: 1 }
    writeTree(folders.source, { same: '' })
    writeTree(folders.replica, { same: '', fixed: 'f', grows: { x: 'x' }, other: 'o', z: { deep: 'd' } })
    flag(join(folders.replica, 'fixed'), '+i')
    flag(join(folders.replica, 'grows'), '+a')
    const { report, problems } = await mirror(folders, setting)
    expect(problems.map(shownProblem).sort()).toEqual([
      'replica-failed fixed',
      'replica-failed grows',
      'replica-failed grows/x',
    ])
    expect(problems.map(({ message }) => message).join()).toContain('chattr')
    expect(report.exitCode).toBe(23)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'fixed', 'grows', 'grows/x', 'same'])
    flag(join(folders.replica, 'fixed'), '-i')
    flag(join(folders.replica, 'grows'), '-a')
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

it('D07: a tree 4,000 deep beside a directory of 20,000 entries is removed, and nothing is left', async () => {
  const setting = { held: holding, concurrency: 1 }
  writeTree(folders.source, { same: '' })
  writeTree(folders.replica, { same: '', many: {} })
  makeDeepTree(join(folders.replica, 'deep'), 4000)
  for (let index = 0; index < 20_000; index++) writeFileSync(join(folders.replica, 'many', `f${index}`), '')
  const { source, replica } = folders
  const stateFolder = join(folders.path, 'state')
  // Without planted faults, which cost more than the run.
  const report = await syncFolders({ source, replica, stateFolder, maxDelete: '100%', ...setting })
  expect(report).toMatchObject({ exitCode: 0, changes: { delete: { failed: 0 } } })
  expect(report.changes.delete.done).toBeGreaterThanOrEqual(24_000)
  expect(Object.keys(readTree(folders.replica))).toEqual(['.', 'same'])
  await expectNothingLeft(folders, setting)
})
