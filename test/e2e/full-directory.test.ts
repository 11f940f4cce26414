/** A file or link that takes the place of a full directory: nothing is removed before it is ready. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault } from '../support/faulty.js'
import { describeEachSetting, mirror, shownProblem, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

function write(): ReturnType<typeof readTree> {
  writeTree(folders.source, { d: 'content', keep: 'k' })
  writeTree(folders.replica, { d: { sub: { x: '1' }, y: '2' }, gone: { z: '3' }, keep: 'k' })
  return readTree(folders.replica)
}

describeEachSetting('D12: what takes the place of a full directory', setting => {
  it('and cannot be read withholds all deletions', async () => {
    const before = write()
    const unreadable: Fault = { side: 'source', call: 'openFile', path: 'd', errno: 'EIO' }
    const { report, problems } = await mirror(folders, setting, {}, [unreadable])
    expect(report.exitCode).toBe(23)
    expect(problems.map(shownProblem)).toContain('source-unreadable d')
    expect(readTree(folders.replica)).toEqual(before)
    expect(report.changes.delete).toMatchObject({ done: 0 })
  })

  it('and does not keep still leaves the directory and all it holds', async () => {
    const before = write()
    const path = join(folders.source, 'd')
    const race = [{ do: 'append', path, content: 'x' }] as const
    const moving: Fault = { side: 'source', call: 'handle.read', path: 'd', race, after: true }
    const { report, problems } = await mirror(folders, setting, {}, [moving])
    expect(report.exitCode).toBe(24)
    expect(problems.map(shownProblem)).toEqual(['source-changed d'])
    const { gone: _, 'gone/z': __, '.': ___, ...left } = before
    expect(readTree(folders.replica)).toMatchObject(left)
    expect(report.changes).toMatchObject({ replace: { failed: 1, done: 0 }, delete: { done: 2, skipped: 3 } })
  })

  it('and does not fit leaves everything', async () => {
    const before = write()
    const full: Fault = { side: 'replica', call: 'handle.write', path: /\/0\/|\/1\/|\/2\//, errno: 'ENOSPC' }
    const { report } = await mirror(folders, setting, {}, [full])
    expect(report.exitCode).toBe(11)
    expect(readTree(folders.replica)).toEqual(before)
  })

  it('D12: takes it when it is ready, and counts once', async () => {
    writeTree(folders.source, { d: 'content', l: symlink('nowhere'), keep: 'k' })
    writeTree(folders.replica, { d: { sub: { x: '1' }, y: '2' }, l: { z: '3' } })
    const { report } = await mirror(folders, setting, { hasher: 'md5', verify: true })
    expect(report).toMatchObject({ exitCode: 0, bytes: 8, changes: { replace: { done: 2, planned: 2 } } })
    expectEqualTrees(folders.source, folders.replica)
    expect((await mirror(folders, setting)).changes).toEqual([])
  })
})
