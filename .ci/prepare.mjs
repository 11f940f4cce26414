// Makes a work tree ready to run: dependencies installed, packages built. Plain Node, no dependency of its own.
//
//   1. Two keys are computed: one over what decides the install (lock file and manifests, by content), one over what
//      decides the build (sources and compiler settings, by path, size and time).
//   2. Where both stamps beneath node_modules hold these keys and what they vouch for is there: nothing else happens.
//   3. Otherwise, under a lock and with the keys read once more: install, build, each stamp marked as open before its
//      step and set after it. A step that was cut off therefore leaves an open stamp, and is done again in full.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { withLock } from './lock.mjs'

export const PNPM = 'pnpm@10.34.9'
const OLDEST_NODE = [20, 19]

/**
 * @param {object} [options]
 * @param {string} [options.root] the work tree; this one by default
 * @param {(command: string, args: string[], options: { cwd: string }) => Promise<number>} [options.execute]
 *   runs a command and gives its exit code
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<{ installed: boolean, built: boolean }>} what had to be done
 */
export async function prepare({ root = repository, execute = run, log = say } = {}) {
  checkNodeVersion(process.versions.node)
  const before = look(root)
  if (before.installed && before.built) return { installed: false, built: false }
  return withLock(
    path.join(root, '.ci', '.lock'),
    { onWait: () => log('waiting for another set-up to end') },
    async () => {
      const todo = look(root)
      if (!todo.installed) await install(root, execute, log)
      // An install changes what the sources are compiled against, so the key is read again.
      const { built, unfinished, incomplete } = look(root)
      if (!built) await build(root, unfinished || incomplete, execute, log)
      return { installed: !todo.installed, built: !built }
    },
  )
}

/** @param {string} version */
export function checkNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new SetupError(`facsimile needs Node ${OLDEST_NODE.join('.')} or newer, and this is Node ${version}.`)
}

/** Something the user is to read as it is, without a stack. */
export class SetupError extends Error {}

/** Reports an error that ends the process: a set-up error is one sentence. @param {unknown} error */
export function fail(error) {
  process.stderr.write(error instanceof SetupError ? `${error.message}\n` : `${inspect(error)}\n`)
  process.exit(1)
}

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** @param {string} root */
function look(root) {
  const workspaces = [
    'examples',
    'test',
    ...list(path.join(root, 'packages')).map(name => `packages/${name}`),
  ].filter(folder => fs.existsSync(path.join(root, folder, 'package.json')))
  const manifests = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...workspaces.map(folder => `${folder}/package.json`),
  ]
  const installKey = hashed([
    `${process.platform} ${process.arch}`,
    ...manifests.map(file => `${file} ${contents(path.join(root, file))}`),
  ])
  const packages = workspaces.filter(folder => fs.existsSync(path.join(root, folder, 'src')))
  const sources = packages
    .flatMap(folder => files(root, `${folder}/src`))
    .filter(file => file.endsWith('.ts'))
  const settings = [
    'tsconfig.base.json',
    '.ci/third-party-licenses.mjs',
    ...packages.flatMap(folder => [`${folder}/tsconfig.json`, `${folder}/${BUNDLE_CONFIG}`]),
  ]
  const buildKey = hashed([
    installKey,
    ...[...settings, ...sources].map(file => `${file} ${identity(path.join(root, file))}`),
  ])

  const installStamp = contents(stampFile(root, 'install'))
  const buildStamp = contents(stampFile(root, 'build'))
  const linked = workspaces.every(
    folder => !hasDependencies(root, folder) || fs.existsSync(path.join(root, folder, 'node_modules')),
  )
  const incomplete =
    sources.some(file => !outputs(file).every(output => fs.existsSync(path.join(root, output)))) ||
    packages.some(folder => isBundled(root, folder) && !fs.existsSync(path.join(root, folder, 'bundle')))
  return {
    packages,
    installKey,
    buildKey,
    installed: installStamp === installKey && linked,
    built: buildStamp === buildKey && !incomplete,
    /** No build ever ended, well or badly: the compiler's own notes are not to be trusted. */
    unfinished: buildStamp === '' || buildStamp === OPEN,
    incomplete,
  }
}

const BUNDLE_CONFIG = 'rolldown.config.mjs'
const OPEN = 'begun'
const FAILED = 'failed'

/** @typedef {(command: string, args: string[], options: { cwd: string }) => Promise<number>} Execute */

