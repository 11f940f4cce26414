import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { killedCalls } from './kill.js'
import { killUndoAt } from './kill-undo.js'

const folders = useFolders()
const settings: readonly Setting[] = [...new Set([holding, 'proc' as const])].map(held => ({
  held,
  concurrency: 1,
}))
const cases = settings.flatMap(setting =>
  (['entries', 'copies'] as const).flatMap(keptAs =>
    killedCalls(setting).map(call => ({ ...setting, keptAs, call })),
  ),
)
/** Where Node makes a call for its own ends, too, or each line of the journal is one. */
const most = 150

describe.skipIf(!canStrace)('an undo that is killed at any call (needs strace)', () => {
  it.each(cases)(
    '$call: can be run again to the end ($held, kept: $keptAs)',
    async ({ call, keptAs, ...setting }) => {
      let killed = 0
      while (killed < most && (await killUndoAt(folders, setting, keptAs, call, killed + 1))) {
        killed += 1
        rmSync(folders.path, { recursive: true })
      }
      expect(killed).toBeLessThan(most)
    },
    900_000,
  )
})
