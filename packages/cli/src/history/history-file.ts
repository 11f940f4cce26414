/**
 * The history: a file below the state folder, one for all runs of this user. Lines are appended, each in one write, by as many processes as there are.
 * It is made shorter by a new file in its place: who finds that the one he wrote to is no longer there writes once more.
 */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { isInside } from '../log-file.js'
import { errnoOf, reasonOf } from '../reason-of.js'
import { isFile } from '../rotate-log.js'
import type { Sink } from '../sink.js'
import { historyFile } from '../state-folder.js'

const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants

/** So large it is made shorter. Of a line there are some 500 bytes. */
const mostBytes = 4 * 2 ** 20
const keptLines = 2000
/** It is not made shorter that often. */
const mostTries = 5

/** Where nothing can be made, nobody wants it to be: such users have no home, or may not write to it. */
const noPlace: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'ERR_ACCESS_DENIED',
])

export class HistoryFile implements Sink {
  private readonly file: string
  private readonly replicas: readonly string[]
  private trouble: string | undefined
  private wasTold = false

  constructor(stateFolder: string, replicas: readonly string[]) {
    this.file = historyFile(stateFolder)
    this.replicas = replicas
  }

  write(text: string): undefined {
    try {
      // It would be deleted there.
      if (this.replicas.some(replica => isInside(this.file, replica))) return
      makeFolders(path.dirname(this.file))
      for (let left = mostTries; left > 0 && !this.append(text); left--);
    } catch (error) {
      if (noPlace.has(errnoOf(error))) return
      this.trouble = `this run is not in the history ${this.file}: ${reasonOf(error)}; nothing else was left undone for that`
    }
  }

  flush(): undefined {}

  /** Why lines were lost; told once. */
  takeTrouble(): string | undefined {
    const trouble = this.wasTold ? undefined : this.trouble
    this.wasTold ||= trouble !== undefined
    return trouble
  }

  /** @returns whether what was written to is still the history */
  private append(text: string): boolean {
    const descriptor = fs.openSync(this.file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
    try {
      const { size, uid } = fs.fstatSync(descriptor)
      if (uid !== (process.geteuid?.() ?? uid)) throw new Error('it belongs to another user')
      // A line that was cut off, by a full disk or a power cut, is ended first.
      fs.writeSync(descriptor, endsLine(descriptor, size) ? text : `\n${text}`)
      if (size > mostBytes) this.shorten(descriptor)
      return isFile(this.file, descriptor) || size > mostBytes
    } finally {
      fs.closeSync(descriptor)
    }
  }

  private shorten(descriptor: number): void {
    const lines = fs.readFileSync(this.file, 'utf8').split('\n')
    const written = `${this.file}.${randomBytes(8).toString('hex')}`
    try {
      fs.writeFileSync(written, lines.slice(-keptLines).join('\n'), { mode: 0o600, flag: 'wx' })
      // Another process was quicker.
      if (isFile(this.file, descriptor)) fs.renameSync(written, this.file)
    } finally {
      fs.rmSync(written, { force: true })
    }
  }
}

/** Step by step: Node's own way does not end where the system says that what it makes is not there (`/proc`). */
function makeFolders(folder: string): void {
  if (fs.existsSync(folder)) return
  makeFolders(path.dirname(folder))
  try {
    fs.mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process was quicker.
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}

function endsLine(descriptor: number, size: number): boolean {
  if (size === 0) return true
  const last = Buffer.alloc(1)
  fs.readSync(descriptor, last, 0, 1, size - 1)
  return last[0] === 10
}
