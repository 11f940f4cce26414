/**
 * The log: opened before anything is changed, appended to, and never a reason for the sync to stop.
 *
 * - Lines are gathered and written synchronously, so the last ones can be written on the way out.
 * - A log in the replica is never opened, for a refused run must not leave a file there. The library refuses it
 *   where it can see it; while the replica is not there yet, it is refused here.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { SyncError } from '@facsimile/core'
import type { LogKeeper } from './log-keeper.js'
import { openLog } from './open-log.js'
import { reasonOf } from './reason-of.js'
import type { Sink } from './sink.js'
import { UsageError } from './usage-error.js'

const gatherChars = 64 * 1024
const gatherMs = 100

export class LogFile implements Sink {
  /** As an absolute path, whatever happens to the working directory later. */
  readonly path: string
  private descriptor: number | undefined
  private parts: string[] = []
  private size = 0
  private timer: NodeJS.Timeout | undefined
  private failure: string | undefined
  /** Whether the file ends within a line, because a write was cut off. */
  private torn = false
  private keeper: LogKeeper | undefined
  private pinned: 'pinned' | 'reopened later' | undefined

  /** @throws UsageError when the file cannot be a log */
  constructor(given: string, ...replicas: readonly string[]) {
    this.path = resolvePath(given)
    this.descriptor = replicas.some(replica => isInside(this.path, replica)) ? undefined : openLog(this.path)
  }

  /**
   * To be called when the library has let the roots pass, which judges what is there by more than its path.
   *
   * @throws SyncError when the log is the replica or lies inside it
   */
  requirePlace(): void {
    if (this.descriptor !== undefined) return
    throw new SyncError(
      'root-refused',
      26,
      `the log ${this.path} is the replica or lies inside it: nothing was changed; put the log elsewhere`,
    )
  }

  /** How many bytes it has now; undefined when that is not known. */
  position(): number | undefined {
    this.flush()
    try {
      return this.descriptor === undefined ? undefined : fs.fstatSync(this.descriptor).size
    } catch {
      return undefined
    }
  }

  write(text: string): undefined {
    this.parts.push(text)
    this.size += text.length
    if (this.size >= gatherChars) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), gatherMs)
  }

  flush(): undefined {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.descriptor === undefined || this.size === 0) return
    const bytes = Buffer.from(`${this.torn ? '\n' : ''}${this.parts.join('')}`)
    this.parts = []
    this.size = 0
    let written = 0
    try {
      while (written < bytes.length) {
        const end = written + this.place(bytes.subarray(written))
        while (written < end) written += fs.writeSync(this.descriptor, bytes, written, end - written)
      }
      this.torn = false
    } catch (error) {
      this.torn ||= written > 0
      this.failure ??= reasonOf(error)
    }
  }

  /** Has the file looked after from now on. */
  keepBy(keeper: LogKeeper): void {
    this.keeper = keeper
  }

  /**
   * Has the log stay the file that it is while a run lasts which leaves out that file of its source, and would take a new one for
   * somebody else's.
   */
  pin(): void {
    this.pinned = 'pinned'
  }

  unpin(): void {
    const was = this.pinned
    this.pinned = undefined
    if (was === 'reopened later') this.reopen()
    else this.place(Buffer.alloc(0))
  }

  /** Opens the file anew, after what belongs to the old one is written to it. */
  reopen(): void {
    this.flush()
    if (this.pinned !== undefined) this.pinned = 'reopened later'
    else if (this.descriptor !== undefined && this.keeper !== undefined)
      this.descriptor = this.keeper.reopen(this.descriptor)
  }

  /** All files that are ours: the log, and old ones. */
  get paths(): readonly string[] {
    return [this.path, ...(this.keeper?.names ?? [])]
  }

  /** What went wrong with the file, though no line was lost; as a sentence. */
  takeTrouble(): string | undefined {
    return this.keeper?.takeTrouble()
  }

  /** @returns how many bytes go to the file that is open then */
  private place(lines: Buffer): number {
    if (this.keeper === undefined || this.descriptor === undefined || this.pinned !== undefined)
      return lines.length
    const { descriptor, length } = this.keeper.place(this.descriptor, lines)
    this.descriptor = descriptor
    return length
  }

  /** Why lines were lost since it was last asked; nothing if none were. */
  takeFailure(): string | undefined {
    const failure = this.failure
    this.failure = undefined
    return failure
  }

  close(): void {
    this.flush()
    clearTimeout(this.timer)
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor)
    this.descriptor = undefined
  }
}

function resolvePath(given: string): string {
  if (given === '') throw new UsageError('--log takes a FILE, and got an empty name')
  try {
    return path.resolve(given)
  } catch (error) {
    throw new UsageError(
      `the working directory is not there any more, so the log ${given} has no place: ${reasonOf(error)}`,
    )
  }
}

/** Whether a file is a folder or lies below it, there or not. A link that the file may be is not followed. */
export function isInside(file: string, folder: string): boolean {
  let relative: string
  try {
    relative = path.relative(
      realPath(path.resolve(folder)),
      path.join(realPath(path.dirname(file)), path.basename(file)),
    )
  } catch {
    // The working directory is gone, and a relative folder with it: the library says so.
    return false
  }
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

/** An absolute path without links, as far as it exists. */
function realPath(given: string): string {
  try {
    return fs.realpathSync.native(given)
  } catch {
    const parent = path.dirname(given)
    return parent === given ? given : path.join(realPath(parent), path.basename(given))
  }
}
