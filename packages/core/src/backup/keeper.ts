/**
 * Keeps what is overwritten or deleted: under a number, in a folder of this thread. By a link, so that the old entry has
 * its name until the new one takes it, or by a rename; where neither can be, by a copy.
 */
import type { Entry } from '../model/entry.js'
import { errnoOf, meaningOf } from '../model/errno.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import type { Directory, Tree } from '../tree/tree.js'
import { copyEntry } from './copy-entry.js'
import { factsOf, type Kept } from './records.js'

export const keptPrefix = 'kept-'

/** What a link is refused with where a copy may do. */
const unlinkable: ReadonlySet<string> = new Set([
  'EXDEV',
  'EPERM',
  'EACCES',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
])

export class Keeper {
  private readonly run: Tree
  private readonly replica: Tree
  private readonly name: Name
  private readonly isDurable: boolean
  private directory: Directory | undefined
  private device: bigint | undefined
  private count = 0

  /** @param run the folder of the run, as a tree */
  constructor(run: Tree, replica: Tree, thread: string, isDurable: boolean) {
    this.isDurable = isDurable
    this.run = run
    this.replica = replica
    this.name = `${keptPrefix}${thread}` as Name
  }

  /**
   * Where an entry would go by a link or a rename; undefined where only a copy can be kept. The journal tells of it first: a
   * second name moves the time of the change of a file, which is no sign then that somebody else changed it.
   */
  placeFor(entry: Entry): Kept | undefined {
    return this.orFail(() => {
      const [, number] = this.place()
      return entry.device === this.device ? this.kept(number, entry, false) : undefined
    })
  }

  /** Links an entry to where {@link placeFor} said, so that it keeps its name until another takes it; false where it cannot. */
  link(from: Directory, name: Name, { at }: Kept): boolean {
    return this.orFail(() => {
      try {
        this.replica.link(from, name, this.directory as Directory, at.slice(this.name.length + 1) as Name)
        return true
      } catch (error) {
        if (unlinkable.has(errnoOf(error) ?? '')) return false
        throw error
      }
    })
  }

  /** Moves an entry to where {@link placeFor} said; false where the system cannot. */
  move(from: Directory, name: Name, { at }: Kept): boolean {
    try {
      this.replica.rename(from, name, this.directory as Directory, at.slice(this.name.length + 1) as Name)
      return true
    } catch (error) {
      if (errnoOf(error) === 'EXDEV') return false
      throw error
    }
  }

  /** Keeps a copy of an entry that has its name still. */
  copy(from: Directory, name: Name, entry: Entry): Kept {
    return this.orFail(() => {
      const [into, number] = this.place()
      copyEntry({ tree: this.replica, directory: from, name }, entry, {
        tree: this.run,
        directory: into,
        name: number,
      })
      if (this.isDurable) this.flush(into, number, entry)
      return this.kept(number, entry, true)
    })
  }

  /** Forgets what was kept of an entry that stays. */
  drop({ at }: Kept): void {
    try {
      this.run.unlink(this.directory as Directory, at.slice(this.name.length + 1) as Name)
    } catch {
      // What is kept in vain is in nobody's way.
    }
  }

  close(): void {
    if (this.directory !== undefined) closeRead(this.directory)
    this.directory = undefined
  }

  /** A link or a rename within a file system is on the disk before what comes after it; a copy is not. */
  private flush(into: Directory, number: Name, { kind }: Entry): void {
    if (kind === 'file') {
      const copy = this.run.openFile(into, number)
      try {
        copy.flush()
      } finally {
        closeRead(copy)
      }
    }
    into.flush()
  }

  private kept(number: Name, entry: Entry, isCopy: boolean): Kept {
    return { at: `${this.name}/${number}`, isCopy, was: factsOf(entry) }
  }

  private place(): readonly [directory: Directory, number: Name] {
    if (this.directory === undefined) {
      this.run.makeDirectory(this.run.root, this.name)
      this.directory = this.run.openDirectory(this.run.root, this.name)
      this.device = this.directory.stat().device
      if (this.isDurable) this.run.root.flush()
    }
    this.count += 1
    return [this.directory, String(this.count) as Name]
  }

  /** INVARIANT: without the number of a system error, which would tell of the replica's storage: this is one entry's failure. */
  private orFail<T>(step: () => T): T {
    try {
      return step()
    } catch (error) {
      throw new Error(`it cannot be kept in the backup folder: ${meaningOf(error)}`, { cause: error })
    }
  }
}
