// See packages/core/rolldown.config.mjs. To load a file costs more than what it holds, so what every run needs is in three:
// the process, the arguments, the run. `main` waits for the end of all the others: none of them may import it.
import { thirdPartyLicenses } from '../../.ci/third-party-licenses.mjs'

const common = { platform: 'node', external: [/^node:/, '@facsimile/core'] }
const output = { dir: 'bundle', format: 'esm', chunkFileNames: '[name].js', comments: { jsdoc: false } }
const start = /dist[\\/](?:cli|io|end-process|render[\\/]colors)\.js$/

/** @type {import('rolldown').RolldownOptions[]} */
export default [
  {
    ...common,
    input: { main: 'dist/main.js' },
    plugins: [thirdPartyLicenses()],
    // The colours are among the arguments for what brings commander and picocolors in: alone it would be a file more.
    output: { ...output, cleanDir: true, codeSplitting: { groups: [{ name: 'cli', test: start }] } },
  },
  // A thread's own file, which shares nothing: what it has in common with the command is little.
  { ...common, input: { watcher: 'dist/watch/watcher.js' }, output },
]
