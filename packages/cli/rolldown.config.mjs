// See packages/core/rolldown.config.mjs.
import { thirdPartyLicenses } from '../../.ci/third-party-licenses.mjs'

/** @type {import('rolldown').RolldownOptions} */
export default {
  input: { main: 'dist/main.js', watcher: 'dist/watch/watcher.js' },
  platform: 'node',
  external: [/^node:/, '@facsimile/core'],
  plugins: [thirdPartyLicenses()],
  output: { dir: 'bundle', format: 'esm', chunkFileNames: '[name].js', cleanDir: true },
}
