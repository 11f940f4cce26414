// One file for what is loaded at start-up: sixty small modules cost more to load than to run (docs/decisions).
import { thirdPartyLicenses } from '../../.ci/third-party-licenses.mjs'

/** @type {import('rolldown').RolldownOptions} */
export default {
  input: { index: 'dist/index.js', worker: 'dist/worker.js' },
  platform: 'node',
  external: [/^node:/, 'koffi'],
  plugins: [thirdPartyLicenses()],
  output: {
    dir: 'bundle',
    format: 'esm',
    chunkFileNames: '[name].js',
    cleanDir: true,
    // They are read where types are, and here by the engine at each start.
    comments: { jsdoc: false },
  },
}
