/**
 * A source that is never quiet: edited at every moment at which the run looks up, saved by an editor, written by a
 * database. The moments are the run's own calls, so that a seed gives the same storm again.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SyncOptions } from '@facsimile/core'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import type { Fault } from '../support/faulty.js'
import {
  describeEachSetting,
  describeEachWay,
  expectNothingLeft,
  mirror,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { Random } from '../support/random.js'
import { randomEdits } from '../support/random-edits.js'
import { readTree } from '../support/read-tree.js'
import { symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

const some: TreeLiteral = {
  a: { b: { c: { f: 'f', g: 'gg' }, h: 'h' }, link: symlink('../d') },
  d: { e: { i: 'i' }, j: 'j'.repeat(70_000), k: '' },
  l: 'l',
  m: { n: 'n' },
}

/** Has something done whenever the run asks or tells: while it walks, before each change, and after it. */
function whenever(move: () => void): Pick<SyncOptions, 'filter' | 'on'> {
  return {
    filter: () => {
      move()
      return true
    },
    on: {
      change: () => {
        move()
        return true
      },
      outcome: move,
    },
  }
}

describeEachSetting('a storm in the source', setting => {
  const seeds = setting.concurrency === 1 ? [1, 2] : [3]

  it.each(seeds)(
    'C15: of edits ends no run early and touches nothing else; a quiet run makes equal (seed %d)',
    async seed => {
      writeTree(folders.source, some)
      writeTree(folders.replica, { ...some, old: { x: 'x' }, l: 'older' })
      writeTree(folders.path, { outside: { secret: 'secret', d: { x: 'x' } } })
      const outside = readTree(join(folders.path, 'outside'))
      const random = new Random(seed)
      let moves = 0
      const move = (): void => {
        if (moves >= 60 || !random.chance(0.5)) return
        moves += 1
        randomEdits(folders.source, { seed: random.below(2 ** 31), count: 2, hardLinks: true })
      }
      for (let run = 0; run < 3; run += 1) {
        const { report } = await mirror(folders, setting, whenever(move))
        expect([0, 23, 24]).toContain(report.exitCode)
      }
      expect(moves).toBeGreaterThan(10)
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica, { hardLinks: true })
      expect(readTree(join(folders.path, 'outside'))).toEqual(outside)
      await expectNothingLeft(folders, setting)
    },
  )

  it('C13: of files that are saved by renaming leaves no temporary name behind', async () => {
    writeTree(folders.source, { f: 'f', d: { g: 'g' }, '.h.swp': 'swap' })
    let saves = 0
    const save = (): void => {
      saves += 1
      for (const [name, hidden] of [
        ['f', `.f.${saves}.tmp`],
        ['d/g', 'd/g~'],
      ] as const) {
        writeFileSync(join(folders.source, hidden), `saved ${saves}`)
        // Every third is seen before it is renamed.
        if (saves % 3 !== 0) renameSync(join(folders.source, hidden), join(folders.source, name))
      }
      for (let left = saves - (saves % 3); left > 0; left -= 3) {
        try {
          renameSync(join(folders.source, `.f.${left}.tmp`), join(folders.source, 'f'))
        } catch {
          break
        }
      }
    }
    for (let run = 0; run < 3; run += 1) {
      const { report } = await mirror(folders, setting, whenever(save))
      expect([0, 24]).toContain(report.exitCode)
    }
    writeTree(folders.source, { f: 'the last', d: { g: 'the last' } })
    for (const name of Object.keys(readTree(folders.source)).filter(path => /tmp$|~$/.test(path))) {
      renameSync(join(folders.source, name), join(folders.source, 'f'))
    }
    expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    expect(Object.keys(readTree(folders.replica))).toEqual(['.', '.h.swp', 'd', 'd/g', 'f'])
    expectEqualTrees(folders.source, folders.replica)
  })
})

/** A database: each of its bytes is the number of the last transaction. */
function database(transaction: number, bytes: number): string {
  return String(transaction).repeat(bytes)
}

/** The one transaction of a whole copy; undefined of a mixed one. */
function transactionIn(file: string): string | undefined {
  const bytes = readFileSync(file)
  const first = bytes.subarray(0, 1).toString()
  return bytes.equals(Buffer.alloc(bytes.length, first)) ? first : undefined
}

/** Writes all of it between the first piece and the next one. */
function writer(bytes: number, copies: boolean): Fault {
  const path = join(folders.source, 'db')
  const call = copies
    ? ({ side: 'replica', call: 'handle.copyFrom' } as const)
    : ({ side: 'source', call: 'handle.read', path: 'db' } as const)
  return { ...call, nth: 2, race: [{ do: 'write', path, content: database(2, bytes) }] }
}

describeEachWay('a live database', setting => {
  // More than is read, or copied by the system, at once.
  const bySystem = setting.held === 'libc'
  const ways = [
    ['as it is copied', {}, bySystem ? 9_000_000 : 2_500_000, bySystem],
    ['as it is read for a hash', { hasher: 'xxh64' }, 2_500_000, false],
  ] as const

  it.each(ways)(
    'C14, C04: that is never quiet keeps its old copy, and is named (24): %s',
    async (_, options, bytes, copies) => {
      writeTree(folders.source, { db: database(1, bytes), f: 'f' })
      writeTree(folders.replica, { db: database(0, bytes - 1) })
      const { report, problems } = await mirror(folders, setting, options, [writer(bytes, copies)])
      expect([report.exitCode, problems.map(shownProblem)]).toEqual([24, ['source-changed db']])
      expect(transactionIn(join(folders.replica, 'db'))).toBe('0')
      expect(readTree(folders.replica)['f']).toMatchObject({ content: 'f' })
    },
  )

  it.each(ways)('C14, C04: that is quiet again is copied whole: %s', async (_, options, bytes, copies) => {
    writeTree(folders.source, { db: database(1, bytes) })
    const planted = { ...writer(bytes, copies), times: 1 }
    expect((await mirror(folders, setting, options, [planted])).report.exitCode).toBe(0)
    expect(transactionIn(join(folders.replica, 'db'))).toBe('2')
  })
})
