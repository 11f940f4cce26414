/** The program `sync`, which flushes a whole file system where Node has no call for that. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { isGone, meaningOf } from '../model/errno.js'

/** Looked for in places that only root writes to, never in PATH. */
const syncPrograms = ['/usr/bin/sync', '/bin/sync']

/** Ctrl+C is this process's to answer, and no failure of the storage. (The types of Node lack it here.) */
const ownGroup = { detached: true } as const

/** Flushes the file system of a directory, which ends with a slash; throws what Node would throw. */
export function flushByProgram(directory: string): void {
  const program = syncPrograms.find(path => existsSync(path))
  if (program === undefined) throw failed('ENOSYS')
  // The directory is gone into rather than named: nothing of its name can be taken for something else.
  const { status, signal, stderr, error } = spawnSync(program, ['-f', '.'], {
    cwd: directory,
    ...ownGroup,
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (error !== undefined) {
    if (isGone(error)) throw error
    throw new Error(`the program ${program} could not be started: ${meaningOf(error)}`, { cause: error })
  }
  if (status === null) throw new Error(`the program ${program} was ended by ${signal ?? 'a signal'}`)
  if (status !== 0) throw failed(errnoIn(stderr))
}

/** The program says in words what the system said in numbers. */
function errnoIn(words: string): keyof typeof constants.errno {
  if (words.includes('No space left')) return 'ENOSPC'
  return words.includes('quota exceeded') ? 'EDQUOT' : 'EIO'
}

function failed(code: keyof typeof constants.errno): NodeJS.ErrnoException {
  const errno = -constants.errno[code]
  return Object.assign(new Error(`${code}: sync`), { errno, code, syscall: 'sync' })
}
