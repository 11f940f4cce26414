// A service inside an application: mirrors at once and then at an interval, never two at a time, until it is stopped. A
// run that fails is told and does not end the service; a stop in the middle of a run leaves nothing torn.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SyncError, syncFolders } from '@facsimile/core'

/**
 * @typedef {object} Service
 * @property {number} intervalMs
 * @property {(report: import('@facsimile/core').Report) => void} onSuccess
 * @property {(error: SyncError) => void} onFailure the error carries the report of a run that began
 *
 * @param {import('@facsimile/core').SyncOptions & { readonly signal: AbortSignal }} options
 * @param {Service} service
 */
async function mirrorEvery(options, { intervalMs, onSuccess, onFailure }) {
  const { signal } = options
  while (!signal.aborted) {
    try {
      onSuccess(await syncFolders(options))
    } catch (error) {
      if (signal.aborted) return
      // Wrong options never mend; anything else may, until the next run.
      if (!(error instanceof SyncError) || error.code === 'invalid-options') throw error
      onFailure(error)
    }
    // A stop ends the wait too.
    await wait(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'facsimile-example-'))
const source = join(folder, 'source')
const file = join(source, 'a.txt')
mkdirSync(source)
writeFileSync(file, 'a\n')

// An application would abort this when it is told to end, by SIGTERM for instance.
const stopping = new AbortController()
// Stands for the life of the folder: what happens to it after each run.
const life = [() => rmSync(file), () => writeFileSync(file, 'another\n'), () => stopping.abort()]

try {
  await mirrorEvery(
    { source, replica: join(folder, 'replica'), signal: stopping.signal },
    {
      intervalMs: 50,
      onSuccess: ({ changes }) => {
        console.log(`mirrored: ${changes.create.done} created, ${changes.update.done} updated`)
        life.shift()?.()
      },
      // An empty source does not empty the replica: the run is refused, and the next one finds the file again.
      onFailure: ({ code, message }) => {
        console.log(`${code}: ${message}`)
        life.shift()?.()
      },
    },
  )
} finally {
  rmSync(folder, { recursive: true })
}
