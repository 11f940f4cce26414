// See packages/core/rolldown.config.mjs. The library is joined in, and all of it is CommonJS: what Node 20 loads for the first
// ES module, and does for each, takes longer than the rest of the start (docs/decisions/011). To load a file costs something too, so
// what every run needs is in three: the arguments, the run, and what its threads need as well.
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { thirdPartyLicenses } from '../../.ci/third-party-licenses.mjs'

/** @param {string} module */
const library = module => fileURLToPath(new URL(`../core/dist/${module}.js`, import.meta.url))
/**
 * All that a module loads when it is loaded itself.
 * @param {string} module
 * @param {Set<string>} loaded
 */
function loadedBy(module, loaded = new Set()) {
  if (loaded.has(module)) return loaded
  loaded.add(module)
  for (const [, path] of readFileSync(module, 'utf8').matchAll(
    /^(?:import|export)\b[^'"]*?(?:from )?'(\.[^']+)';?$/gm,
  ))
    loadedBy(fileURLToPath(new URL(path, pathToFileURL(module))), loaded)
  return loaded
}

/** How a run of either kind is ended. */
const ended =
  /cli[\\/]dist[\\/](?:ended|state-folder|render[\\/]duration)\.js$|node_modules[\\/](?:pretty-ms|parse-ms)[\\/]/

/** What a thread needs; and what else a run does. */
const ofThreads = loadedBy(library('worker'))
const ofRuns = loadedBy(library('index'))
const start = /cli[\\/]dist[\\/](?:cli|io|end-process|flag-names|render[\\/](?:colors|figures))\.js$/

/** The files are called as everywhere else, in a package of ES modules. @type {import('rolldown').Plugin} */
const asCommonJs = {
  name: 'as-commonjs',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
  },
}

/**
 * A file begins with loading all that it imports. These are loaded where they are used, which few runs come to. And Node's modules
 * are taken as they are: in a copy that is one of an ES module, each use of each function would be two calls more.
 * @type {import('rolldown').Plugin}
 */
const builtins = {
  name: 'builtins',
  renderChunk(code) {
    const plain = code.replaceAll(/^(node_\w+) = [\w.]*__toESM\(\1, 1\);$/gm, '')
    const byDefault = /\bnode_\w+\.default\b/.exec(plain)
    if (byDefault !== null) throw new Error(`${byDefault[0]}: what Node exports is imported by its name`)
    return ['child_process', 'worker_threads'].reduce((text, builtin) => {
      const declared = new RegExp(`^\\s*(?:let|const) (\\w+) = require\\("node:${builtin}"\\);$`, 'm')
      const [line, name] = declared.exec(text) ?? []
      if (line === undefined) return text
      const uses = new RegExp(`\\b${name}\\b`, 'g')
      return text.replace(line, '\n').replaceAll(uses, `(require("node:${builtin}"))`)
    }, plain)
  },
}

// What runs and threads need stays in one file each, whatever is loaded on demand needs it too.
const groups = [
  { name: 'cli', test: start },
  { name: 'messages', test: (/** @type {string} */ id) => ofThreads.has(id) && id !== library('worker') },
  {
    name: 'run',
    test: (/** @type {string} */ id) =>
      ended.test(id) || (ofRuns.has(id) && !ofThreads.has(id) && id !== library('index')),
  },
]

const common = { platform: 'node', external: [/^node:/, 'koffi'] }
const output = {
  dir: 'bundle',
  format: 'cjs',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  comments: { jsdoc: false },
}

/** @type {import('rolldown').RolldownOptions[]} */
export default [
  {
    ...common,
    input: { main: 'dist/main.js', library: library('index'), worker: library('worker') },
    preserveEntrySignatures: 'allow-extension',
    resolve: { alias: { '@facsimile/core': library('index') } },
    plugins: [builtins, thirdPartyLicenses(), asCommonJs],
    // The colours are among the arguments for what brings commander and picocolors in: alone it would be a file more.
    output: { ...output, cleanDir: true, codeSplitting: { groups } },
  },
  // A thread's own file, which shares nothing but the library: what it has in common with the command is little.
  {
    ...common,
    input: { watcher: 'dist/hung/watcher.js' },
    external: [...common.external, '@facsimile/core'],
    output: { ...output, paths: { '@facsimile/core': './library.js' } },
  },
]
