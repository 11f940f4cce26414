// One file for what is loaded at start-up: sixty small modules cost more to load than to run (docs/decisions).
import { thirdPartyLicenses } from '../../.ci/third-party-licenses.mjs'

const common = { platform: 'node', external: [/^node:/, 'koffi'] }
const output = { format: 'esm', chunkFileNames: '[name].js', cleanDir: true }

/** @type {import('rolldown').RolldownOptions[]} */
export default [
  {
    ...common,
    input: { index: 'dist/index.js', worker: 'dist/worker.js' },
    plugins: [thirdPartyLicenses()],
    // Comments are read where types are, and here by the engine at each start.
    output: { ...output, dir: 'bundle', comments: { jsdoc: false } },
  },
  // For our tests, which start thousands of threads: with what they plant faults by, and never published.
  {
    ...common,
    input: {
      'sync-folders': 'dist/sync-folders.js',
      'undo-run': 'dist/undo-run.js',
      errors: 'dist/model/errors.js',
      worker: 'dist/worker.js',
    },
    output: { ...output, dir: 'dist/bundle' },
  },
]
