/**
 * Files that are not read again: where both sides are what they were when their contents were last found equal, they
 * still are. And files that rot: where one was read all the same, and holds something else than it did while nothing
 * says that it was changed.
 *
 * INVARIANT: what is remembered skips reading, and keeps a copy from being overwritten. It is never a reason to copy or to delete.
 */
import type { HashFactory } from '../hash/running-hash.js'
import { reasonBit } from '../model/change.js'
import type { ContentSetup } from '../model/content-setup.js'
import type { Entry } from '../model/entry.js'
import type { CompareRequest, ComparedContents } from '../model/jobs.js'
import type { Name } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { isInTurn } from '../model/scrub.js'
import { type Likeness, NewRecords, RememberedDirectory } from '../tree/content-records.js'
import type { ContentQuestion, OpenPair, shown, withBoth } from './content.js'
import type { Candidate } from './left-out.js'
import { type ReadBoth, readBoth } from './read-both.js'

/** A file that is nothing but holes to this extent is compared without reading them, and not remembered. */
const mostHoles = 1 << 30

/** Handed over, as they are loaded by then: whoever remembers nothing loads no file for this one's sake. */
export interface ReadingTools {
  readonly shown: typeof shown
  readonly withBoth: typeof withBoth
}

const unlike: Likeness = { source: false, replica: false }

export class RememberedFiles {
  private readonly setup: ContentSetup
  private readonly hash: HashFactory
  private readonly before: RememberedDirectory | undefined
  private readonly kept: number[] = []
  private readonly fresh = new NewRecords()
  private byName: Map<Name, number> | undefined
  private next = 0
  private readonly tools: ReadingTools

  constructor(
    setup: ContentSetup,
    hash: HashFactory,
    tools: ReadingTools,
    { contentsAt }: Pick<CompareRequest, 'contentsAt'>,
  ) {
    this.setup = setup
    this.hash = hash
    this.tools = tools
    const { memory } = setup
    this.before =
      memory === undefined || contentsAt === undefined
        ? undefined
        : new RememberedDirectory(memory, contentsAt)
  }

  /** Whether both sides are what they were, and it is not their turn to be read. */
  isUnchanged({ name, path, source, replica }: Candidate): boolean {
    const index = this.indexOf(name)
    if (index === undefined || source === undefined || replica === undefined) return false
    const like = this.likeness(index, source, replica)
    if (!like.source || !like.replica || this.before?.isRotten(index) === true) return false
    if (this.setup.scrub !== undefined && isInTurn(path, this.setup.scrub)) return false
    this.kept.push(index)
    return true
  }

  /**
   * Reads and compares; undefined where that is done better by who remembers nothing.
   *
   * @returns a reason bit when they differ, 0 when not, or what is wrong with the source
   */
  compare(
    question: ContentQuestion,
    replica: Entry | undefined,
    problems: Problem[],
  ): Generator<void, number | Problem> | undefined {
    const { entry } = question
    if (entry.kind !== 'file' || replica?.kind !== 'file' || !this.isOfRoots(entry, replica)) return undefined
    if (entry.size - entry.allocated > mostHoles) return undefined
    return this.read(question, replica, problems)
  }

  private *read(
    question: ContentQuestion,
    replica: Entry,
    problems: Problem[],
  ): Generator<void, number | Problem> {
    const { entry, name } = question
    const index = this.indexOf(name)
    const like = index === undefined ? unlike : this.likeness(index, entry, replica)
    const found = yield* this.tools.withBoth(question, pair => this.readPair(pair, entry, like))
    // What could not be read, or only in the replica, says nothing of what is remembered.
    if (typeof found !== 'object' || 'code' in found) return found
    const { isSame, source: inSource, replica: inReplica } = found
    if (index === undefined || this.before === undefined || (!like.source && !like.replica))
      return this.judge(question, replica, found)
    const then = this.before.digest(index)
    const sourceRots = like.source && inSource !== then
    const replicaRots = like.replica && inReplica !== then
    const wasRotten = this.before.isRotten(index)
    if (!sourceRots && !replicaRots && isSame && like.source && like.replica && !wasRotten) {
      this.kept.push(index)
      return 0
    }
    if (replicaRots)
      problems.push(
        this.rot('replica', question, sourceRots ? bothKept : 'the source has it whole: it is copied anew'),
      )
    if (!sourceRots) return this.judge(question, replica, found)
    // INVARIANT: remembered on, whatever became of the replica's side: what is forgotten would be copied by the next run.
    if (wasRotten) this.kept.push(index)
    else this.fresh.addRotten(name, this.before, index)
    return this.rot('source', question, replicaRots || isSame ? bothKept : 'the copy in the replica is kept')
  }

  private *readPair(
    { source, replica }: OpenPair,
    { size }: Entry,
    like: Likeness,
  ): Generator<void, ReadBoth> {
    const { hash } = this
    const { comparesByHash } = this.setup
    return yield* readBoth({
      source,
      replica,
      size,
      hash,
      comparesByHash,
      wantsBoth: like.source || like.replica,
    })
  }

  private judge({ name, entry }: ContentQuestion, replica: Entry, { isSame, source }: ReadBoth): number {
    if (!isSame || source === undefined) return reasonBit('content')
    const { recentNs } = this.setup
    const isRecent = [entry, replica].some(
      ({ mtimeNs, ctimeNs }) => mtimeNs >= recentNs || ctimeNs >= recentNs,
    )
    if (!isRecent) this.fresh.add(name, entry, replica, source)
    return 0
  }

  result(): ComparedContents {
    const fresh = this.fresh.take()
    return { kept: Uint32Array.from(this.kept), freshNames: fresh?.names, freshCells: fresh?.cells }
  }

  private rot(side: 'source' | 'replica', { path }: ContentQuestion, what: string): Problem {
    const where = side === 'source' ? 'in the source' : 'in the replica'
    const message = `${this.tools.shown(path)} ${where} holds other bytes than when it was last read, though its size and times did not change: ${what}`
    return problem('rot', side, path, message)
  }

  private likeness(index: number, source: Entry, replica: Entry): Likeness {
    if (!this.isOfRoots(source, replica)) return unlike
    return this.before?.compare(index, source, replica) ?? unlike
  }

  private isOfRoots(source: Entry, replica: Entry): boolean {
    return source.device === this.setup.sourceDevice && replica.device === this.setup.replicaDevice
  }

  /** Names come in the order they had, most often. */
  private indexOf(name: Name): number | undefined {
    const names = this.before?.names
    if (names === undefined) return undefined
    if (names[this.next] === name) return this.next++
    this.byName ??= new Map(names.map((each, index) => [each, index]))
    const index = this.byName.get(name)
    if (index !== undefined) this.next = index + 1
    return index
  }
}

const bothKept = 'it is not known which side is good: both are kept'
