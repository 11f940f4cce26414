/**
 * Every kind in the source against every kind in the replica, and a third one swapped in while the run is under way: after the
 * plan was made, or when the change of that very entry is about to begin. Nothing outside is touched, what was
 * swapped in is not destroyed, and the next run makes both sides equal.
 */
import { join } from 'node:path'
import { linkSync } from 'node:fs'
import type { SyncEvents } from '@facsimile/core'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { HeldDirectories } from '../support/held-directories.js'
import { kindNames, kindPairs, kinds, linkedTo, nameOfPair, outside, treesOfPairs } from '../support/kinds.js'
import { bytesOfText } from '../support/byte-names.js'
import { landed } from '../support/landed.js'
import { mirror, type Setting, useFolders } from '../support/mirror.js'
import { readTree, snapshotOf } from '../support/read-tree.js'
import { removeEntry } from '../support/remove-tree.js'
import type { EntryLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

type Side = 'source' | 'replica'
type Moment = 'after the plan' | 'before its change'
export type SwapCase = readonly [third: string, side: Side, moment: Moment]

/** All of them. */
export const swapCases: readonly SwapCase[] = kindNames.flatMap(third =>
  (['source', 'replica'] as const).flatMap(side =>
    (['after the plan', 'before its change'] as const).map(moment => [third, side, moment] as const),
  ),
)
const names = kindPairs.map(([inReplica, inSource]) => nameOfPair(inReplica, inSource))

/** Puts a kind where other ones are. */
function swap(side: Side, third: string, chosen: readonly string[]): void {
  const root = folders[side]
  const at = new HeldDirectories(root)
  try {
    const present = new Set(at.list())
    for (const name of chosen.map(bytesOfText)) if (present.has(name)) removeEntry(at, name)
  } finally {
    at.close()
  }
  const kind = kinds[third]
  if (third === 'hard link') for (const name of chosen) linkSync(join(root, linkedTo), join(root, name))
  else if (kind !== undefined) writeTree(root, new Map(chosen.map(name => [name, kind])))
}

/** Swaps all of them at once, or each when its turn has come, and notes which. */
function swapAt(moment: Moment, side: Side, third: string, swapped: string[]): SyncEvents {
  const now = (chosen: readonly string[]): void => {
    swap(side, third, chosen)
    swapped.push(...chosen)
  }
  if (moment === 'after the plan') return { plan: () => now(names) }
  return {
    change: ({ path }) => {
      if (names.includes(path) && !swapped.includes(path)) now([path])
    },
  }
}

const { source, replica } = treesOfPairs(kindPairs)
const made = snapshotOf({
  ...Object.fromEntries(kindNames.flatMap(name => entryOf(name))),
  [linkedTo]: 'linked',
})

/** Another name of the same file is the very file that the plan saw. */
function isNew(third: string, name: string): boolean {
  return third !== 'absent' && !(third === 'hard link' && name.startsWith(`${third} to `))
}

function entryOf(name: string): [string, EntryLiteral][] {
  const kind = kinds[name]
  return kind === undefined ? [] : [[name, kind]]
}

/** Runs the cases that a setting can. */
export function describeSwaps(setting: Setting, chosen: readonly SwapCase[]): void {
  const native = setting.held === 'libc'
  // A FIFO in the source is a residual by plain Node.
  const ignore = native ? {} : { ignore: (path: string): boolean => /^[^/]* to fifo(\/|$)/.test(path) }
  const known = chosen.filter(([third, side]) => native || third !== 'fifo' || side === 'replica')

  it.each(known)('T06: %s, in the %s, %s', async (third, side, moment) => {
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    writeTree(join(folders.path, 'outside'), outside)
    const outsideBefore = readTree(join(folders.path, 'outside'))
    const swapped: string[] = []
    const { report } = await mirror(folders, setting, {
      maxDelete: '100%',
      on: swapAt(moment, side, third, swapped),
    })
    expect([0, 23, 24]).toContain(report.exitCode)
    expect(readTree(join(folders.path, 'outside'))).toEqual(outsideBefore)
    const after = readTree(folders[side])
    const destroyed = swapped.filter(name => isNew(third, name) && after[name]?.kind !== made[third]?.kind)
    expect(destroyed).toEqual([])
    // One kind more or less of what is full is many entries.
    const second = await mirror(folders, setting, { maxDelete: '100%' })
    expect(second.problems).toEqual([])
    expect(second.report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica, { ...ignore, hardLinks: landed.hardLinks })
    expect((await mirror(folders, setting)).changes).toEqual([])
  })
}
