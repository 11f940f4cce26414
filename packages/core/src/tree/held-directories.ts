/**
 * The directories of one path, held open from the root down.
 *
 * Moving to another path closes what it does not share and opens the rest, one name at a time, so nothing is
 * reached through a link. At most {@link maxHeld} are open: of a deeper path the upper ones are let go, and
 * reached again by `..`, which must lead to the very directory that was left. It does not out of one that was entered
 * through a link, where links are followed: then all begins at the root again.
 */
import { type Identity, isSameInode } from '../model/entry.js'
import { isWithin, type Name, type RelativePath, splitPath } from '../model/path.js'
import { closeRead } from './close-read.js'
import type { Directory, Tree } from './tree.js'

const maxHeld = 24

interface Step {
  /** Length of the path that ends with this directory. */
  readonly pathLength: number
  directory: Directory | undefined
  /** Which directory it is, once that was asked: what is held open stays what it is. */
  identity: Identity | undefined
}

export class HeldDirectories {
  private readonly tree: Tree
  private readonly root: Directory
  private readonly steps: Step[] = []
  private path: RelativePath = ''
  /** Index of the uppermost step that is open. */
  private firstOpen = 0

  /** @param root where paths begin; it is held by whoever gives it */
  constructor(tree: Tree, root: Directory = tree.root) {
    this.tree = tree
    this.root = root
  }

  /** Holds the directory at a path, which must be one, until the next call. */
  enter(path: RelativePath): Directory {
    // What is held by path may be another directory by now: only a descriptor stays what it was.
    if (this.tree.way === 'paths') this.close()
    this.leaveTo(path)
    const rest = this.path === '' ? path : path.slice(this.path.length + 1)
    for (const name of splitPath(rest)) {
      const step = this.open(name)
      // A slice of the path given costs nothing, where joining names would copy all of them each time.
      this.path = path.slice(0, this.path.length + (this.path === '' ? 0 : 1) + name.length)
      this.steps.push({ ...step, pathLength: this.path.length })
      if (this.steps.length - this.firstOpen > maxHeld) this.letGo()
    }
    return this.last()
  }

  /** Which directory was entered last; undefined for the root. Asks the system where nobody has asked so far. */
  get identity(): Identity | undefined {
    const last = this.steps.at(-1)
    return last === undefined ? undefined : identityOf(last)
  }

  /** Whether a directory is one of those above what lies in the one entered last, the root left out. */
  isOnTheWay(found: Identity): boolean {
    return this.steps.some(step => isSameInode(identityOf(step), found))
  }

  /** Lets go of everything, for instance before directories are removed. */
  close(): void {
    while (this.steps.length > 0) this.pop()
    this.path = ''
  }

  private last(): Directory {
    return this.steps.at(-1)?.directory ?? this.root
  }

  private leaveTo(path: RelativePath): void {
    while (this.steps.length > 0 && !isWithin(path, this.path)) this.climb()
  }

  private climb(): void {
    const below = this.steps.at(-1)?.directory
    const above = this.steps.at(-2)
    if (above !== undefined && above.directory === undefined && below !== undefined) {
      above.directory = this.parentOf(below, identityOf(above))
      if (above.directory === undefined) {
        // Somebody moved or removed it: start again from the root, which nobody can move.
        this.close()
        return
      }
      this.firstOpen -= 1
    }
    this.pop()
  }

  private open(name: Name): Omit<Step, 'pathLength'> {
    const directory = this.tree.openDirectory(this.last(), name)
    const step = { directory, identity: undefined }
    // By path it may be another one later.
    if (this.tree.way !== 'paths') return step
    try {
      return { directory, identity: identityOf(step) }
    } catch (error) {
      closeRead(directory)
      throw error
    }
  }

  /** Undefined when the way up does not lead where it came from, or nowhere. */
  private parentOf(directory: Directory, identity: Identity): Directory | undefined {
    let parent: Directory | undefined
    try {
      parent = this.tree.openParent(directory)
      if (isSameInode(parent.stat(), identity)) return parent
    } catch {
      // Whatever the reason: the root is tried next, and tells it if it is one for everybody.
    }
    if (parent !== undefined) closeRead(parent)
    return undefined
  }

  private pop(): void {
    const directory = this.steps.pop()?.directory
    if (directory !== undefined) closeRead(directory)
    this.path = this.path.slice(0, this.steps.at(-1)?.pathLength ?? 0)
    this.firstOpen = Math.min(this.firstOpen, this.steps.length)
  }

  private letGo(): void {
    const step = this.steps[this.firstOpen]
    if (step?.directory !== undefined) {
      // The way back up must lead there again.
      identityOf(step)
      closeRead(step.directory)
      step.directory = undefined
    }
    this.firstOpen += 1
  }
}

/** A directory that was let go was asked before. */
function identityOf(step: Pick<Step, 'directory' | 'identity'>): Identity {
  if (step.identity !== undefined) return step.identity
  if (step.directory === undefined) throw new Error('a directory was let go before it was known')
  const { device, inode } = step.directory.stat()
  step.identity = { device, inode }
  return step.identity
}
