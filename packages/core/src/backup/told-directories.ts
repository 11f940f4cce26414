/**
 * Which directories were told of. By what they are, not by their names: a directory may get the name of one that was told
 * of, by this thread's rename or by another's.
 */
import type { Entry } from '../model/entry.js'
import type { Handle } from '../tree/tree.js'

export class ToldDirectories {
  /** What is held open stays what it is, and need not be asked again. */
  private readonly held = new WeakSet<Handle>()
  private readonly known = new Set<string>()

  /** Has one told of that was not yet. */
  around(directory: Handle, tell: (entry: Entry) => void): void {
    if (this.held.has(directory)) return
    const entry = directory.stat()
    const key = `${entry.device}:${entry.inode}`
    if (!this.known.has(key)) tell(entry)
    this.known.add(key)
    this.held.add(directory)
  }
}
