/**
 * What became of each row so far, and what follows from it for the others.
 */
import type { OutcomeStatus } from '../model/events.js'
import { type DirectoryNode, type PairTable } from '../model/pairs.js'
import type { RelativePath } from '../model/path.js'
import type { Plan } from '../model/plan.js'
import type { Problem } from '../model/problem.js'
import type { Execution } from './execution.js'

export interface Settlement {
  readonly bytes: number
  readonly problem?: Problem | undefined
  readonly digest?: string | undefined
}

export interface StagedAhead {
  readonly path: RelativePath
  readonly problem: Problem | undefined
  readonly bytes: number
  readonly digest: string | undefined
}

export class Ledger {
  /** Existing directories in which something was changed, or tried, and directories that were made. */
  readonly touched: Set<DirectoryNode> = new Set<DirectoryNode>()
  /** Directories that are gone. */
  readonly removed: Set<DirectoryNode> = new Set<DirectoryNode>()
  /** Rows whose change the caller was asked about already. */
  readonly asked: Set<number> = new Set()
  /** Directories whose removal the caller vetoed, or whose successor could not be made. */
  readonly spared: Set<DirectoryNode> = new Set()
  /** What takes the place of a directory that holds something, made before anything of it is removed. */
  readonly staged: Map<number, StagedAhead> = new Map()
  /** Rows of which the outcome is told before their turn. */
  readonly settledAhead: Set<number> = new Set()
  /** What was made, or given its attributes, that others are linked to. */
  readonly made: Set<number> = new Set()
  /** Rows that were copied, by what they were to be linked to, which was not made. */
  readonly heirs: Map<number, number> = new Map()
  /** A source entry could not be read while it was copied. */
  sourceUnread = false
  /** A directory cannot be renamed as a whole: all is to be planned anew, without that. */
  isUnmovable = false
  /** A storage failure, or an error that is nobody's row's, ended the run. */
  isStopped = false
  /** Directories in which something stays that was to be deleted: they stay too, and trying would only say so. */
  private readonly kept = new Set<DirectoryNode>()
  private readonly unmade = new Map<DirectoryNode, OutcomeStatus>()
  private readonly input: Execution
  private readonly plan: Plan
  private readonly pairs: PairTable
  private removalsWithheld = false

  constructor(input: Execution) {
    this.input = input
    this.plan = input.plan
    this.pairs = input.plan.pairs
  }

  withholdRemovals(): void {
    this.removalsWithheld = true
  }

  /** How a row is settled without being tried; undefined when it is to be tried. */
  prejudge(row: number): OutcomeStatus | undefined {
    if (this.plan.withholding(row) !== undefined) return 'withheld'
    const action = this.pairs.action(row)
    const isRemoval =
      action === 'delete' || (action === 'replace' && this.pairs.nodeOf(row)?.inReplica === true)
    if (isRemoval && this.removalsWithheld) return 'withheld'
    const node = this.pairs.nodeOf(row)
    if (isRemoval && this.isSpared(row)) return 'skipped'
    if (isRemoval && node !== undefined && this.kept.has(node)) return 'skipped'
    const directory = this.pairs.directoryOf(row)
    return directory === undefined || !this.unmade.has(directory) ? undefined : 'skipped'
  }

  private isSpared(row: number): boolean {
    if (this.spared.size === 0) return false
    let node = this.pairs.nodeOf(row) ?? this.pairs.directoryOf(row)
    while (node !== undefined && !this.spared.has(node)) node = node.parent
    return node !== undefined
  }

  /** Notes that a row is about to be tried. */
  touch(row: number): void {
    const directory = this.pairs.directoryOf(row)
    if (directory !== undefined) this.touched.add(directory)
    const left = this.oldDirectoryOf(row)
    if (left !== undefined) this.touched.add(left)
    const node = this.pairs.nodeOf(row)
    if (node?.inSource === true) this.touched.add(node)
  }

  /** The directory that what a row stands for is moved out of. */
  private oldDirectoryOf(row: number): DirectoryNode | undefined {
    const { files, directories } = this.plan.moves
    const old = files.get(row)?.from
    return old === undefined ? directories.get(row)?.from : this.pairs.directoryOf(old)
  }

  /** Notes that a row was not tried after all: a directory it was to make is not there to be finished. */
  notReached(row: number): void {
    const node = this.pairs.nodeOf(row)
    if (node?.inSource === true && this.pairs.action(row) !== 'metadata') this.touched.delete(node)
  }

  /** Notes what became of a row, before the rows that depend on it are tried. */
  note(row: number, status: OutcomeStatus, problem: Problem | undefined): void {
    const node = this.pairs.nodeOf(row)
    const action = this.pairs.action(row)
    if (node !== undefined && status !== 'done' && node.inSource && action !== 'metadata') {
      this.unmade.set(node, status)
      this.touched.delete(node)
    }
    if (
      node !== undefined &&
      status === 'done' &&
      node.inReplica &&
      (action === 'delete' || action === 'replace')
    ) {
      this.removed.add(node)
    }
    if (status === 'done' && this.plan.links.names.has(row)) this.made.add(row)
    const leader = this.plan.links.to.get(row)
    if (status === 'done' && leader !== undefined && !this.made.has(leader)) this.heirs.set(leader, row)
    const directory = this.pairs.directoryOf(row)
    if (action === 'delete' && status !== 'done' && directory !== undefined) this.kept.add(directory)
    const left = status === 'done' ? undefined : this.oldDirectoryOf(row)
    if (left !== undefined) this.kept.add(left)
    if (problem?.errno === 'EXDEV' && this.plan.moves.directories.has(row)) this.isUnmovable = true
    if (problem?.code === 'source-unreadable') this.sourceUnread = true
    if (problem?.code === 'storage-failed') this.isStopped = true
  }

  /** Counts what became of a row, and tells it; what is returned is waited for only when somebody listens. */
  settle(row: number, status: OutcomeStatus, settlement: Settlement): Promise<void> | undefined {
    const { input } = this
    input.onSettled(row, status, settlement.bytes)
    if (settlement.problem !== undefined) input.onProblem(settlement.problem)
    // What is not copied counts as settled too, or progress would never reach its total.
    input.progress.add(1, status === 'done' ? settlement.bytes : this.plan.bytesOf(row))
    return input.onOutcome === undefined ? undefined : this.tell(row, status, settlement, input.onOutcome)
  }

  private async tell(
    row: number,
    status: OutcomeStatus,
    settlement: Settlement,
    onOutcome: NonNullable<Execution['onOutcome']>,
  ): Promise<void> {
    const { input, plan } = this
    const { bytes, problem } = settlement
    const planned = plan.changeOf(row)
    const change =
      status === 'withheld' ? { ...planned, withheld: planned.withheld ?? 'source not wholly read' } : planned
    const digest =
      status === 'done' &&
      input.digestOf !== undefined &&
      change.kind === 'file' &&
      change.action !== 'delete'
        ? await input.digestOf(change)
        : settlement.digest
    await onOutcome({ change, status, problem, bytes, digest })
  }

  touchRoot(): void {
    const root = this.pairs.nodeOf(0)
    if (root !== undefined) this.touched.add(root)
  }
}
