// What the checks share: running a command to its end, and a folder to do it in.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** The two packages as they would be published; `node .ci/pack.mjs` makes them. */
export const packed = path.join(root, 'node_modules', '.cache', 'facsimile', 'packed')
export const tarballs = { core: path.join(packed, 'core.tgz'), cli: path.join(packed, 'cli.tgz') }

/**
 * Runs a command and gives what it printed on stdout; throws unless it ended with 0.
 * @param {string} command @param {readonly string[]} args @param {string} [cwd] @param {NodeJS.ProcessEnv} [env]
 */
export function run(command, args, cwd = root, env = process.env) {
  // npm and npx are command files on Windows, and those need a shell.
  const shell = process.platform === 'win32' && command !== process.execPath
  const { status, stdout, error } = spawnSync(command, args, {
    cwd,
    env,
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 600_000,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status} in ${cwd}:\n${stdout}`)
  return stdout
}

/** @param {(folder: string) => void} work a folder of its own, gone afterwards */
export function inTemporaryFolder(work) {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-check-'))
  try {
    work(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
