/** Every call that a run makes on its two trees fails once, with every error. */
import { describe, expect, it } from 'vitest'
import { holding, type Setting, useFolders } from '../support/mirror.js'
import { callsOf, errnos, failAt } from './port-calls.js'

const folders = useFolders()
const most = 200
const settings: readonly Setting[] = [
  { held: holding, concurrency: 1 },
  { held: holding, concurrency: 2 },
  { held: 'paths', concurrency: 1 },
]

describe('a run of which any call fails', () => {
  it.each(
    settings.flatMap(setting => callsOf(setting).map(failing => ({ ...setting, ...failing, failing }))),
  )(
    'S01, S06: $call of the $side: old or new, and the next run ends the work ($held, $concurrency)',
    async ({ held, concurrency, failing }) => {
      // Threads cost much to start: each error is for other calls there.
      const step = concurrency === 1 ? 1 : errnos.length
      for (const [first, errno] of errnos.entries()) {
        let nth = concurrency === 1 ? 1 : first + 1
        while (nth <= most && (await failAt(folders, { held, concurrency }, failing, errno, nth))) nth += step
        expect(nth).toBeLessThanOrEqual(most)
      }
    },
    900_000,
  )
})
