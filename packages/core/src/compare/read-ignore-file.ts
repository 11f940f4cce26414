/**
 * The ignore file of a directory of the source, read before anything else of it is: what it leaves out is never looked at.
 * Read once, by the job of its directory; what lies below is judged by the same text.
 */
import { errnoOf, isGone, isSwapped, meaningOf } from '../model/errno.js'
import type { Name, RelativePath } from '../model/path.js'
import { joinPath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { closeRead } from '../tree/close-read.js'
import { escapeName } from '../tree/names.js'
import type { FileHandle } from '../tree/tree.js'
import type { HeldSide } from './list-sides.js'
import { fill } from './sparse-content.js'

/** Longer than anybody writes one. */
const longest = 1 << 20

/** Latin-1, as git compares bytes; undefined where there is none. What cannot be read leaves open what is left out. */
export function readIgnoreFile(
  { tree, held }: HeldSide,
  directory: RelativePath,
  name: Name,
): string | undefined | Problem {
  const path = joinPath(directory, name)
  let file: FileHandle
  try {
    const inside = held.enter(directory)
    // Only a file is opened: whoever waits to write into a FIFO would be told that somebody reads it.
    if (tree.stat(inside, name)?.kind !== 'file') return undefined
    file = tree.openFile(inside, name)
  } catch (error) {
    // As git does, no link is followed. A directory that is gone is told by who lists it.
    if (isGone(error) || isSwapped(error)) return undefined
    return unreadable(path, error)
  }
  try {
    const { kind, size } = file.stat()
    if (kind !== 'file') return undefined
    if (size > longest)
      return problem(
        'source-unreadable',
        'source',
        path,
        `${shown(path)} is longer than an ignore file can be; nothing will be deleted`,
      )
    const bytes = Buffer.allocUnsafe(size)
    return bytes.toString('latin1', 0, fill(file, bytes, size))
  } catch (error) {
    return unreadable(path, error)
  } finally {
    closeRead(file)
  }
}

function unreadable(path: RelativePath, error: unknown): Problem {
  const message = `cannot read ${shown(path)}, so what it leaves out is not known: ${meaningOf(error)}; nothing will be deleted`
  return problem('source-unreadable', 'source', path, message, errnoOf(error))
}

function shown(path: RelativePath): string {
  return `"${escapeName(path)}"`
}
