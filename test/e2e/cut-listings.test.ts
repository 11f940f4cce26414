/**
 * Law L1 where the system fails amid a list of names: what was listed until then is not all there is. A directory of several
 * thousand names takes several calls, and each of them fails once.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { useFolders } from '../support/mirror.js'
import { runProcess, type RunResult } from '../support/run.js'
import type { TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const many: TreeLiteral = Object.fromEntries(
  Array.from({ length: 4000 }, (_, index) => [`name ${index}`, '']),
)
/** More calls than a list of so many names takes. */
const mostCalls = 12

function write(): void {
  writeTree(folders.source, { many, new: 'n' })
  writeTree(folders.replica, { many: { ...many, extraneous: 'x' }, gone: { z: 'z' } })
}

/** Runs the command while the n-th of the calls that list a directory fails; or none of them does. */
async function failing(directory: string, nth: number, error: string): Promise<RunResult> {
  const inject = ['-e', 'trace=getdents64', '-e', `inject=getdents64:error=${error}:when=${nth}`]
  const flags = ['-f', '-qq', '-o', '/dev/null', '-P', directory, ...inject, '--', process.execPath]
  const env = { UV_USE_IO_URING: '0', XDG_STATE_HOME: join(folders.path, 'state') }
  return await runProcess('strace', [...flags, main, folders.source, folders.replica], { env })
}

it.skipIf(!canStrace)(
  'D01: whichever part of a source’s list fails, nothing is deleted (needs strace)',
  async () => {
    write()
    const before = readdirSync(join(folders.replica, 'many'))
    let failed = 0
    for (let nth = 1; nth <= mostCalls; nth += 1) {
      const { code, stderr } = await failing(join(folders.source, 'many'), nth, 'EIO')
      if (code === 0) break
      failed += 1
      expect([code, stderr]).toEqual([23, expect.stringContaining('"many"')])
      expect(stderr).toMatch(
        /cannot list "many"( a second time)?: input\/output error \(EIO\); nothing will be deleted/,
      )
      expect(readdirSync(join(folders.replica, 'many'))).toEqual(before)
      expect(readdirSync(folders.replica).sort()).toEqual(['gone', 'many', 'new'])
    }
    // Twice listed: what is to be deleted must be missing from both.
    expect(failed).toBeGreaterThanOrEqual(6)
    expectEqualTrees(folders.source, folders.replica)
  },
)

it.skipIf(!canStrace)(
  'whichever part of a replica’s list fails, nothing in it is touched (needs strace)',
  async () => {
    write()
    const before = readdirSync(join(folders.replica, 'many'))
    let failed = 0
    for (let nth = 1; nth <= mostCalls; nth += 1) {
      const { code, stderr } = await failing(join(folders.replica, 'many'), nth, 'EACCES')
      if (code === 0) break
      failed += 1
      expect([code, stderr]).toEqual([23, expect.stringContaining('cannot list "many" in the replica')])
      expect(readdirSync(join(folders.replica, 'many'))).toEqual(before)
    }
    expect(failed).toBeGreaterThanOrEqual(3)
    expectEqualTrees(folders.source, folders.replica)
  },
)
