/**
 * New directories of which a batch holds the whole content. Each is built in the staging directory, its entries
 * under their final names, and published by one rename: it appears in the replica complete, and an entry costs
 * neither a rename nor a second look at a place that is private.
 */
import { errnoOf } from '../model/errno.js'
import { isWithin, joinPath, parentPath, type RelativePath } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { recheck } from './recheck.js'
import { removeTree } from './remove-tree.js'
import type { ThreadStaging } from './staging.js'
import { type ChangeToMake, type Made, nothingWritten } from './change-to-make.js'
import { stage } from './stage.js'
import { whileWritable } from './writable.js'

interface StagedRow {
  readonly index: number
  readonly change: ChangeToMake
}

/** A directory being built. */
export interface StagedTree {
  /** Where it will be. */
  readonly root: ChangeToMake
  /** Where it is. */
  readonly stagedPath: RelativePath
  /** The rows made in it so far, its own first. */
  readonly rows: StagedRow[]
}

export class StagedTrees {
  private readonly context: ApplyContext
  private readonly trees: StagedTree[] = []
  private entered: { readonly directory: RelativePath; readonly path: RelativePath } | undefined

  constructor(context: ApplyContext) {
    this.context = context
  }

  /** The directory being built that a path belongs to. */
  holding(directory: RelativePath): StagedTree | undefined {
    return this.trees.find(({ root }) => isWithin(directory, root.path))
  }

  /** Where something is by now that is to be at a path. */
  placeOf(path: RelativePath): RelativePath {
    const tree = this.holding(parentPath(path))
    return tree === undefined ? path : tree.stagedPath + path.slice(tree.root.path.length)
  }

  /** Begins to build the directory of a row. */
  begin(index: number, change: ChangeToMake): Made {
    const { replica } = this.context
    const staging = this.context.staging()
    const name = staging.nextName()
    replica.tree.makeDirectory(staging.directory, name)
    const stagedPath = joinPath(staging.path, name)
    this.trees.push({ root: change, stagedPath, rows: [{ index, change }] })
    return nothingWritten
  }

  /** Makes an entry of a directory being built. */
  *make(tree: StagedTree, index: number, change: ChangeToMake): Generator<void, Made> {
    const directory = this.enter(tree, change.directory)
    const made = yield* this.makeIn(directory, change)
    tree.rows.push({ index, change })
    return made
  }

  /** All directories begun, and no longer held here. */
  takeAll(): StagedTree[] {
    if (this.trees.length > 0) this.context.staging().held.close()
    return this.trees.splice(0)
  }

  /** Gives a built directory its name. Returns false when it must be made in place, on a mounted file system. */
  publish(tree: StagedTree): boolean {
    const { replica, can } = this.context
    const { directory, name } = tree.root
    const staging = this.context.staging()
    try {
      const parent = replica.held.enter(directory)
      recheck(replica.tree, parent, name, undefined)
      const staged = below(staging, tree.stagedPath) as typeof name
      whileWritable(can.rights, parent, () => replica.tree.rename(staging.directory, staged, parent, name))
      return true
    } catch (error) {
      this.discard(tree)
      if (errnoOf(error) === 'EXDEV') return false
      throw error
    }
  }

  private discard({ stagedPath }: StagedTree): void {
    try {
      const staging = this.context.staging()
      removeTree(this.context.replica.tree, below(staging, stagedPath), staging.directory)
    } catch {
      // What cannot be removed now goes with the staging directory, or in the next run.
    }
  }

  private *makeIn(directory: Directory, change: ChangeToMake): Generator<void, Made> {
    if (change.source?.kind !== 'directory') {
      return yield* stage(this.context, change, {
        directory,
        name: change.name,
        staging: this.context.staging(),
      })
    }
    this.context.replica.tree.makeDirectory(directory, change.name)
    return nothingWritten
  }

  private enter(tree: StagedTree, directory: RelativePath): Directory {
    const staging = this.context.staging()
    // The same directory comes many times in a row, and its path may be long.
    if (this.entered?.directory !== directory) {
      const path = below(staging, tree.stagedPath) + directory.slice(tree.root.path.length)
      this.entered = { directory, path }
    }
    // INVARIANT: through what is held, for the name of the staging directory may be another's by now.
    return staging.held.enter(this.entered.path)
  }
}

/** A path as this thread's part of the staging directory has it. */
function below(staging: ThreadStaging, path: RelativePath): RelativePath {
  return path.slice(staging.path.length + 1)
}
