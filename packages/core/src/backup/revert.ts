/**
 * Takes back what a run did: the opposite of each step, in the opposite order, through a tree that records this as any
 * other run. Directories get the attributes they had when all in them is done.
 */
import { randomName } from '../apply/staging.js'
import { whileWritable } from '../apply/writable.js'
import type { Entry } from '../model/entry.js'
import { errnoOf, isGone, isStorageFailure } from '../model/errno.js'
import { baseName, type Name, parentPath, type RelativePath, splitPath } from '../model/path.js'
import type { HeldDirectories } from '../tree/held-directories.js'
import type { Directory, Handle, OwnerRights, Tree } from '../tree/tree.js'
import { copyEntry } from './copy-entry.js'
import type { OtherNames } from './other-names.js'
import { PathTree } from './path-tree.js'
import type { Told, ToldStep } from './read-journal.js'
import type { Kept, Was } from './records.js'
import { redress } from './redress.js'
import { type Reverted, stepBack } from './steps-back.js'

export interface Reverting {
  readonly tree: Tree
  readonly held: HeldDirectories
  /** For what takes two directories at once. */
  readonly alsoHeld: HeldDirectories
  /** The folder of the run that is undone. */
  readonly run: Tree
  readonly runHeld: HeldDirectories
  readonly rights: OwnerRights
  /** Removes what a killed run left of its own. */
  readonly discard: (path: RelativePath) => void
  readonly tell: (done: Reverted, path: RelativePath) => void
  /** Names to link, where what comes back from a copy had others. */
  readonly names: OtherNames
}

/** Undoes the records given, of which the last was written last. */
export function* revert(with_: Reverting, told: readonly Told[]): Generator<void> {
  const reversal = new Reversal(with_)
  for (const record of told.toReversed()) {
    reversal.undo(record)
    yield
  }
  reversal.finish()
}

class Reversal {
  private readonly with: Reverting
  /** Directories with the attributes they are to have, by where they are at present. */
  private readonly wanted = new PathTree<Was>()

  constructor(reverting: Reverting) {
    this.with = reverting
  }

  undo(record: Told): void {
    switch (record.op) {
      case 'directory':
        this.wanted.set(record.path, record.was)
        return
      case 'temporary':
        this.with.discard(record.path)
        return
      case 'begin':
      case 'now':
      case 'failed':
      case 'end':
        return
      case 'put':
      case 'take':
      case 'makeDirectory':
      case 'removeDirectory':
      case 'move':
      case 'set':
        if (!record.isSure && !this.wasMade(record)) return
        this.takeBack(record, baseName(record.path))
        this.with.tell(...stepBack(record))
    }
  }

  /** Deepest first: what lies in a directory is no longer reached where its mode forbids it. */
  finish(): void {
    const paths = [...this.wanted.entries()].toSorted(([a], [b]) => depth(b) - depth(a))
    for (const [path, was] of paths) this.onDirectory(path, was)
  }

  private takeBack(step: ToldStep, name: Name): void {
    const { tree } = this.with
    const { path } = step
    switch (step.op) {
      case 'put':
        this.with.names.removed(step.inode)
        if (step.kept !== undefined) this.restore(step.kept, path)
        else this.in(path, parent => tree.unlink(parent, name))
        return
      case 'take':
        return this.restore(step.kept, path)
      case 'makeDirectory':
        // What is held may not be removed everywhere.
        this.with.held.close()
        this.in(path, parent => tree.removeDirectory(parent, name))
        this.wanted.set(path, undefined)
        return
      case 'removeDirectory':
        this.in(path, parent => tree.makeDirectory(parent, name))
        this.wanted.set(path, step.was)
        return
      case 'move':
        return this.moveBack(step)
      case 'set':
        return this.dress(path, step.was)
    }
  }

  /** Of a step that the run was killed at: whether it was made. */
  private wasMade(step: ToldStep): boolean {
    const found = this.stat(step.path)
    switch (step.op) {
      case 'put':
      case 'move':
        return found !== undefined && String(found.inode) === step.inode
      case 'take':
      case 'removeDirectory':
        return found === undefined
      case 'makeDirectory':
        return found?.kind === 'directory'
      case 'set':
        return found !== undefined && String(found.inode) === step.was.inode
    }
  }

  private moveBack({ from, path, kept }: Extract<ToldStep, { readonly op: 'move' }>): void {
    const { tree, held, alsoHeld } = this.with
    this.in(path, (parent, name) =>
      whileWritable(this.with.rights, this.enterAlso(from), () =>
        tree.rename(parent, name, this.enterAlso(from), baseName(from)),
      ),
    )
    // What is held may have another path by now.
    held.close()
    alsoHeld.close()
    this.wanted.move(path, from)
    this.with.names.moved(path, from)
    if (kept !== undefined) this.restore(kept, path)
  }

  /**
   * The kept entry itself, or a copy where that is one. It is kept until the whole run is undone, so that what is stopped
   * halfway can be begun anew.
   */
  private restore(kept: Kept, path: RelativePath): void {
    const { tree, run, runHeld } = this.with
    const from = runHeld.enter(parentPath(kept.at))
    const number = baseName(kept.at)
    if (!kept.isCopy) {
      this.in(path, (parent, name) => {
        const linked = randomName()
        if (isLinked(() => tree.link(from, number, parent, linked))) tree.rename(parent, linked, parent, name)
        else tree.rename(from, number, parent, name)
      })
      return
    }
    const entry = run.stat(from, number)
    if (entry === undefined) throw new Error(`"${kept.at}" is no longer in the backup folder`)
    const temporary = randomName()
    this.in(path, (parent, name) => {
      if (!this.linkOther(kept, parent, temporary))
        copyEntry({ tree: run, directory: from, name: number }, entry, {
          tree,
          directory: parent,
          name: temporary,
        })
      tree.rename(parent, temporary, parent, name)
    })
    this.with.names.add(kept, path)
  }

  /** Of what had several names one is one again with those that are there. */
  private linkOther(kept: Kept, parent: Directory, temporary: Name): boolean {
    const path = this.with.names.find(kept)
    if (path === undefined) return false
    return isLinked(() => this.with.tree.link(this.enterAlso(path), baseName(path), parent, temporary))
  }

  private dress(path: RelativePath, was: Was): void {
    this.in(path, (parent, name) => {
      const pinned = this.with.tree.pin(parent, name)
      try {
        redress(pinned, was)
      } finally {
        pinned.close()
      }
    })
  }

  /** One that its owner may not read is pinned, which needs no right but that to its parent. */
  private onDirectory(path: RelativePath, was: Was): void {
    let handle: Handle
    try {
      handle = this.with.held.enter(path)
    } catch (error) {
      if (errnoOf(error) !== 'EACCES' || path === '') throw error
      return this.dress(path, was)
    }
    redress(handle, was)
  }

  private in(path: RelativePath, step: (parent: Directory, name: Name) => void): void {
    const parent = this.with.held.enter(parentPath(path))
    whileWritable(this.with.rights, parent, () => step(parent, baseName(path)))
  }

  private enterAlso(path: RelativePath): Directory {
    return this.with.alsoHeld.enter(parentPath(path))
  }

  private stat(path: RelativePath): Entry | undefined {
    try {
      return this.with.tree.stat(this.with.held.enter(parentPath(path)), baseName(path))
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }
}

/** False where the system refuses a second name. */
function isLinked(link: () => void): boolean {
  try {
    link()
    return true
  } catch (error) {
    if (errnoOf(error) === undefined || isStorageFailure(error)) throw error
    return false
  }
}

function depth(path: RelativePath): number {
  return splitPath(path).length
}
