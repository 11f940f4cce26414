import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { holding, settings, useFolders } from '../support/mirror.js'
import { killAt } from './kill.js'

const folders = useFolders()
const some = settings.filter(({ held, concurrency }) => (held === holding) === concurrency > 1)
const calls = [
  ['mkdir', 2],
  ['rename', 2],
  ['unlink', 1],
] as const

describe.skipIf(!canStrace)('a run that is killed (needs strace)', () => {
  it.each(some.flatMap(setting => calls.map(([call, nth]) => ({ ...setting, call, nth }))))(
    'D10, K01: at $call number $nth leaves each path old or new, and the next run ends the work ($held, $concurrency)',
    async ({ call, nth, ...setting }) => {
      expect(await killAt(folders, setting, call, nth)).toBe(true)
    },
  )
})
