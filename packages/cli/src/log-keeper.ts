/**
 * Sees to the log of a process that lasts: which file lines go to, and when it is put aside.
 *
 * - A file that is renamed or deleted by somebody else, such as logrotate or another process with this log, is noticed within a second of
 *   the next line, and the log opened anew, as it was in the beginning.
 * - A line is never parted, and nothing is lost: until a new file is open, lines go to the old one.
 */
import * as fs from 'node:fs'
import type { Clock } from './io.js'
import { openLog } from './open-log.js'
import { reasonOf } from './reason-of.js'
import { isFile, namesBeside, rotateLog } from './rotate-log.js'
import { UsageError } from './usage-error.js'

/** When a log becomes an old one, and how many of these are kept. */
export interface LogLimits {
  readonly maxBytes: number | undefined
  readonly maxAgeMs: number | undefined
  readonly keep: number
}

export const defaultKeep = 5

interface Place {
  readonly descriptor: number
  /** So many bytes of the lines. */
  readonly length: number
}

const lookMs = 1000
/** After it failed. */
const againMs = 60_000

export class LogKeeper {
  /** What it may make beside the log. */
  readonly names: readonly string[]
  private readonly file: string
  private readonly limits: LogLimits | undefined
  private readonly clock: Pick<Clock, 'now' | 'date'>
  private lookedAt = -Infinity
  private failedAt = -Infinity
  /** When the file was made, as far as that is known. */
  private bornAt: number | undefined
  private trouble: string | undefined

  constructor(file: string, limits: LogLimits | undefined, clock: Pick<Clock, 'now' | 'date'>) {
    this.file = file
    this.limits = limits
    this.clock = clock
    this.names = limits === undefined ? [] : namesBeside(file, limits.keep)
  }

  /** Where the next lines go, or the first of them. */
  place(open: number, lines: Buffer): Place {
    let descriptor = this.isMoved(open) ? this.reopen(open) : open
    const { maxBytes = Infinity } = this.limits ?? {}
    if (this.isFull(descriptor, lineEnd(lines))) descriptor = this.putAside(descriptor)
    const room = maxBytes - fs.fstatSync(descriptor).size
    // Where it could not be put aside it grows.
    if (room >= lines.length || this.isWaiting()) return { descriptor, length: lines.length }
    return {
      descriptor,
      length: Math.max(lines.lastIndexOf('\n', Math.max(0, room - 1)) + 1, lineEnd(lines)),
    }
  }

  /** Opens the log anew, wherever its name leads now; the old one stays where that is not to be had. */
  reopen(old: number): number {
    let descriptor: number
    try {
      descriptor = openLog(this.file)
    } catch (error) {
      this.trouble ??= `${messageOf(error)}; until it can be, lines go to the file that was opened before`
      return old
    }
    this.bornAt = undefined
    likeBefore(descriptor, old)
    fs.closeSync(old)
    return descriptor
  }

  /** What went wrong since it was last asked, as a sentence. */
  takeTrouble(): string | undefined {
    const trouble = this.trouble
    this.trouble = undefined
    return trouble
  }

  private isMoved(open: number): boolean {
    const now = this.clock.now()
    if (now - this.lookedAt < lookMs) return false
    this.lookedAt = now
    return !isFile(this.file, open)
  }

  private isFull(descriptor: number, next: number): boolean {
    if (this.limits === undefined || this.isWaiting()) return false
    const { maxBytes = Infinity, maxAgeMs = Infinity } = this.limits
    const { size, birthtimeMs } = fs.fstatSync(descriptor)
    const now = this.clock.date().getTime()
    // Some file systems do not know it: then it is when we first saw it.
    this.bornAt ??= birthtimeMs > 0 ? Math.min(birthtimeMs, now) : now
    return size > 0 && (size + next > maxBytes || now - this.bornAt > maxAgeMs)
  }

  private putAside(descriptor: number): number {
    const { keep = defaultKeep } = this.limits ?? {}
    try {
      if (rotateLog({ file: this.file, keep, descriptor }) === 'aside') return this.reopen(descriptor)
      this.lookedAt = -Infinity
    } catch (error) {
      this.failedAt = this.clock.now()
      this.trouble ??= `the log ${this.file} could not be put aside: ${messageOf(error)}; it grows on, and that is tried again in a minute`
    }
    return descriptor
  }

  private isWaiting(): boolean {
    return this.clock.now() - this.failedAt < againMs
  }
}

/** Where the first line ends. */
function lineEnd(lines: Buffer): number {
  const end = lines.indexOf('\n')
  return end < 0 ? lines.length : end + 1
}

/** Who may read the old one, may read a new one. */
function likeBefore(descriptor: number, old: number): void {
  const [stats, before] = [fs.fstatSync(descriptor), fs.fstatSync(old)]
  if (stats.size > 0 || stats.ino === before.ino) return
  try {
    if (stats.gid !== before.gid) fs.fchownSync(descriptor, stats.uid, before.gid)
    fs.fchmodSync(descriptor, before.mode & 0o777)
  } catch {
    // It is for its owner only, then.
  }
}

function messageOf(error: unknown): string {
  return error instanceof UsageError ? error.message : reasonOf(error)
}
