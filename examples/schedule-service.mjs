// A service inside an application, by a schedule: what fails is tried again by itself, and leaving the block stops it cleanly.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scheduleSync } from '@facsimile/core'

const folder = mkdtempSync(join(tmpdir(), 'facsimile-example-'))
const [source, away] = [join(folder, 'source'), join(folder, 'away')]
mkdirSync(source)
writeFileSync(join(source, 'a.txt'), 'a\n')

// Stands for the life of the folder: what happens to it after each run. In between it is gone, as when a disk is not mounted.
const life = [
  () => renameSync(source, away),
  () => {
    renameSync(away, source)
    writeFileSync(join(source, 'b.txt'), 'b\n')
  },
]

// By the calendar it would be `cron: '0 2 * * *', timeZone: 'Europe/Berlin'`.
const series = scheduleSync({ source, replica: join(folder, 'replica'), every: 50 })
try {
  for await (const { exitCode, changes, problems } of series) {
    const { failuresInARow } = series.state
    console.log(
      failuresInARow === 0
        ? `mirrored: ${changes.create.done} created`
        : `exit ${exitCode}, ${failuresInARow} in a row: ${problems[0]?.message}`,
    )
    const next = life.shift()
    if (next === undefined) break
    next()
  }
} finally {
  await series[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
}