/** @param {string} root @param {Execute} execute @param {(line: string) => void} log */
async function install(root, execute, log) {
  log('installing dependencies')
  stamp(root, 'install', OPEN)
  const { installKey } = look(root)
  const args = ['-y', PNPM, 'install', '--frozen-lockfile', '--prod=false', '--reporter=append-only']
  const status = await execute('npx', args, { cwd: root })
  if (status !== 0)
    throw new SetupError(
      `The dependencies could not be installed: npx ${args.join(' ')} ended with ${status}.`,
    )
  stamp(root, 'install', installKey)
}

/** @param {string} root @param {boolean} whole @param {Execute} execute @param {(line: string) => void} log */
async function build(root, whole, execute, log) {
  log('building')
  // The key of what is there *before* the compiler reads it: an edit meanwhile is seen by the next run.
  const { buildKey, packages } = look(root)
  stamp(root, 'build', OPEN)
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const status = await execute(
    process.execPath,
    [compiler, '--build', ...(whole ? ['--force'] : []), ...packages],
    { cwd: root },
  )
  if (status !== 0) {
    stamp(root, 'build', FAILED)
    throw new SetupError('The build failed; see above.')
  }
  for (const folder of packages) {
    removeOrphans(root, folder)
    await bundle(root, folder, execute)
  }
  stamp(root, 'build', buildKey)
}

/** @param {string} root @param {string} folder @param {Execute} execute */
async function bundle(root, folder, execute) {
  if (!isBundled(root, folder)) return
  const bundler = path.join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs')
  const args = [bundler, '--config', BUNDLE_CONFIG, '--logLevel', 'warn']
  const status = await execute(process.execPath, args, { cwd: path.join(root, folder) })
  if (status === 0) return
  stamp(root, 'build', FAILED)
  throw new SetupError(`${folder} could not be bundled; see above.`)
}

/** @param {string} root @param {string} folder */
function isBundled(root, folder) {
  return fs.existsSync(path.join(root, folder, BUNDLE_CONFIG))
}

/** What was built from a source that is no more would still be packed and imported. @param {string} root @param {string} folder */
function removeOrphans(root, folder) {
  const wanted = new Set(files(root, `${folder}/src`).flatMap(outputs))
  for (const file of files(root, `${folder}/dist`)) {
    if (/\.(js|d\.ts)$/.test(file) && !wanted.has(file)) fs.rmSync(path.join(root, file))
  }
}

/** @param {string} source */
function outputs(source) {
  if (source.endsWith('.d.ts')) return []
  const stem = source.replace(/^((?:[^/]+\/)+?)src\//, '$1dist/').replace(/\.ts$/, '')
  return [`${stem}.js`, `${stem}.d.ts`]
}

/** @param {string} root @param {string} folder @returns {string[]} every file beneath, by path from the root */
function files(root, folder) {
  const found = []
  const open = [folder]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entries(path.join(root, next))) {
      const name = `${next}/${entry.name}`
      if (entry.isDirectory()) open.push(name)
      else found.push(name)
    }
  }
  return found.sort()
}

/** @param {string} folder */
function entries(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** @param {string} folder */
function list(folder) {
  return entries(folder)
    .map(entry => entry.name)
    .sort()
}

/** @param {string} root @param {string} folder */
function hasDependencies(root, folder) {
  const manifest = JSON.parse(contents(path.join(root, folder, 'package.json')))
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0
}

/** @param {string} file */
function contents(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} file */
function identity(file) {
  const stats = fs.statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? 'absent' : `${stats.size} ${stats.mtimeNs}`
}

/** @param {string[]} lines */
function hashed(lines) {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** @param {string} root @param {string} name */
function stampFile(root, name) {
  return path.join(root, 'node_modules', '.cache', 'facsimile', name)
}

/** @param {string} root @param {string} name @param {string} text */
function stamp(root, name, text) {
  const file = stampFile(root, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.${process.pid}`, text)
  fs.renameSync(`${file}.${process.pid}`, file)
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`facsimile: ${line}\n`)
}

/**
 * Runs a command with its output on stderr. A signal that ends this process is passed on first, and waited for.
 * @param {string} command @param {string[]} args @param {{ cwd: string }} options @returns {Promise<number>}
 */
function run(command, args, { cwd }) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32' && command === 'npx'
    const child = spawn(command, args, { cwd, shell, stdio: ['ignore', 2, 2] })
    /** @type {NodeJS.Signals | undefined} */
    let stopped
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      stopped = signal
      child.kill(signal)
    }
    for (const signal of SIGNALS) process.on(signal, stop)
    child.on('error', reject)
    child.on('close', code => {
      for (const signal of SIGNALS) process.off(signal, stop)
      if (stopped !== undefined) process.kill(process.pid, stopped)
      else resolve(code ?? 1)
    })
  })
}

/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

if (
  process.argv[1] !== undefined &&
  import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href
) {
  prepare().catch(fail)
}
