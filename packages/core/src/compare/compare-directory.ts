/**
 * The job that compares one directory: list both sides, look at each name of either, judge the pair.
 *
 * A side that could not be listed is never taken for empty: the directory is marked, and what depends on it is
 * left alone. Names that are left out of the mirror are dropped here, before anybody else hears of them. Equal pairs that
 * nobody else wants to see are only counted; who decides on hard links wants each name of a file that has several.
 */
import type { HashFactory } from '../hash/running-hash.js'
import type { ComparedDirectory, CompareRequest, NameSlice } from '../model/jobs.js'
import { NodeMark } from '../model/node-mark.js'
import { joinPath, type Name } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import { Tally } from '../model/tally.js'
import { holdingOfKind } from '../tree/capabilities.js'
import { judge, type Verdict } from './compare.js'
import { ComparedRows } from './compared-rows.js'
import { readXattrBits, withXattrs } from './compare-xattrs.js'
import { compareContent } from './content.js'
import { type Candidate, isDirectoryOf, isLeftOut, isStagedByAnother } from './left-out.js'
import { enterSides, type ListedNames, listNames, type ListingContext } from './list-names.js'
import { type DirectorySide, noNames } from './list-sides.js'
import { lookInReplica, lookInSource, Unseen } from './look.js'
import type { NameOnSides } from './match-names.js'
import { namesOf, NameSlices, sliceLength } from './name-slices.js'

export interface CompareContext extends ListingContext {
  /** Compares contents by this hash; undefined: by their bytes. */
  readonly hash: HashFactory | undefined
  /** Most names of a directory are left to others, where there are very many. */
  readonly sharesNames: boolean
}

/** Entries between two chances for others to run. */
const stride = 32

export function* compareDirectory(
  context: CompareContext,
  request: CompareRequest,
): Generator<void, ComparedDirectory> {
  const comparison = new DirectoryComparison(context, request)
  const others = new NameSlices(request)
  let looked = 0
  for (const each of yield* comparison.list()) {
    if (context.sharesNames && looked >= sliceLength) others.add(each)
    else {
      const content = comparison.lookAt(...each)
      if (content !== undefined) yield* content
    }
    if (++looked % stride === 0) yield
  }
  return comparison.result(others.all())
}

/** The job that compares what another one listed. */
export function* compareNames(context: CompareContext, slice: NameSlice): Generator<void, ComparedDirectory> {
  const comparison = new DirectoryComparison(context, slice)
  let looked = 0
  for (const each of yield* comparison.enter(slice)) {
    const content = comparison.lookAt(...each)
    if (content !== undefined) yield* content
    if (++looked % stride === 0) yield
  }
  return comparison.result([])
}

class DirectoryComparison {
  private readonly context: CompareContext
  private readonly request: CompareRequest
  private sourceSide: DirectorySide | undefined
  private replicaSide: DirectorySide | undefined
  private readonly rows = new ComparedRows()
  private readonly problems: Problem[] = []
  private readonly tally = new Tally()
  private unchanged = 0
  private marks: number = NodeMark.listed

  constructor(context: CompareContext, request: CompareRequest) {
    this.context = context
    this.request = request
  }

  /** Lists both sides: each name once, and which sides have it. */
  *list(): Generator<void, Iterable<NameOnSides>> {
    const { problems, tally } = this
    return this.take(yield* listNames(this.context, this.request, { problems, tally }))
  }

  /** Enters both sides once more, for names that were listed. */
  *enter(slice: NameSlice): Generator<void, Iterable<NameOnSides>> {
    const { problems, tally } = this
    const entered = yield* enterSides(this.context, this.request, { problems, tally }, noNames)
    return this.take({ ...entered, names: entered.isWhole ? namesOf(slice) : [] })
  }

  private take({ marks, source, replica, names }: ListedNames): Iterable<NameOnSides> {
    this.marks |= marks
    this.sourceSide = source
    this.replicaSide = replica
    return names
  }

  /** Looks at a name, and judges it; what is returned compares the contents, where those tell. */
  lookAt(name: Name, inSource: boolean, inReplica: boolean): Generator<void> | undefined {
    const path = joinPath(this.request.path, name)
    const { sourceSide, replicaSide } = this
    const replica =
      inReplica && replicaSide !== undefined ? lookInReplica(replicaSide, name, path) : undefined
    const source = inSource && sourceSide !== undefined ? lookInSource(sourceSide, name, path) : undefined
    if (replica instanceof Unseen) this.noteUnseen(replica)
    if (source instanceof Unseen) this.noteUnseen(source)
    if (source instanceof Unseen || replica instanceof Unseen) return undefined
    const pair: Candidate = { name, path, source, replica }
    // What is left out is looked at too: excluding the other root does not keep it apart.
    this.markOtherRoot(pair)
    if (isStagedByAnother(this.context.roots, pair, this.replicaSide)) return undefined
    if (!isLeftOut(this.context, pair, this.sourceSide, this.problems)) return this.judgePair(pair)
    if (replica === undefined) return undefined
    if (this.context.settings.deleteExcluded) return this.judgePair({ ...pair, source: undefined })
    this.marks |= NodeMark.protects
    return undefined
  }

