import { describe, expect, it } from 'vitest'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { callsOf, errnos, failAt } from './port-calls.js'

const folders = useFolders()
const setting: Setting = { held: holding, concurrency: 1 }
/** Each call and each error once; all of both together are the long test's. */
const cases = callsOf(setting).map((failing, index) => ({
  ...failing,
  errno: errnos[index % errnos.length] ?? 'EIO',
}))

describe('a run of which a call fails', () => {
  it.each(cases)(
    'S01, S06: $call of the $side, $errno: old or new, and the next run ends the work',
    async ({ errno, ...failing }) => {
      expect(await failAt(folders, setting, failing, errno, 1)).toBe(true)
    },
  )
})
