/**
 * Which directories a run looks at whose source is watched. One that is watched and was not touched is as it was, and is
 * passed by; what is new, renamed, swapped or not watched is looked at with all below it.
 */
import type { ListedNames } from '../model/jobs.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import type { RelativePath } from '../model/path.js'
import type { WatchedWalk } from '../model/watched-walk.js'

export class WatchedScope {
  private readonly watching: WatchedWalk
  private readonly pairs: PairTable
  private readonly ways = new Map<RelativePath, ListedNames>()

  constructor(watching: WatchedWalk, pairs: PairTable) {
    this.watching = watching
    this.pairs = pairs
  }

  /** Whether a directory is looked at: all of it, unless {@link of} says which names. Called before it is listed. */
  takes(node: DirectoryNode, path: RelativePath, isMoved: boolean): boolean {
    const { touched } = this.watching
    const entry = node.inSource ? this.pairs.source(node.row) : undefined
    if (entry === undefined) return true
    if (touched !== undefined && node.inReplica && !isMoved && this.watching.isWatched(path, entry)) {
      const names = touched.has(path) ? undefined : (touched.onWay(path) ?? [])
      if (names?.length === 0) return false
      if (names !== undefined)
        this.ways.set(path, { names: names.join('/'), ends: new Uint8Array(names.length) })
    }
    this.watching.enter(path, entry)
    return true
  }

  /** Of a directory that is only on the way to touched ones, the names that are; undefined: all of it. */
  of(directory: RelativePath): ListedNames | undefined {
    return this.ways.get(directory)
  }
}
