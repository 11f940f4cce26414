// What a planted fault does when its call comes: others move first, then the call fails.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** @typedef {import('./faulty.js').Fault} Fault */
/** @typedef {import('./faulty.js').RaceStep} RaceStep */

/** @param {Fault} fault @param {string} call */
export function strike({ race = [], errno }, call) {
  for (const step of race) run(step)
  if (errno !== undefined) throw systemError(errno, call)
}

/** Numbers that Node has no name for; its `code` is then a sentence. */
const unnamed = { EDQUOT: 122, ESTALE: 116, EUCLEAN: 117, EBADMSG: 74, ESHUTDOWN: 108 }

/** @param {string} name @param {string} call */
function systemError(name, call) {
  const number = Object.entries({ ...constants.errno, ...unnamed }).find(([known]) => known === name)?.[1]
  if (number === undefined) throw new Error(`no system error is called ${name}`)
  const code = name in unnamed ? `Unknown system error -${number}` : name
  return Object.assign(new Error(`${code}: planted, ${call}`), { errno: -number, code, syscall: call })
}

const withAdministratorsPath = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }

/** @param {RaceStep} step */
function run(step) {
  switch (step.do) {
    case 'remove':
      return fs.rmSync(step.path, { recursive: true })
    case 'rename':
      return fs.renameSync(step.from, step.to)
    case 'link':
      return fs.linkSync(step.from, step.to)
    case 'trap':
      return trap(step.path, step.with)
    case 'symlink':
      return fs.symlinkSync(step.target, step.path)
    case 'mkdir':
      return fs.mkdirSync(step.path)
    case 'fifo':
      return void spawnSync('mkfifo', [step.path])
    case 'write':
      return fs.writeFileSync(step.path, step.content)
    case 'append':
      return fs.appendFileSync(step.path, step.content)
    case 'truncate':
      return fs.truncateSync(step.path, step.size)
    case 'bind':
      return void spawnSync('mount', ['--bind', step.from, step.path])
    case 'cut power':
      return void spawnSync('xfs_io', ['-x', '-c', 'shutdown', step.path], { env: withAdministratorsPath })
    case 'remount read-only':
      return void spawnSync('mount', ['-o', 'remount,ro', step.path])
    case 'signal':
      return void process.kill(process.pid, step.signal)
  }
}

/** @param {string} pattern @param {string} other */
function trap(pattern, other) {
  if (!fs.existsSync(other)) return
  const prefix = basename(pattern, '*')
  // The staging directory has a name as a temporary beside its target has.
  const found = fs
    .readdirSync(dirname(pattern))
    .filter(name => (pattern.endsWith('*') ? name.startsWith(prefix) : name === prefix))
    .map(name => join(dirname(pattern), name))
  const path = pattern.endsWith('*') ? found.find(each => isDirectory(each) === isDirectory(other)) : found[0]
  if (path === undefined) return
  fs.renameSync(path, `${other}.taken`)
  if (isDirectory(other)) fs.renameSync(other, path)
  else fs.linkSync(other, path)
}

/** @param {string} path */
function isDirectory(path) {
  return fs.lstatSync(path).isDirectory()
}