  private judgePair(pair: Candidate): Generator<void> | undefined {
    const { source, replica, path } = pair
    if (source === undefined && replica === undefined) return undefined
    const { settings, can } = this.context
    const judged = judge(source, replica, can, settings.content === 'metadata')
    const isCreated = source === undefined || holdingOfKind(can, source.kind) === 'held'
    const verdict = isCreated ? this.withXattrs(pair, judged) : judged
    for (const attribute of verdict.residuals) this.tally.add(attribute, path)
    // What is not created leaves whatever the replica has at the name, with all below it.
    if (!isCreated) {
      this.rows.add({ ...pair, replica: undefined }, verdict, false)
      return undefined
    }
    const bothFiles = source?.kind === 'file' && replica?.kind === 'file'
    const asks =
      bothFiles && (settings.content === 'ask-all' || (settings.content === 'ask' && verdict.contentOpen))
    if (verdict.contentOpen && !asks) return this.judgeContent(pair, verdict)
    this.keep(pair, verdict, asks)
    return undefined
  }

  private *judgeContent(pair: Candidate, verdict: Verdict): Generator<void> {
    const difference = yield* this.compareOpenContent(pair)
    if (difference === undefined) return
    const action = difference === 0 ? verdict.action : 'update'
    this.keep(pair, { ...verdict, action, reasonBits: verdict.reasonBits | difference }, false)
  }

  /** Counts what nobody has to see, and makes a row of the rest. */
  private keep(pair: Candidate, verdict: Verdict, asks: boolean): void {
    const { source, replica } = pair
    const { settings, can } = this.context
    const isDirectory = source?.kind === 'directory' || replica?.kind === 'directory'
    const isLinked = can.hardLinks !== 'unwanted' && ((source?.links ?? 0) > 1 || (replica?.links ?? 0) > 1)
    const isEqual = verdict.action === undefined && !asks
    if (isEqual && !isDirectory && !isLinked && !settings.wantAll) this.unchanged += 1
    else this.rows.add(pair, verdict, asks)
  }

  private withXattrs(pair: Candidate, verdict: Verdict): Verdict {
    const { can } = this.context
    const { source, replica } = pair
    if (!can.readsXattrs || source === undefined || this.sourceSide === undefined) return verdict
    const staysThere = replica?.kind === source.kind && (verdict.action ?? 'metadata') === 'metadata'
    const isCopied = !staysThere && source.kind === 'file' && source.links === 1
    if (isCopied && this.context.settings.copiesTell) return verdict
    const there = staysThere ? this.replicaSide : undefined
    const bits = readXattrBits(pair.name, pair.path, this.sourceSide, there, can.xattrs)
    if (typeof bits === 'number') return withXattrs(verdict, bits, replica, can)
    this.problems.push(bits)
    // Law L1: what could not be read withholds the deletions of the whole run.
    if (bits.code === 'source-unreadable') this.marks |= NodeMark.unreadContent
    return verdict
  }

  /** Undefined when the source could not be read, which is then among the problems. */
  private *compareOpenContent(pair: Candidate): Generator<void, number | undefined> {
    const { sourceSide, replicaSide } = this
    if (pair.source === undefined || sourceSide === undefined || replicaSide === undefined) return 0
    const difference = yield* compareContent({
      source: sourceSide,
      replica: replicaSide,
      name: pair.name,
      path: pair.path,
      entry: pair.source,
      hash: this.context.hash,
    })
    if (typeof difference === 'number') return difference
    this.problems.push(difference)
    // Law L1: what could not be read withholds the deletions of the whole run.
    if (difference.code === 'source-unreadable') this.marks |= NodeMark.unreadContent
    return undefined
  }

  /** Bind mounts can put one root inside the other without any path that shows it. */
  private markOtherRoot({ source, replica }: Candidate): void {
    const { replicaIdentity, sourceIdentity } = this.context.roots
    if (isDirectoryOf(source, replicaIdentity) || isDirectoryOf(replica, sourceIdentity)) {
      this.marks |= NodeMark.otherRoot
    }
  }

  private noteUnseen({ problem, marks }: Unseen): void {
    this.marks |= marks
    this.problems.push(problem)
  }

  result(more: readonly NameSlice[]): ComparedDirectory {
    return {
      ...this.rows.toColumns(),
      unchanged: this.unchanged,
      marks: this.marks,
      problems: this.problems,
      residuals: this.tally.list(),
      more,
    }
  }
}
