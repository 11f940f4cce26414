/**
 * The file that keeps what is remembered of contents: a head that says what it is about, directories, and a SHA-256 of it
 * all. INVARIANT: believed as a whole or not at all; old or new, never what a killed run wrote half of.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errnoOf } from '../model/errno.js'
import { makeFolder } from './make-folder.js'
import { isOnlyOurs } from './only-ours.js'

const format = 'facsimile-contents-1'
const aboutAt = 32
const identityAt = 64
/** Where the first directory begins. */
export const headBytes = 96
const sumBytes = 32
const mostAtOnce = 1 << 30
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants

/** What the file is about. */
export interface ContentSubject {
  readonly stateFolder: string
  /** Paths, patterns and hash: what finds it. */
  readonly about: string
  /** What the roots are: where that is another, the file is one of other folders, and of no use. */
  readonly identity: string
}

/** `undefined`: there is none, or one of other folders. `spoilt`: there is one, and it cannot be believed. */
export function readContents(subject: ContentSubject): SharedArrayBuffer | 'spoilt' | undefined {
  let fd: number
  try {
    fd = openSync(fileOf(subject), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? undefined : 'spoilt'
  }
  try {
    const found = fstatSync(fd)
    // Nobody else is believed.
    if (!found.isFile() || found.uid !== (process.geteuid?.() ?? 0)) return 'spoilt'
    if (found.size < headBytes + sumBytes) return 'spoilt'
    const memory = new SharedArrayBuffer(found.size)
    const bytes = Buffer.from(memory)
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(fd, bytes, at, Math.min(bytes.length - at, mostAtOnce), null)
      if (count === 0) return 'spoilt'
      at += count
    }
    const sum = bytes.subarray(bytes.length - sumBytes)
    if (!sumOf([bytes.subarray(0, -sumBytes)]).equals(sum)) return 'spoilt'
    if (!head({ ...subject, identity: '' }).equals(Buffer.from(bytes.subarray(0, identityAt))))
      return 'spoilt'
    const isSame = digestOf(subject.identity).equals(bytes.subarray(identityAt, headBytes))
    return isSame ? memory : undefined
  } catch {
    return 'spoilt'
  } finally {
    closeSync(fd)
  }
}

/** Where directories end. */
export function endOfContents(memory: SharedArrayBuffer): number {
  return memory.byteLength - sumBytes
}

/** Throws where it cannot be kept. */
export function writeContents(subject: ContentSubject, directories: readonly Uint8Array[]): void {
  const file = fileOf(subject)
  const folder = dirname(file)
  if (!isOnlyOurs(folder)) throw new Error('other users may write to its folder, or to one above')
  makeFolder(folder)
  removeLeft(folder, `${basename(file)}.`)
  const parts = [head(subject), digestOf(subject.identity), ...directories]
  // INVARIANT: a new file of a name nobody can guess: the folder may be somebody else's, and we may be root.
  const written = `${file}.${randomBytes(16).toString('hex')}`
  try {
    const fd = openSync(written, 'wx', 0o600)
    try {
      for (const part of [...together(parts), sumOf(parts)]) {
        for (let at = 0; at < part.length; ) at += writeSync(fd, part, at)
      }
    } finally {
      closeSync(fd)
    }
    renameSync(written, file)
  } catch (error) {
    rmSync(written, { force: true })
    throw error
  }
}

const leastWritten = 1 << 20

/** Fewer, larger pieces. */
function* together(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let length = 0
  for (const part of parts) {
    waiting.push(part)
    length += part.length
    if (length < leastWritten) continue
    yield Buffer.concat(waiting)
    waiting = []
    length = 0
  }
  yield Buffer.concat(waiting)
}

/** What runs left that were killed while they wrote. */
function removeLeft(folder: string, prefix: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true })
}

function head({ about }: ContentSubject): Buffer {
  const bytes = Buffer.alloc(identityAt)
  bytes.write(format, 'latin1')
  digestOf(about).copy(bytes, aboutAt)
  return bytes
}

function fileOf({ stateFolder, about }: ContentSubject): string {
  return join(stateFolder, 'contents', `${digestOf(about).toString('hex').slice(0, 32)}.bin`)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest()
}

function sumOf(parts: readonly Uint8Array[]): Buffer {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part)
  return sum.digest()
}
