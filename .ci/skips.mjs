// Which tests may be skipped here. Each line of expected-skips.txt is a test, behind what has to be missing for it: where
// nothing of that is, the test counts as one that must run.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { inTemporaryFolder } from './command.mjs'

/**
 * @param {string} text lines such as `[tool:fusefat][mount] FILE > NAME`: one of the things in brackets is not there
 * @param {(what: string) => boolean} [lacks]
 * @returns {Set<string>}
 */
export function expectedSkips(text, lacks = isLacking) {
  const expected = text.split(/\r?\n/).flatMap(line => {
    const [, marks = '', title = ''] = /^((?:\[[^\]]+\])*) ?(.*)$/.exec(line) ?? []
    const missing = [...marks.matchAll(/\[([^\]]+)\]/g)].map(([, what = '']) => what)
    return missing.length === 0 || missing.some(lacks) ? [title] : []
  })
  return new Set(expected)
}

/** @type {Map<string, boolean>} */
const known = new Map()

/** @param {string} what a platform (this one is it), `user` (not root), `mount` (may not mount), `tool:NAME` (no such program), `node:22` (no such Node at hand) */
function isLacking(what) {
  const answer = known.get(what) ?? look(what)
  known.set(what, answer)
  return answer
}

/** @param {string} what */
function look(what) {
  if (what === 'user') return process.getuid?.() !== 0
  if (what === 'mount') return !canMount()
  if (what.startsWith('tool:')) return !isInstalled(what.slice('tool:'.length))
  if (what.startsWith('node:')) return !isAtHand(what.slice('node:'.length))
  return what === process.platform
}

/** @param {string} major */
function isAtHand(major) {
  const binaries = (process.env['FACSIMILE_NODES'] ?? '')
    .split(path.delimiter)
    .filter(binary => binary !== '')
  return binaries.some(binary => {
    const { stdout } = spawnSync(binary, ['--version'])
    return String(stdout).startsWith(`v${major}.`)
  })
}

function canMount() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  let can = false
  inTemporaryFolder(folder => {
    can = spawnSync('mount', ['-t', 'tmpfs', 'none', folder]).status === 0
    if (can) spawnSync('umount', [folder])
  })
  return can
}

/** @param {string} tool */
function isInstalled(tool) {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin']
  return folders.some(folder => fs.existsSync(path.join(folder, tool)))
}
