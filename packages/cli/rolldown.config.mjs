// See packages/core/rolldown.config.mjs.
/** @type {import('rolldown').RolldownOptions} */
export default {
  input: { main: 'dist/main.js', watcher: 'dist/watch/watcher.js' },
  platform: 'node',
  external: [/^node:/, /^[^./]/],
  output: { dir: 'bundle', format: 'esm', chunkFileNames: '[name].js', cleanDir: true },
}
