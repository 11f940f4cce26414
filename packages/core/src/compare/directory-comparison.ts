/**
 * One directory, compared: looks at each name of either side, and judges the pair.
 *
 * A side that could not be listed is never taken for empty: the directory is marked, and what depends on it is
 * left alone. Names that are left out of the mirror are dropped here, before anybody else hears of them. Equal pairs that
 * nobody else wants to see are only counted; who decides on hard links wants each name of a file that has several.
 */
import type { Entry } from '../model/entry.js'
import type { HashFactory } from '../hash/running-hash.js'
import type { ComparedDirectory, CompareRequest, NameSlice } from '../model/jobs.js'
import { NodeMark } from '../model/node-mark.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import { Tally } from '../model/tally.js'
import { holdingOfKind } from '../tree/capabilities.js'
import { judge, type Verdict } from './compare.js'
import { ComparedRows } from './compared-rows.js'
import { readXattrBits, withXattrs } from './compare-xattrs.js'
import { compareContent } from './content.js'
import { followed } from './follow-links.js'
import { type Candidate, isDirectoryOf, isLeftOut, isStagedByAnother } from './left-out.js'
import { type IgnoreRules } from './ignore-rules.js'
import { enterSides, type ListedNames, listNames, type ListingContext } from './list-names.js'
import { NamesOnWay } from './listed-names.js'
import { type DirectorySide, noNames } from './list-sides.js'
import { lookInReplica, lookInSource, Unseen } from './look.js'
import type { NameOnSides } from './match-names.js'
import type { RememberedFiles } from './remembered-files.js'
import { namesOf } from './name-slices.js'
import { trustsTime } from './trusts-time.js'

export interface CompareContext extends ListingContext {
  /** Compares contents by this hash; undefined: by their bytes. */
  readonly hash: HashFactory | undefined
  /** Most names of a directory are left to others, where there are very many. */
  readonly sharesNames: boolean
  readonly ignore: IgnoreRules | undefined
  /** What is remembered of the contents of a directory; undefined: all are read. */
  readonly remembered?: ((request: CompareRequest) => RememberedFiles) | undefined
}

export class DirectoryComparison {
  private readonly context: CompareContext
  private readonly request: CompareRequest
  private sourceSide: DirectorySide | undefined
  private replicaSide: DirectorySide | undefined
  private readonly rows = new ComparedRows()
  private readonly problems: Problem[] = []
  private readonly tally = new Tally()
  private readonly onWay: NamesOnWay | undefined
  private unchanged = 0
  private marks: number = NodeMark.listed
  private readonly remembered: RememberedFiles | undefined

  constructor(context: CompareContext, request: CompareRequest) {
    this.context = context
    this.request = request
    this.onWay = request.listed === undefined ? undefined : new NamesOnWay(request.listed)
    this.remembered = context.remembered?.(request)
  }

  /** Lists both sides: each name once, and which sides have it. */
  *list(): Generator<void, Iterable<NameOnSides>> {
    const { problems, tally } = this
    const { context, request, onWay } = this
    const notes = { problems, tally }
    return this.take(
      yield* onWay === undefined ? listNames(context, request, notes) : onWay.enter(context, request, notes),
    )
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
    const source =
      inSource && sourceSide !== undefined ? this.lookInSource(sourceSide, name, path) : undefined
    if (this.onWay?.isMissing(name, source) === true) return undefined
    if (replica instanceof Unseen) this.noteUnseen(replica)
    if (source instanceof Unseen) this.noteUnseen(source)
    if (source instanceof Unseen || replica instanceof Unseen) return undefined
    const pair: Candidate = { name, path, source, replica }
    // What is left out is looked at too: excluding the other root does not keep it apart.
    this.markOtherRoot(pair)
    if (isStagedByAnother(this.context.roots, pair, this.replicaSide)) return undefined
    if (!isLeftOut(this.context, pair, this.sourceSide, this.problems)) return this.judgePair(pair)
    if (replica === undefined) return undefined
    if (this.context.settings.deleteExcluded && this.onWay?.isOnlyOnWay(name) !== true)
      return this.judgePair({ ...pair, source: undefined })
    this.marks |= NodeMark.protects
    return undefined
  }

  private lookInSource(side: DirectorySide, name: Name, path: RelativePath): Entry | Unseen {
    const found = lookInSource(side, name, path)
    if (this.context.settings.links !== 'follow' || found instanceof Unseen) return found
    return followed(this.context, side, { name, path, found })
  }

  private judgePair(pair: Candidate): Generator<void> | undefined {
    const { source, replica, path } = pair
    if (source === undefined && replica === undefined) return undefined
    const { settings, can } = this.context
    const judged = judge(source, replica, can, trustsTime(this.context, this.request, source))
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
    if (verdict.contentOpen && !asks && this.remembered?.isUnchanged(pair) !== true)
      return this.judgeContent(pair, verdict)
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
    const question = {
      source: sourceSide,
      replica: replicaSide,
      name: pair.name,
      path: pair.path,
      entry: pair.source,
      hash: this.context.hash,
    }
    const { remembered, problems } = this
    const difference = yield* remembered?.compare(question, pair.replica, problems) ??
      compareContent(question)
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
      ignore: undefined,
      missing: this.onWay?.missing,
      ...this.remembered?.result(),
    }
  }
}
