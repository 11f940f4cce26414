/** Where it is by now what the rows of a batch are linked to. */
import type { ApplyBatch, LinkedTo } from '../model/jobs.js'
import type { RelativePath } from '../model/path.js'
import type { Results } from './results.js'
import type { ChangeToMake } from './change-to-make.js'
import type { StagedTrees } from './staged-trees.js'

export class LinkTargets {
  private readonly links: ReadonlyMap<number, LinkedTo>
  private readonly staged: StagedTrees
  private readonly results: Results
  private readonly heirs = new Map<number, { readonly index: number; readonly path: RelativePath }>()

  constructor(batch: ApplyBatch, staged: StagedTrees, results: Results) {
    this.links = new Map(batch.links.map(link => [link[0], link]))
    this.staged = staged
    this.results = results
  }

  /** The change with the place of what it is linked to; without, when that was to be made here and was not. */
  find(index: number, change: ChangeToMake): ChangeToMake {
    const link = this.links.get(index)
    if (link === undefined) return change
    const path = this.pathOf(link) ?? this.inherited(link[2], index, change)
    return { ...change, linkTo: path === undefined ? undefined : { path, entry: change.linkTo?.entry } }
  }

  /** What was to be made here and was not: the first row that needs it is copied, and others are linked to that. */
  private inherited(made: number, index: number, { path }: ChangeToMake): RelativePath | undefined {
    const heir = this.heirs.get(made)
    if (heir !== undefined && heir.index !== index && this.results.isDone(heir.index))
      return this.placeOf(heir.index, heir.path)
    this.heirs.set(made, { index, path })
    return undefined
  }

  private pathOf([, path, made]: LinkedTo): RelativePath | undefined {
    if (made < 0) return path
    if (!this.results.isDone(made)) return undefined
    return this.placeOf(made, path)
  }

  /** Alone in the staging directory, in a directory being built, or under its name. */
  private placeOf(index: number, path: RelativePath): RelativePath {
    return this.results.stagedPath(index) ?? this.staged.placeOf(path)
  }
}
