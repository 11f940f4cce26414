/**
 * Puts a log aside: FILE becomes FILE.1, what that was FILE.2, and so on; the oldest is gone. By renames in its folder, which is held
 * meanwhile like when the log is opened.
 *
 * Other processes may write to the same log. One at a time puts it aside, by a file that only one can make, and only if FILE
 * is the file that it means; the others see that theirs was renamed, and open FILE anew.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { inLogFolder } from './open-log.js'

interface Rotation {
  /** As an absolute path. */
  readonly file: string
  readonly keep: number
  /** Which file is meant. */
  readonly descriptor: number
}

/** What else is made of a log's name. */
export function namesBeside(file: string, keep: number): readonly string[] {
  return [lockOf(file), ...Array.from({ length: keep }, (_, index) => `${file}.${index + 1}`)]
}

/** @returns `busy` when another process is at it: nothing was done */
export function rotateLog({ file, keep, descriptor }: Rotation, euid?: number): 'aside' | 'busy' {
  return inLogFolder(file, euid, nameOf => {
    const base = path.basename(file)
    const lock = nameOf(lockOf(base))
    if (!take(lock)) return 'busy'
    try {
      // Somebody else did it already.
      if (!isFile(nameOf(base), descriptor)) return 'aside'
      for (let number = keep - 1; number >= 1; number--)
        renameIfThere(nameOf(`${base}.${number}`), nameOf(`${base}.${number + 1}`))
      if (keep === 0) fs.unlinkSync(nameOf(base))
      else fs.renameSync(nameOf(base), nameOf(`${base}.1`))
      return 'aside'
    } finally {
      fs.rmSync(lock, { force: true })
    }
  })
}

/** Whether a name is still that of an open file. */
export function isFile(name: string, descriptor: number): boolean {
  const there = fs.lstatSync(name, { bigint: true, throwIfNoEntry: false })
  const open = fs.fstatSync(descriptor, { bigint: true })
  return there !== undefined && there.ino === open.ino && there.dev === open.dev
}

function lockOf(file: string): string {
  return `${file}.rotating`
}

/** Nobody takes so long: who made it was killed. */
const staleMs = 60_000
const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants

/** RACE: of two that find it stale at once, the second may take away the new one of the first. Then one old log too many may go. */
function take(lock: string): boolean {
  const there = fs.lstatSync(lock, { throwIfNoEntry: false })
  if (there !== undefined && Date.now() - there.mtimeMs > staleMs) fs.rmSync(lock, { force: true })
  try {
    fs.closeSync(fs.openSync(lock, O_WRONLY | O_CREAT | O_EXCL, 0o600))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function renameIfThere(from: string, to: string): void {
  if (fs.lstatSync(from, { throwIfNoEntry: false }) !== undefined) fs.renameSync(from, to)
}
