/**
 * Laws L1 and L3 while somebody who owns the folders exchanges files and directories for links, as fast as the system can, for 20
 * seconds on each side. What lies outside is neither changed nor read, and when it is quiet again one run makes both sides equal.
 */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolders, type SyncOptions } from '@facsimile/core'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { flip } from '../support/flipper.js'
import { holding, settings, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { directory, file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const lastsMs = 20_000
const theirs = isRoot ? { uid: 65_534, gid: 65_534 } : {}
const at = (...names: readonly string[]): string => join(folders.path, ...names)

/** As deep, and of the same names, as what lies outside. */
function tree(content: string, owner: { readonly uid?: number; readonly gid?: number }): TreeLiteral {
  const files = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [
      `f${index}`,
      file(`${content} ${index}`, { mode: 0o644, ...owner }),
    ]),
  )
  const below = directory({ ...files, deep: directory(files, owner) }, owner)
  return { ...files, d: below, e: below, f: file(content, owner) }
}

/** Files of the replica with what only lies outside. */
function secretsIn(replica: string): readonly unknown[] {
  return Object.values(readTree(replica)).filter(({ content }) => content?.includes('secret') === true)
}

interface Runs {
  readonly options: Partial<SyncOptions>
  /** Whether the replica can be looked at while the other side is flipped. */
  readonly isQuiet: boolean
}

async function runFor(
  ms: number,
  change: (round: number) => void,
  { options, isQuiet }: Runs,
): Promise<number> {
  const end = performance.now() + ms
  let round = 0
  while (performance.now() < end) {
    change(round)
    const { source, replica } = folders
    const report = await syncFolders({ source, replica, ...options, reject: false, stateFolder: at('state') })
    expect([0, 23, 24, 26]).toContain(report.exitCode)
    expect(isQuiet ? secretsIn(replica) : []).toEqual([])
    round += 1
  }
  return round
}

it.each(
  settings
    .filter(({ held }) => held === holding)
    .flatMap(setting => (['source', 'replica'] as const).map(side => ({ ...setting, side }))),
)(
  'X01, X02, X05, X06, X11: somebody flips the $side for 20 seconds ($held, $concurrency)',
  async ({ side, held, concurrency }) => {
    chmodSync(folders.path, 0o755)
    writeTree(folders.source, directory(tree('source', theirs), theirs))
    writeTree(folders.replica, directory(tree('replica', theirs), theirs))
    writeTree(at('outside'), tree('secret', {}))
    // What the owner of the side puts in the place of its entries, and where these are meanwhile.
    writeTree(at('theirs'), directory({}, theirs))
    chmodSync(at('theirs'), 0o777)
    for (const name of ['d', 'deep', 'f'])
      symlinkSync(at('outside', name === 'deep' ? 'd/deep' : name), at('theirs', name))
    mkdirSync(at('bin'))
    chmodSync(at('bin'), 0o777)
    const before = readTree(at('outside'))
    const root = folders[side]
    const flipper = await flip(at('bin'), [
      [join(root, 'd'), at('theirs', 'd')],
      [join(root, 'e', 'deep'), at('theirs', 'deep')],
      [join(root, 'f'), at('theirs', 'f')],
      [join(root, 'd', 'f1'), join(root, 'e')],
    ])
    const change = (round: number): void => {
      const mode = round % 2 === 0 ? 0o640 : 0o604
      writeTree(folders.source, {
        [`new ${round % 5}`]: { a: file(`a ${round}`, { mode, ...theirs }), deep: { b: 'b' } },
      })
    }
    try {
      const rounds = await runFor(lastsMs, round => attempt(() => change(round)), {
        options: { held, concurrency, compare: 'content' },
        isQuiet: side === 'source',
      })
      expect(rounds).toBeGreaterThan(20)
    } finally {
      flipper.kill('SIGKILL')
    }
    expect(readTree(at('outside'))).toEqual(before)
    expect(secretsIn(folders.replica)).toEqual([])
    const { source, replica } = folders
    const options = { source, replica, held, concurrency, allowEmptySource: true, stateFolder: at('state') }
    expect((await syncFolders({ ...options, reject: false })).exitCode).toBe(0)
    expectEqualTrees(source, replica)
    expect((await syncFolders(options)).changes.create.done).toBe(0)
    expect(readTree(at('outside'))).toEqual(before)
  },
)

/** What is being flipped may not be there at the moment. */
function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // The next round tries again.
  }
}
