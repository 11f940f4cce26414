// Chooses what is mirrored, watches it happen, has a say in it, and collects a digest of each file copied.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { escapeName, syncFolders } from '@facsimile/core'

const folder = mkdtempSync(join(tmpdir(), 'facsimile-example-'))
const source = join(folder, 'source')
const replica = join(folder, 'replica')
mkdirSync(join(source, 'node_modules', 'left-pad'), { recursive: true })
mkdirSync(join(source, 'site'))
writeFileSync(join(source, 'node_modules', 'left-pad', 'index.js'), '')
writeFileSync(join(source, 'site', 'index.html'), '<h1>Hello</h1>\n')
writeFileSync(join(source, 'site', 'debug.log'), 'noise\n')
writeFileSync(join(source, 'site', 'video.mp4'), Buffer.alloc(2_000_000))
writeFileSync(join(source, 'draft.md'), 'not yet\n')

/**
 * A hash algorithm of one's own: digests as browsers take them in `integrity` attributes. The bytes come in order.
 * @type {import('@facsimile/core').Hasher}
 */
const integrity = {
  name: 'integrity',
  create: () => {
    const hash = createHash('sha384')
    return {
      update: chunk => void hash.update(chunk),
      digest: () => `sha384-${hash.digest('base64')}`,
    }
  },
}

/** @type {Map<string, string | undefined>} */
const digests = new Map()

try {
  const report = await syncFolders({
    source,
    replica,
    // Without a slash a pattern matches at any depth, and takes with it what lies below.
    exclude: ['node_modules', '*.log'],
    // Asked after the patterns, once for each path.
    filter: entry => entry.kind !== 'file' || entry.size < 1_000_000,
    hasher: integrity,
    on: {
      plan: plan => console.log(`${plan.totals.changes} changes, ${plan.totals.bytes} bytes`),
      // A veto: the entry is left as it is, and the report counts it as skipped.
      change: change => change.path !== 'draft.md',
      outcome: ({ change, status, digest }) => {
        // Names may hold anything, so they are escaped before they reach a terminal.
        console.log(status, change.action, escapeName(change.path === '' ? '.' : change.path))
        if (digest !== undefined) digests.set(change.path, digest)
      },
      problem: problem => console.error(problem.message),
    },
  })

  assert.equal(report.changes.create.skipped, 1)
  assert.deepEqual([...digests.keys()], ['site/index.html'])
  assert.ok(!existsSync(join(replica, 'node_modules')))
  console.log(Object.fromEntries(digests))
} finally {
  rmSync(folder, { recursive: true })
}
