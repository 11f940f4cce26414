/**
 * Directories of the source that are listed and compared a second time: what has appeared in them since the walk, with
 * all that lies below it. What is new to a name counts as well, for something may have moved over what was there.
 */
import { actions } from './model/change.js'
import { isSameInode, type NamedEntry } from './model/entry.js'
import { cellsPerEntry, EntryReader } from './model/entry-cells.js'
import { type ComparedDirectory, type CompareRequest, SideBit, verdictAction } from './model/jobs.js'
import { NodeMark } from './model/node-mark.js'
import { type DirectoryNode, type PairTable, pathOfNode } from './model/pairs.js'
import { joinPath, type Name } from './model/path.js'
import type { Problem } from './model/problem.js'
import { Appeared } from './plan/find-moved.js'
import type { Executor } from './run/executor.js'
import { inChunks } from './run/slices.js'
import { pathInReplica } from './walk/path-in-replica.js'
import type { Walked, WalkInput } from './walk/walk-input.js'

/** Listings under way for each job that can run. */
const listingsPerJob = 16

interface Wanted {
  readonly request: CompareRequest
  /** What the walk found there; undefined for what it never saw. */
  readonly node: DirectoryNode | undefined
}

export class SecondListing {
  readonly appeared: Appeared = new Appeared()
  /** Of what could not be read: nothing is proven absent then. */
  readonly problems: Problem[] = []
  private readonly pairs: PairTable
  private readonly renamed: Walked['renamed']
  private readonly ignores: Walked['ignores']
  private readonly listed: Walked['listed']
  private readonly executor: Executor
  private readonly filter: WalkInput['filter']
  private readonly wanted: Wanted[] = []

  constructor(
    { pairs, renamed, ignores, listed }: Pick<Walked, 'pairs' | 'renamed' | 'ignores' | 'listed'>,
    executor: Executor,
    filter: WalkInput['filter'],
  ) {
    this.pairs = pairs
    this.renamed = renamed
    this.ignores = ignores
    this.listed = listed
    this.executor = executor
    this.filter = filter
  }

  want(node: DirectoryNode): void {
    const { inReplica } = node
    const replicaPath = pathInReplica(node, this.renamed)
    const ignore = this.ignores.get(node.parent)
    const path = pathOfNode(node)
    this.wanted.push({
      request: { path, inSource: true, inReplica, replicaPath, ignore, listed: this.listed?.of(path) },
      node,
    })
  }

  async run(signal: AbortSignal): Promise<void> {
    const most = this.executor.width * listingsPerJob
    while (this.wanted.length > 0) {
      await inChunks(this.wanted.splice(0), most, async each => {
        signal.throwIfAborted()
        this.take(each, (await this.executor.run('compareAgain', each.request)) as ComparedDirectory)
      })
    }
  }

  private take({ request, node }: Wanted, compared: ComparedDirectory): void {
    if ((compared.marks & NodeMark.hole) !== 0)
      this.problems.push(...compared.problems.filter(({ code }) => code === 'source-unreadable'))
    const { path, ignore: above } = request
    const own = compared.ignore
    const ignore = own === undefined ? above : [...(above ?? []), { directory: path, text: own }]
    const known = new Map(node?.rows.map(row => [this.pairs.nameOf(row), row]))
    const cells = new EntryReader(compared.cells)
    let at = 0
    const names = compared.sides.length === 0 ? [] : (compared.names.split('/') as Name[])
    for (const [index, name] of names.entries()) {
      const sides = compared.sides[index] ?? 0
      const inReplica = (sides & SideBit.replica) !== 0
      const entry = (sides & SideBit.source) === 0 ? undefined : cells.read(at)
      if (entry !== undefined) at += cellsPerEntry
      const there = inReplica ? cells.read(at) : undefined
      if (inReplica) at += cellsPerEntry
      if (entry === undefined) continue
      const row = known.get(name)
      const before = row === undefined ? undefined : this.pairs.source(row)
      const action = actions[verdictAction(compared.verdicts[index] ?? 0)]
      // Equal files have no row in the walk, and one here only if they have several names.
      const isEqual = row === undefined && inReplica && (action === undefined || action === 'metadata')
      if (isEqual || (before !== undefined && isSameInode(before, entry))) continue
      const replicaPath = joinPath(request.replicaPath ?? request.path, name)
      const found = { ...entry, name, path: joinPath(request.path, name) }
      this.note(found, { inReplica: there?.kind === 'directory', replicaPath, ignore })
    }
  }

  private note(entry: NamedEntry, where: Pick<CompareRequest, 'inReplica' | 'replicaPath' | 'ignore'>): void {
    if (this.filter?.(entry) === false) return
    this.appeared.add(entry)
    if (entry.kind !== 'directory') return
    const request = { ...where, path: entry.path, inSource: true, listed: this.listed?.of(entry.path) }
    this.wanted.push({ request, node: undefined })
  }
}
