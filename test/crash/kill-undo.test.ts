import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { killUndoAt } from './kill-undo.js'

const folders = useFolders()
const setting: Setting = { held: holding, concurrency: 1 }
/** What is told, made, linked under a temporary name, given its name, and removed. All calls are the long test's. */
const cases = [
  { call: 'mkdir', nth: 4, keptAs: 'entries' },
  { call: 'link', nth: 1, keptAs: 'entries' },
  { call: 'link', nth: 2, keptAs: 'entries' },
  { call: 'rename', nth: 3, keptAs: 'entries' },
  { call: 'unlink', nth: 2, keptAs: 'entries' },
  { call: 'fchmod', nth: 2, keptAs: 'copies' },
  { call: 'utimensat', nth: 2, keptAs: 'copies' },
] as const

describe.skipIf(!canStrace)('an undo that is killed (needs strace)', () => {
  it.each(cases)(
    'at $call number $nth can be run again to the end (kept: $keptAs)',
    async ({ call, nth, keptAs }) => {
      expect(await killUndoAt(folders, setting, keptAs, call, nth)).toBe(true)
    },
  )
})
