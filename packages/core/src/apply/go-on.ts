/** Goes on with the files that an earlier run left unfinished, one after the other as their turn comes. */
import { type Entry, isSameInode } from '../model/entry.js'
import type { Unfinished } from '../model/jobs.js'
import type { RelativePath } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import type { Directory, FileHandle, Tree } from '../tree/tree.js'
import type { Lying } from './place.js'
import { openStaging } from './staging.js'
import { isPrivate, writeNote } from './unfinished.js'

const privateFile = 0o600

export class GoingOn {
  private readonly tree: Tree
  private readonly uid: number
  private readonly byPath: Map<RelativePath, Unfinished>

  constructor(tree: Tree, found: readonly Unfinished[], uid: number) {
    this.tree = tree
    this.uid = uid
    this.byPath = new Map(found.map(one => [one.path, one]))
  }

  /**
   * Notes what a copy is to become, so that a later run can go on with it, and makes what an earlier one has of it the
   * file at a temporary name, open to be written. Returns undefined where that is to be created.
   */
  begin(path: RelativePath, source: Entry, to: Lying): FileHandle | undefined {
    const { device, inode, size, mtimeNs } = source
    writeNote(this.tree, to.directory, to.name, { path, device, inode, size, mtimeNs })
    const found = this.byPath.get(path)
    if (found === undefined) return undefined
    this.byPath.delete(path)
    const isOfThis = isSameInode(found, source) && found.size === size && found.mtimeNs === mtimeNs
    return isOfThis ? this.take(found, to) : undefined
  }

  /** Whatever keeps us from it, it is copied anew. */
  private take({ staging, thread, name }: Unfinished, to: Lying): FileHandle | undefined {
    const { tree } = this
    const opened: Directory[] = []
    try {
      const whole = openStaging(tree, staging)
      opened.push(whole)
      const part = tree.openDirectory(whole, thread)
      opened.push(part)
      if (!isPrivate(whole.stat(), this.uid) || !isPrivate(part.stat(), this.uid)) return undefined
      return this.move({ directory: part, name }, to)
    } catch {
      return undefined
    } finally {
      for (const directory of opened) closeRead(directory)
    }
  }

  /**
   * INVARIANT: what is written to is a file of this user with no other name. Both directories are private, so that nobody
   * else could have put a link there; it is looked at nevertheless, before it is opened and when it is.
   */
  private move(from: Lying, to: Lying): FileHandle | undefined {
    const { tree } = this
    if (!this.isOurs(tree.stat(from.directory, from.name))) return undefined
    const file = tree.reopenFile(from.directory, from.name)
    try {
      const found = file.stat()
      if (this.isOurs(found)) {
        tree.rename(from.directory, from.name, to.directory, to.name)
        const moved = tree.stat(to.directory, to.name)
        if (moved !== undefined && isSameInode(moved, found)) {
          file.setMode(privateFile)
          return file
        }
        if (moved !== undefined) tree.unlink(to.directory, to.name)
      }
    } catch (error) {
      file.close()
      throw error
    }
    file.close()
    return undefined
  }

  private isOurs(found: Entry | undefined): boolean {
    return found?.kind === 'file' && found.uid === this.uid && found.links === 1
  }
}
