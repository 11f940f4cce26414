/** What is not proven absent, or is to stay, is not renamed either: its old name would be gone. */
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import {
  describeEachSetting,
  holding,
  mirror,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'

const folders = useFolders()
const alone = { held: holding, concurrency: 1 } as const

function at(path: string): string {
  return join(folders.source, path)
}

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), `what ${path} holds, which is longer for a longer path`)
  }
}

describeEachSetting('a source that cannot be wholly read', setting => {
  it.each([
    { what: 'a directory, where it is', from: 'a', to: 'b' },
    { what: 'a directory, to elsewhere', from: 'a', to: 'n/a' },
    { what: 'a file', from: 'f', to: 'g' },
  ])('leaves $what under its old name (L1)', async ({ from, to }) => {
    write('a/x', 'a/y', 'f', 'k/k', 'n/n')
    await mirror(folders, setting)
    renameSync(at(from), at(to))
    const before = readdirSync(folders.replica)
    const { report, changes, problems } = await mirror(folders, setting, {}, [
      { side: 'source', call: 'list', path: 'k', errno: 'EIO' },
    ])
    expect(report.exitCode).toBe(23)
    expect(problems.filter(({ code }) => code === 'source-unreadable').map(shownProblem)).toEqual([
      'source-unreadable k',
    ])
    expect(changes.filter(({ action }) => action === 'rename').map(shownChange)).toEqual([])
    expect(readdirSync(folders.replica)).toEqual(expect.arrayContaining(before))
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

it('what cannot be linked for a while is copied, and that is nothing the replica cannot hold', async () => {
  write('a', 'b')
  await mirror(folders, alone)
  renameSync(at('a'), at('c'))
  renameSync(at('b'), at('a'))
  renameSync(at('c'), at('b'))
  const { report } = await mirror(folders, alone, {}, [{ side: 'replica', call: 'link', errno: 'EPERM' }])
  expect(report.exitCode).toBe(0)
  expect(report.residuals.filter(({ attribute }) => attribute === 'hard links')).toEqual([])
  expectEqualTrees(folders.source, folders.replica)
})
