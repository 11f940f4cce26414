// Mirrors in a process of its own: options as JSON in the first argument, what came of it as JSON on stdout.
import { createHash } from 'node:crypto'
import { syncWith } from './core.mjs'

/** @type {{ options: import('@facsimile/core').SyncOptions, threads?: boolean, ownHasher?: boolean }} */
const { options, threads = false, ownHasher = false } = JSON.parse(process.argv[2] ?? '{}')
/** @type {import('@facsimile/core').Hasher} */
const hasher = {
  name: 'own',
  create: () => {
    const hash = createHash('sha256')
    return { update: chunk => void hash.update(chunk), digest: () => hash.digest('hex') }
  },
}
/** @type {string[]} */
const changes = []
const report = await syncWith(
  {
    reject: false,
    ...options,
    ...(ownHasher ? { hasher } : {}),
    on: {
      plan: plan => {
        for (const { action, path, withheld } of plan.changes) {
          changes.push(withheld === undefined ? `${action} ${path}` : `${action} ${path}: ${withheld}`)
        }
        // Whoever started us may wait for this.
        process.stderr.write('planned\n')
      },
    },
  },
  { threadsAtOnce: threads },
)
process.stdout.write(JSON.stringify({ report, changes }))
