/** The power is cut after a run, and in the middle of one. */
import { describe, expect, it } from 'vitest'
import { compareTrees } from '../support/compare-trees.js'
import { holding, mirror, type Setting, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { writeChanges } from './every-change.js'
import {
  canCutPower,
  cutAndUndoAt,
  cutAt,
  cutPower,
  foldersOn,
  journaling,
  mountAgain,
  mountJournaling,
} from './power-cut.js'

const folders = useFolders()
const setting: Setting = { held: holding, concurrency: 1 }

describe.skipIf(!canCutPower)('a cut of the power (needs mount, xfs_io)', () => {
  it.each(journaling)('K03: after a durable run loses nothing (%s)', async name => {
    using mounted = mountJournaling(name)
    const at = foldersOn(folders, mounted)
    const { wanted } = writeChanges(at, setting)
    const { report } = await mirror(at, setting, { durable: true })
    expect(report.exitCode).toBe(0)
    cutPower(mounted)
    mountAgain(mounted)
    expect(compareTrees(at.source, at.replica)).toEqual([])
    expect(readTree(at.replica)).toEqual(wanted)
  })

  it.each(journaling)('loses what was not flushed, so the cut is one (%s)', async name => {
    using mounted = mountJournaling(name)
    const at = foldersOn(folders, mounted)
    writeChanges(at, setting)
    await mirror(at, setting)
    cutPower(mounted)
    mountAgain(mounted)
    expect(() => readTree(at.replica)).toThrow(/ENOENT/)
  })

  it.each(journaling)('S08: before anything was done, ends the run with one message (11, %s)', async name => {
    using mounted = mountJournaling(name)
    const at = foldersOn(folders, mounted)
    // The first of them comes before the lock, the second after it.
    for (const call of ['stat', 'handle.close'] as const)
      expect(await cutAt(at, mounted, setting, call, 1)).toBe(true)
  })

  it.each(journaling)('K04: when what is staged gets its names, each path is old or new (%s)', async name => {
    using mounted = mountJournaling(name)
    const at = foldersOn(folders, mounted)
    expect(await cutAt(at, mounted, setting, 'rename', 2)).toBe(true)
  })

  it.each(
    journaling.flatMap(name =>
      (['both', 'backup'] as const).flatMap(lost => [1, 5, 9].map(nth => ({ name, lost, nth }))),
    ),
  )(
    'leaves what undoes a durable run: all was told before it was made ($name, $lost, rename $nth)',
    async ({ name, lost, nth }) => {
      using mounted = mountJournaling(name)
      const at = lost === 'both' ? foldersOn(folders, mounted) : folders
      expect(await cutAndUndoAt(at, mounted, setting, 'rename', nth)).toBe(true)
    },
  )
})
