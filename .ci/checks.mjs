// Runs `npm test` and then every other check, each to its end and within its time, and counts: tests that passed plus checks
// that passed, and everything that did not. A test that was skipped without being expected to is a failure too.
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import process from 'node:process'
import { root, tarballs } from './command.mjs'
import { expectedSkips } from './skips.mjs'

const results = path.join(root, 'node_modules', '.cache', 'facsimile', 'tests.json')

/** @type {readonly { readonly name: string, readonly command: readonly string[], readonly minutes: number }[]} */
const checks = [
  // The same tests by plain Node: who does without koffi gets the same mirror, and more residuals.
  { name: 'npm run test:plain', command: ['npm', 'run', '-s', 'test:plain'], minutes: 20 },
  { name: 'types', command: ['npm', 'run', '-s', 'check:types'], minutes: 5 },
  { name: 'lint', command: ['npm', 'run', '-s', 'lint'], minutes: 5 },
  { name: 'format', command: ['npm', 'run', '-s', 'check:format'], minutes: 2 },
  { name: 'layers and cycles', command: ['npm', 'run', '-s', 'check:layers'], minutes: 2 },
  { name: 'file length', command: ['npm', 'run', '-s', 'check:length'], minutes: 1 },
  { name: 'knip', command: ['npm', 'run', '-s', 'check:unused'], minutes: 2 },
  { name: 'pack', command: ['npm', 'run', '-s', 'check:pack'], minutes: 3 },
  {
    name: 'publint core',
    command: ['npx', '--no-install', 'publint', '--strict', tarballs.core],
    minutes: 2,
  },
  { name: 'publint cli', command: ['npx', '--no-install', 'publint', '--strict', tarballs.cli], minutes: 2 },
  {
    name: 'attw core',
    command: ['npx', '--no-install', 'attw', '--profile', 'esm-only', tarballs.core],
    minutes: 2,
  },
  { name: 'install of the packed packages', command: ['npm', 'run', '-s', 'check:install'], minutes: 5 },
  { name: 'examples', command: ['npm', 'run', '-s', 'check:examples'], minutes: 5 },
  { name: 'fresh clone', command: ['npm', 'run', '-s', 'check:clone'], minutes: 10 },
  // The commands of the README as they stand there, where a test of them is kept.
  ...(fs.existsSync(path.join(root, 'test/e2e/readme.long.test.ts'))
    ? [{ name: 'readme', command: ['npm', 'run', '-s', 'test:long', '--', 'test/e2e/readme'], minutes: 40 }]
    : []),
]

/** @type {string[]} */
const failures = []
let passed = 0

fs.rmSync(results, { force: true })
heading('npm test')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
const tested = await run(['npm', 'test', '--', ...reporters], 20)
passed += countTests(tested)

for (const { name, command, minutes } of checks) {
  heading(name)
  const status = await run(command, minutes)
  if (status === 0) passed++
  else failures.push(`${name}: ended with ${status}`)
}

heading('failures')
for (const failure of failures) console.log(failure)
if (failures.length === 0) console.log('none')
console.log(`${passed} passed, ${failures.length} failed`)
process.exitCode = failures.length === 0 ? 0 : 1

/** @param {string | number} status how npm test ended */
function countTests(status) {
  if (!fs.existsSync(results)) {
    failures.push(`npm test: ended with ${status} and left no results`)
    return 0
  }
  const expected = expectedSkips(fs.readFileSync(path.join(root, '.ci', 'expected-skips.txt'), 'utf8'))
  const failedBefore = failures.length
  let count = 0
  for (const { name, assertionResults, status: suite, message } of JSON.parse(
    fs.readFileSync(results, 'utf8'),
  ).testResults) {
    const file = path.relative(root, name).replaceAll('\\', '/')
    if (suite === 'failed' && assertionResults.length === 0) failures.push(`${file}: ${message}`)
    for (const { fullName, status: outcome } of assertionResults) {
      const title = `${file} > ${fullName}`
      if (outcome === 'passed') count++
      else if (outcome === 'failed') failures.push(title)
      else if (!expected.has(title)) failures.push(`${title}: ${outcome}, and not expected to be`)
    }
  }
  if (count === 0) failures.push('npm test: not one test passed')
  if (status !== 0 && failures.length === failedBefore) failures.push(`npm test: ended with ${status}`)
  return count
}

/** @param {readonly string[]} command @param {number} minutes @returns {Promise<number | string>} the exit code, or what happened */
function run([program = '', ...args], minutes) {
  return new Promise(resolve => {
    const onWindows = process.platform === 'win32'
    // A group of its own, so that what hangs ends with everything it started.
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 1, 2],
      shell: onWindows,
      detached: !onWindows,
    })
    const stop = () =>
      onWindows ? child.kill('SIGKILL') : child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
    const limit = setTimeout(stop, minutes * 60_000)
    child.on('error', error => resolve(error.message))
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve(code ?? `${signal} (${minutes} minutes are the limit)`)
    })
  })
}

/** @param {string} name */
function heading(name) {
  console.log(`\n--- ${name}`)
}
