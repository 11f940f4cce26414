/**
 * Small facts kept in the state folder, one file each, found by what they are about. What cannot be read there, or was
 * written by somebody else, is as good as not there.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './make-folder.js'
import { isOnlyOurs } from './only-ours.js'

export interface StateFile {
  readonly stateFolder: string
  /** The sort of fact: a folder below. */
  readonly sort: string
  /** What it is about. */
  readonly about: string
}

const mostBytes = 65_536
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants

/** What is kept there, not checked yet. Throws, or returns undefined, where there is nothing to believe. */
export function readState(state: StateFile): unknown {
  const fd = openSync(placeOf(state).file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const found = fstatSync(fd)
    // Nobody else is believed.
    if (!found.isFile() || found.uid !== (process.geteuid?.() ?? 0) || found.size > mostBytes)
      return undefined
    return JSON.parse(readFileSync(fd, 'utf8'))
  } finally {
    closeSync(fd)
  }
}

/** Old or new, never torn. Throws where it cannot be kept. */
export function writeState(state: StateFile, content: unknown): void {
  const { folder, file } = placeOf(state)
  if (!isOnlyOurs(folder)) throw new Error('other users may write to its folder, or to one above')
  makeFolder(folder)
  // INVARIANT: a new file of a name nobody can guess: the folder may be somebody else's, and we may be root.
  const written = `${file}.${randomBytes(16).toString('hex')}`
  try {
    writeFileSync(written, JSON.stringify(content), { mode: 0o600, flag: 'wx' })
    renameSync(written, file)
  } catch (error) {
    rmSync(written, { force: true })
    throw error
  }
}

/** A field of what was read, whatever that is. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** Whether a folder, there or not, lies in one of others: what is written there would be mirrored, or deleted. */
export function liesInOne(folder: string, others: readonly string[]): boolean {
  return liesBelow(realOf(folder), others.map(realOf))
}

/** The same of paths that are real. */
export function liesBelow(at: string, others: readonly string[]): boolean {
  return others.some(other => at === other || at.startsWith(other === '/' ? '/' : `${other}/`))
}

/** Where a path leads, there or not. */
export function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realOf(parent), basename(path))
  }
}

function placeOf({ stateFolder, sort, about }: StateFile): {
  readonly folder: string
  readonly file: string
} {
  const folder = join(stateFolder, sort)
  const name = createHash('sha256').update(Buffer.from(about, 'utf16le')).digest('hex')
  return { folder, file: join(folder, `${name.slice(0, 32)}.json`) }
}
