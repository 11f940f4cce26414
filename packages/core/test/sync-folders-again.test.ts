import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { syncFolders } from '../src/sync-folders.js'
import * as lock from '../src/tree/lock.js'
import { expectEqualTrees } from '../../../test/support/compare-trees.js'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { writeTree } from '../../../test/support/write-tree.js'

vi.mock('../src/tree/lock.js', { spy: true })
const temporary = useTemporaryDirectory()
afterEach(() => void vi.restoreAllMocks())

it.each([
  [true, 0],
  [false, 27],
])('L01: another run had the new replica before it was locked; wait: %s', async (wait, exitCode) => {
  writeTree(temporary.path, { source: { a: 'a' } })
  const at = (name: string): string => join(temporary.path, name)
  const [source, replica, stateFolder] = [at('source'), at('replica'), at('state')]
  vi.mocked(lock.lockReplica).mockImplementationOnce(async root => {
    writeFileSync(join(root.spec.path, 'theirs'), 'of the run that was quicker')
    return { weakness: undefined, release: () => undefined }
  })
  const report = await syncFolders({ source, replica, stateFolder, wait, concurrency: 1, reject: false })
  expect(report.exitCode).toBe(exitCode)
  if (exitCode === 0) expectEqualTrees(source, replica)
})
