import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { killAt, killedCalls } from './kill.js'

const folders = useFolders()
const inline: Setting = { held: holding, concurrency: 1 }
/** Each kind of call once; in threads, and by paths, the one that publishes. All calls are the long test's. */
const cases = [
  ...killedCalls(inline).map(call => ({ ...inline, call, nth: call === 'rename' ? 2 : 1 })),
  { held: holding, concurrency: 2, call: 'rename', nth: 2 },
  { held: 'paths', concurrency: 1, call: 'rename', nth: 2 },
] as const

describe.skipIf(!canStrace)('a run that is killed (needs strace)', () => {
  it.each(cases)(
    'D10, K01: at $call number $nth leaves each path old or new, and the next run ends the work ($held, $concurrency)',
    async ({ call, nth, ...setting }) => {
      expect(await killAt(folders, setting, call, nth)).toBe(true)
    },
  )
})
