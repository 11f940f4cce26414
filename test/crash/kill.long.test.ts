import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { killAt, killedCalls } from './kill.js'

const folders = useFolders()
/** In the caller's thread every call is met in turn: strace counts for each thread. */
const inline = [...new Set([holding, 'proc' as const])].map(held => ({ held, concurrency: 1 }))
const others: readonly Setting[] = [
  { held: 'paths', concurrency: 1 },
  { held: holding, concurrency: 2 },
]
const cases = [
  ...inline.flatMap(setting => killedCalls(setting).map(call => ({ ...setting, call }))),
  ...others.flatMap(setting => ['mkdir', 'rename', 'unlink'].map(call => ({ ...setting, call }))),
]
/** Where Node makes a call for its own ends, too. */
const most = 60

describe.skipIf(!canStrace)('a run that is killed at any call (needs strace)', () => {
  it.each(cases)(
    'K01: $call: each path is old or new, and the next run ends the work ($held, $concurrency)',
    async ({ call, ...setting }) => {
      let killed = 0
      while (killed < most && (await killAt(folders, setting, call, killed + 1))) {
        killed += 1
        rmSync(folders.path, { recursive: true })
      }
      expect(killed).toBeGreaterThan(0)
      // Writes alone are Node's own for the most part.
      expect(call === 'write' || killed < most).toBe(true)
    },
    600_000,
  )
})
