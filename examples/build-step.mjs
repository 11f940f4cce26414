// A step of a build: publishes what was built, so that the published folder holds that and nothing else. It looks at the
// plan first, refuses to delete too much, and ends with the exit code of the run, as a build wants it.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planSync, SyncError, syncFolders } from '@facsimile/core'

/** @param {string} built @param {string} published @returns {Promise<number>} an exit code */
async function publish(built, published) {
  /** @type {import('@facsimile/core').SyncOptions} */
  const options = {
    source: built,
    replica: published,
    // Builders write files anew with new times: what counts is whether their content is new.
    compare: 'content',
    // A build that went wrong and left half of its files must not take the others off the site.
    maxDelete: '50%',
  }
  try {
    const { totals } = await planSync(options)
    console.log(
      `plan: ${totals.byAction.create} new, ${totals.byAction.update} changed, ${totals.deletions} gone`,
    )
    const report = await syncFolders(options)
    console.log(`published ${report.bytes} bytes in ${report.durationMs} ms`)
    return report.exitCode
  } catch (error) {
    // One error class, with a stable code, and a message that names the path and what was expected.
    if (!(error instanceof SyncError)) throw error
    console.log(`not published (${error.code}): ${error.message}`)
    return error.exitCode
  }
}

/** Stands for the builder. @param {string} folder @param {readonly string[]} pages */
function build(folder, pages) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const page of pages) writeFileSync(join(folder, page), `<h1>${page}</h1>\n`)
}

const folder = mkdtempSync(join(tmpdir(), 'facsimile-example-'))
const built = join(folder, 'dist')
const published = join(folder, 'public')
try {
  build(built, ['index.html', 'about.html', 'news.html', 'old.html'])
  const first = await publish(built, published)

  build(built, ['index.html', 'about.html', 'news.html', 'new.html'])
  const second = await publish(built, published)
  process.exitCode = Math.max(first, second)
  if (existsSync(join(published, 'old.html'))) throw new Error('old.html is still there')

  // The builder lost nearly everything: refused with 25, and the published folder is as it was.
  build(built, ['index.html'])
  const refused = await publish(built, published)
  if (refused !== 25 || !existsSync(join(published, 'about.html'))) throw new Error('this was not refused')
} finally {
  rmSync(folder, { recursive: true })
}
