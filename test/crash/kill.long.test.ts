import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { holding, settings, useFolders } from '../support/mirror.js'
import { killAt } from './kill.js'

const folders = useFolders()
const some = settings.filter(({ held, concurrency }) => (held === holding) === concurrency > 1)
/** Each changes something in the replica; Node itself makes few of them. */
const calls = ['mkdir', 'rename', 'unlink', 'rmdir', 'symlink', 'write', 'fchmod', 'utimensat'] as const
/** Where Node makes a call for its own ends, too. */
const most = 40

describe.skipIf(!canStrace)('a run that is killed at any call (needs strace)', () => {
  it.each(some.flatMap(setting => calls.map(call => ({ ...setting, call }))))(
    'K01: $call: each path is old or new, and the next run ends the work ($held, $concurrency)',
    async ({ call, ...setting }) => {
      let killed = 0
      // Calls are counted for each thread, so with several the same run goes through more of them.
      while (killed < most && (await killAt(folders, setting, call, killed + 1))) {
        killed += 1
        rmSync(folders.path, { recursive: true })
      }
      expect(killed).toBeGreaterThan(0)
    },
  )
})
