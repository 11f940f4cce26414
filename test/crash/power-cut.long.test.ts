/** The power is cut at each call of a durable run that writes. */
import { describe, expect, it } from 'vitest'
import type { TreeCall } from '../support/faulty.js'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { canCutPower, cutAndUndoAt, cutAt, foldersOn, journaling, mountJournaling } from './power-cut.js'

const folders = useFolders()
const calls: readonly TreeCall[] = [
  'createFile',
  'handle.write',
  'handle.setMtime',
  'handle.close',
  'makeDirectory',
  'makeLink',
  'link',
  'flush',
  'rename',
  'unlink',
  'removeDirectory',
]
const most = 200
const inline: Setting = { held: holding, concurrency: 1 }

describe.skipIf(!canCutPower)('a cut of the power at any call (needs mount, xfs_io)', () => {
  const cases = journaling.flatMap(name =>
    [
      ...calls.map(call => ({ ...inline, call })),
      ...(['flush', 'rename'] as const).map(call => ({ ...inline, concurrency: 2, call })),
    ].map(each => ({ ...each, name })),
  )
  it.each(cases)(
    'K04: $call: each path is old or new ($name, $held, $concurrency)',
    async ({ name, call, held, concurrency }) => {
      using mounted = mountJournaling(name)
      const at = foldersOn(folders, mounted)
      let cuts = 0
      while (cuts < most && (await cutAt(at, mounted, { held, concurrency }, call, cuts + 1))) cuts += 1
      expect(cuts).toBeGreaterThan(0)
      expect(cuts).toBeLessThan(most)
    },
    600_000,
  )

  it.each(
    journaling.flatMap(name =>
      (['both', 'backup'] as const).flatMap(lost => calls.map(call => ({ name, lost, call }))),
    ),
  )(
    '$call: a durable run is undone ($name, $lost)',
    async ({ name, lost, call }) => {
      using mounted = mountJournaling(name)
      const at = lost === 'both' ? foldersOn(folders, mounted) : folders
      let cuts = 0
      while (cuts < most && (await cutAndUndoAt(at, mounted, inline, call, cuts + 1))) cuts += 1
      expect(cuts).toBeGreaterThan(0)
      expect(cuts).toBeLessThan(most)
    },
    600_000,
  )
})
