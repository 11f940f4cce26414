/**
 * A source whose files are read once for several replicas: whoever comes first reads, and the others get what it read, as
 * long as that is kept (see `shared-memory.ts`).
 *
 * INVARIANT: each looks at the file itself, before and after, and gets only what was read of that very file with those very
 * times. What was changed a moment ago is shared with nobody: its times could hide that it was changed again.
 */
import { tickOf } from '../model/clock-tick.js'
import type { Entry } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { ReadKey, SharedMemory } from './shared-memory.js'
import type { DataRange, Directory, FileHandle, Tree } from './tree.js'
import type { Xattrs } from './xattrs.js'

const nsPerMs = 1_000_000n

/** What a piece of an entry is known by; undefined where its times do not tell whether it was changed again. */
export function keyOf(entry: Entry, at: number): ReadKey | undefined {
  const now = BigInt(Date.now()) * nsPerMs
  const isSettled = [entry.mtimeNs, entry.ctimeNs].every(time => time + tickOf(time) < now)
  if (!isSettled) return undefined
  const { device, inode, mtimeNs, ctimeNs, size } = entry
  return { device, inode, mtimeNs, ctimeNs, size: entry.kind === 'directory' ? 0 : size, at }
}

/** The same tree, whose files share from now on what is read of them. */
export function sharingReads(tree: Tree, memory: SharedMemory): Tree {
  const openFile = tree.openFile.bind(tree)
  return Object.assign(tree, {
    openFile: (directory: Directory, name: Name): FileHandle =>
      new SharedFile(openFile(directory, name), memory),
  })
}

class SharedFile implements FileHandle {
  private readonly file: FileHandle
  private readonly memory: SharedMemory
  private key: ReadKey | undefined
  private isKnown = false
  /** Where reads go on, and where those of the file itself do. */
  private position = 0
  private filePosition = 0

  constructor(file: FileHandle, memory: SharedMemory) {
    this.file = file
    this.memory = memory
  }

  get fd(): number {
    return this.file.fd
  }

  stat(): Entry {
    const entry = this.file.stat()
    if (!this.isKnown) this.know(entry)
    return entry
  }

  read(into: Uint8Array, length: number): number {
    if (!this.isKnown) this.know(this.file.stat())
    const { memory, key, position } = this
    if (key === undefined) return this.readFile(into, length)
    let count = 0
    const taken = memory.take({ ...key, at: position }, length, piece => {
      count = Math.min(piece.length, length)
      into.set(piece.subarray(0, count))
    })
    if (taken === 'had') {
      this.position += count
      return count
    }
    if (taken === 'busy' || taken === 'alone') return this.readFile(into, length)
    try {
      count = this.readFile(into, length)
    } catch (error) {
      memory.drop(taken)
      throw error
    }
    memory.put(taken, into.subarray(0, count), length)
    return count
  }

  seek(position: number): void {
    this.position = position
  }

  nextData(position: number, size: number): DataRange {
    // It moves the place where reads go on.
    this.filePosition = -1
    return this.file.nextData(position, size)
  }

  copyFrom(source: FileHandle, length: number): number {
    return this.file.copyFrom(source, length)
  }

  shareBlocks(source: FileHandle): void {
    this.file.shareBlocks(source)
  }

  write(from: Uint8Array, length: number): void {
    this.file.write(from, length)
  }

  punchHole(position: number, length: number): void {
    this.file.punchHole(position, length)
  }

  setSize(size: number): void {
    this.file.setSize(size)
  }

  flush(): void {
    this.file.flush()
  }

  setOwner(uid: number, gid: number): void {
    this.file.setOwner(uid, gid)
  }

  setMode(mode: number): void {
    this.file.setMode(mode)
  }

  setMtime(mtimeNs: bigint): void {
    this.file.setMtime(mtimeNs)
  }

  xattrs(): Xattrs {
    return this.file.xattrs()
  }

  setXattr(name: string, value: Uint8Array | undefined): void {
    this.file.setXattr(name, value)
  }

  close(): void {
    this.file.close()
  }

  /** What is read belongs to the file as it was first looked at: whoever uses it looks once more. */
  private know(entry: Entry): void {
    this.isKnown = true
    this.key = keyOf(entry, 0)
  }

  private readFile(into: Uint8Array, length: number): number {
    if (this.filePosition !== this.position) this.file.seek(this.position)
    const count = this.file.read(into, length)
    this.position += count
    this.filePosition = this.position
    return count
  }
}
