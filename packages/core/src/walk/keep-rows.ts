/**
 * Keeps what was found in compared directories: rows of pairs that somebody has to look at, marks, problems and counts.
 * What the caller's own functions judge is judged here.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { actions, anewBit, attributeReasons, reasonBit, unheldXattrsBit } from '../model/change.js'
import { cellsPerEntry } from '../model/entry-cells.js'
import { SyncError } from '../model/errors.js'
import { type ComparedDirectory, SideBit, verdictAction, verdictAsks, verdictReasons } from '../model/jobs.js'
import { NodeMark } from '../model/node-mark.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import { absent } from '../model/side-column.js'
import { Tally } from '../model/tally.js'
import type { WalkInput } from './walk-input.js'

/** The caller's event loop gets a turn after as many rows of one directory. */
const rowsBetweenBreaths = 4096

type KeeperInput = Pick<
  WalkInput,
  'filter' | 'deleteExcluded' | 'isSameContent' | 'signal' | 'onProblem' | 'onCompared'
>

export class RowKeeper {
  readonly problems: Problem[] = []
  readonly residuals: Tally = new Tally()
  unchanged = 0
  hasHoles = false
  meetsOtherRoot: RelativePath | undefined
  private readonly pairs: PairTable
  private readonly input: KeeperInput

  constructor(pairs: PairTable, input: KeeperInput) {
    this.pairs = pairs
    this.input = input
  }

  /** Tells of each row that is kept, in the order they were listed. */
  async take(
    node: DirectoryNode,
    path: RelativePath,
    compared: ComparedDirectory,
    kept: (row: number, name: Name) => void,
  ): Promise<void> {
    this.note(node, path, compared)
    await this.keep(node, path, compared, kept)
  }

  private note(node: DirectoryNode, path: RelativePath, compared: ComparedDirectory): void {
    node.marks |= compared.marks
    this.unchanged += compared.unchanged
    this.hasHoles ||= (compared.marks & (NodeMark.hole | NodeMark.unreadContent)) !== 0
    if ((compared.marks & NodeMark.otherRoot) !== 0) this.meetsOtherRoot ??= path
    for (const found of compared.problems) {
      if (found.code === 'storage-failed') throw new SyncError('storage-failed', 11, found.message)
      this.problems.push(found)
      this.input.onProblem(found)
    }
    this.residuals.addAll(compared.residuals)
    this.input.onCompared(compared.unchanged + compared.sides.length)
  }

  private async keep(
    node: DirectoryNode,
    path: RelativePath,
    compared: ComparedDirectory,
    kept: (row: number, name: Name) => void,
  ): Promise<void> {
    const names = compared.sides.length === 0 ? [] : (compared.names.split('/') as Name[])
    let at = this.pairs.addEntries(compared.cells)
    for (const [index, name] of names.entries()) {
      if (index % rowsBetweenBreaths === rowsBetweenBreaths - 1) {
        await breathe()
        this.input.signal.throwIfAborted()
      }
      const sides = compared.sides[index] ?? 0
      const verdict = compared.verdicts[index] ?? 0
      const sourceAt = (sides & SideBit.source) === 0 ? absent : at
      if (sourceAt !== absent) at += cellsPerEntry
      const replicaAt = (sides & SideBit.replica) === 0 ? absent : at
      if (replicaAt !== absent) at += cellsPerEntry
      const row = this.pairs.add(node, {
        name,
        action: actions[verdictAction(verdict)],
        reasonBits: verdictReasons(verdict),
        sourceAt,
        replicaAt,
      })
      if (this.input.filter !== undefined && !this.passesFilter(node, row, path)) continue
      if (verdictAsks(verdict)) {
        this.input.signal.throwIfAborted()
        await this.judgeContent(row, path)
      }
      kept(row, name)
    }
  }

  /** Treats what the caller's filter refuses like what is excluded. */
  private passesFilter(node: DirectoryNode, row: number, parent: RelativePath): boolean {
    const { pairs, input } = this
    const entry = pairs.source(row) ?? pairs.replica(row)
    const name = pairs.nameOf(row)
    if (entry === undefined) return false
    if (input.filter?.({ ...entry, name, path: joinPath(parent, name) }) !== false) return true
    pairs.dropSource(row)
    if (pairs.hasReplica(row) && input.deleteExcluded) {
      pairs.setVerdict(row, 'delete', reasonBit('extraneous'))
      return true
    }
    if (pairs.hasReplica(row)) node.marks |= NodeMark.protects
    pairs.dropLast(row)
    return false
  }

  private async judgeContent(row: number, parent: RelativePath): Promise<void> {
    const { pairs, input } = this
    const source = pairs.source(row)
    const replica = pairs.replica(row)
    if (source === undefined || replica === undefined || input.isSameContent === undefined) return
    if (await input.isSameContent(source, replica, joinPath(parent, pairs.nameOf(row)))) {
      // Equal by the caller's own judgement, so a size or time that says otherwise is not a reason to copy.
      const known = pairs.reasonBits(row)
      const bits = known & attributeReasons
      const action = (known & anewBit) !== 0 ? 'update' : bits === 0 ? undefined : 'metadata'
      pairs.setVerdict(row, action, bits | (known & (unheldXattrsBit | anewBit)))
    } else {
      pairs.setVerdict(row, 'update', pairs.reasonBits(row) | reasonBit('content'))
    }
  }
}
