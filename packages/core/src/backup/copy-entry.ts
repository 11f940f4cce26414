/** Copies one entry, which is no directory, from one tree to another, with all its attributes. */
import type { Entry } from '../model/entry.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import type { Directory, FileHandle, Tree } from '../tree/tree.js'
import { redress } from './redress.js'
import { wasOf } from './records.js'

export interface At {
  readonly tree: Tree
  readonly directory: Directory
  readonly name: Name
}

const chunkSize = 1 << 20

/** Fails when the copy would not be like what is there, and leaves nothing then. */
export function copyEntry(from: At, entry: Entry, to: At): void {
  const was = wasOf(entry, from.tree.xattrs(from.directory, from.name))
  try {
    makeLike(from, entry, to)
    const pinned = to.tree.pin(to.directory, to.name)
    try {
      redress(pinned, was)
    } finally {
      pinned.close()
    }
  } catch (error) {
    try {
      to.tree.unlink(to.directory, to.name)
    } catch {
      // The first error is the one to tell.
    }
    throw error
  }
}

function makeLike(from: At, entry: Entry, to: At): void {
  switch (entry.kind) {
    case 'file':
      return copyContent(from, to)
    case 'symlink':
      return to.tree.makeLink(to.directory, to.name, from.tree.readLink(from.directory, from.name))
    case 'fifo':
    case 'socket':
    case 'characterDevice':
    case 'blockDevice':
      return to.tree.makeSpecial(to.directory, to.name, entry)
    case 'directory':
      throw new Error('directories are not copied')
  }
}

function copyContent(from: At, to: At): void {
  const source = from.tree.openFile(from.directory, from.name)
  try {
    const copy = to.tree.createFile(to.directory, to.name)
    try {
      copyData(source, copy)
    } finally {
      copy.close()
    }
  } finally {
    closeRead(source)
  }
}

/** Stretch by stretch, so that holes stay holes. */
function copyData(source: FileHandle, copy: FileHandle): void {
  const { size } = source.stat()
  const buffer = Buffer.allocUnsafe(Math.min(size, chunkSize))
  copy.setSize(size)
  for (let at = 0; at < size; ) {
    const { start, end } = source.nextData(at, size)
    if (start >= size) break
    source.seek(start)
    copy.seek(start)
    for (at = start; at < end; ) {
      const read = source.read(buffer, Math.min(buffer.length, end - at))
      if (read === 0) throw new Error('it became shorter while it was copied')
      copy.write(buffer, read)
      at += read
    }
  }
}
