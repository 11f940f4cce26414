/**
 * Runs after random edits of the source, undone in reverse: after each undo the replica is what it was before that run,
 * byte for byte and attribute for attribute. Then the undos are undone, and all is there again.
 */
import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareTrees, exactly, expectEqualTrees } from '../support/compare-trees.js'
import { undoRun } from '../support/core.mjs'
import { isRoot } from '../support/entry-kind.js'
import { type Folders, mirror, type Setting, settings, useFolders } from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import { randomTree } from '../support/random-tree.js'
import { removeTree } from '../support/remove-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const allowed = { allowEmptySource: true, maxDelete: '100%' } as const

function snapshot({ path, replica }: Folders, round: number): string {
  const copy = join(path, `before-${round}`)
  execFileSync('cp', ['-a', replica, copy])
  expectEqualTrees(replica, copy, exactly)
  return copy
}

type Case = { readonly seed: number; readonly rounds: readonly number[] }

const sequence: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(2 ** 30),
  rounds: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 }),
})

async function check(where: Folders, setting: Setting, { seed: from, rounds }: Case): Promise<void> {
  const all = { fifos: true, hardLinks: true, attributes: isRoot }
  const kinds = setting.held === 'libc' ? all : { hardLinks: true }
  // By plain Node no time of a directory can be put back to the nanosecond.
  const judged = setting.held === 'libc' ? exactly : { ...exactly, precisionNs: 1000n }
  const backupDir = join(where.path, 'backups')
  const { replica } = where
  randomTree(where.source, { seed: from, entries: 40, ...kinds })
  await mirror(where, setting, allowed)
  const before: string[] = []
  for (const [round, count] of rounds.entries()) {
    before.push(snapshot(where, round))
    // Another seed than the tree's: the same chance would give a rewritten file the size and the time that it had.
    const edits = { seed: from + round + 2 ** 20, count, largestRemoved: 40 }
    randomEdits(where.source, { ...edits, ...kinds })
    const { problems } = await mirror(where, setting, { ...allowed, backupDir })
    expect(problems).toEqual([])
    expectEqualTrees(where.source, replica)
  }
  before.push(snapshot(where, rounds.length))
  const { held } = setting
  const undone = { replica, backupDir, held, stateFolder: join(where.path, 'state') }
  const undos: string[] = []
  for (let round = rounds.length - 1; round >= 0; round -= 1) {
    const then = before[round] ?? ''
    // What changed nothing was no run.
    if (compareTrees(then, before[round + 1] ?? '', exactly).length === 0) continue
    const { undo = '' } = await undoRun(undone)
    undos.unshift(undo)
    expectEqualTrees(then, replica, judged)
  }
  for (const run of undos) await undoRun({ ...undone, run })
  expectEqualTrees(before.at(-1) ?? '', replica, judged)
}

it.each(settings)(
  `runs undone in reverse leave nothing of them ($held, $concurrency; seed ${seed})`,
  async setting => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(sequence, async given => {
        const path = join(folders.path, String(run++))
        execFileSync('mkdir', [path])
        await check({ path, source: join(path, 'source'), replica: join(path, 'replica') }, setting, given)
        removeTree(path)
      }),
      {
        seed,
        numRuns: setting.concurrency === 1 ? 12 : 4,
        interruptAfterTimeLimit: 10_000,
        markInterruptAsFailure: false,
      },
    )
  },
)
