/** What became of each row of a batch. */
import { type AppliedBatch, type RowState, rowStates, type StagedAt } from '../model/jobs.js'
import { isWithin, type RelativePath } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import type { ResidualAttribute } from '../model/report.js'
import { isWorthAnotherTry, problemOf } from './failure.js'
import type { ChangeToMake, Made } from './change-to-make.js'
import { verbOf } from './verb.js'

/** What is told of a change that fails. */
type Told = Pick<ChangeToMake, 'action' | 'directory' | 'path' | 'source'>

export class Results {
  isStopped = false
  private readonly states: Uint8Array<ArrayBuffer>
  private readonly bytes: Float64Array<ArrayBuffer>
  private readonly digests: (string | undefined)[] = []
  private readonly problems: [number, Problem][] = []
  /** Where rows are staged that were not published yet. */
  private readonly staged = new Map<number, RelativePath>()
  private readonly residuals = new Map<number, readonly ResidualAttribute[]>()
  /** Directories that could not be made: what goes into them is not tried. */
  private readonly unmade: RelativePath[] = []
  /** Directories in which a deletion failed. */
  private readonly kept = new Set<RelativePath>()

  constructor(rows: number) {
    this.states = new Uint8Array(rows).fill(rowStates.indexOf('notReached'))
    this.bytes = new Float64Array(rows)
  }

  /** Makes a change and notes what became of it. */
  *attempt(
    index: number,
    change: ChangeToMake,
    making: Generator<void, Made> | (() => Made),
  ): Generator<void> {
    try {
      const made = typeof making === 'function' ? making() : yield* making
      this.set(index, 'done')
      this.bytes[index] = made.bytes
      if (made.digest !== undefined) this.digests[index] = made.digest
      // A row may be made twice: what was staged for it in vain does not count.
      this.residuals.delete(index)
      if (made.residuals !== undefined) this.residuals.set(index, made.residuals)
      this.staged.delete(index)
      if (made.stagedAt !== undefined) this.staged.set(index, made.stagedAt)
      if (made.shortfall !== undefined) {
        this.problems.push([index, problemOf(made.shortfall, change.path, verbOf(change.action))])
      }
    } catch (error) {
      this.fail(index, change, error)
    }
  }

  /** Notes that a change was made of which there is nothing to tell. */
  done(index: number): void {
    this.set(index, 'done')
  }

  fail(index: number, change: Told, error: unknown): void {
    const problem = problemOf(error, change.path, verbOf(change.action))
    this.undone(index, isWorthAnotherTry(error) ? 'again' : 'failed')
    this.problems.push([index, problem])
    if (problem.code === 'storage-failed') this.isStopped = true
    if (change.source?.kind === 'directory') this.unmade.push(change.path)
    if (change.action === 'delete') this.kept.add(change.directory)
  }

  /** Notes that a change is not made, whatever was staged for it. */
  undone(index: number, state: Exclude<RowState, 'done'>): void {
    this.set(index, state)
    this.bytes[index] = 0
    this.residuals.delete(index)
    this.staged.delete(index)
    if (this.digests[index] !== undefined) this.digests[index] = undefined
  }

  isDone(index: number): boolean {
    return this.states[index] === rowStates.indexOf('done')
  }

  stagedPath(index: number): RelativePath | undefined {
    return this.staged.get(index)
  }

  /** Whether a change depends on one that failed: in a directory that was not made, or of one that is not empty. */
  isHopeless({ action, directory, path }: Told): boolean {
    if (this.unmade.some(failed => isWithin(directory, failed))) return true
    if ((action !== 'delete' && action !== 'replace') || !this.kept.has(path)) return false
    this.kept.add(directory)
    return true
  }

  batch(): AppliedBatch {
    const { states, bytes, digests, problems } = this
    const staged: readonly StagedAt[] = [...this.staged]
    const residuals = [...this.residuals].flatMap(([index, each]) =>
      each.map(attribute => [index, attribute] as const),
    )
    return { states, bytes, digests, problems, staged, residuals }
  }

  private set(index: number, state: RowState): void {
    this.states[index] = rowStates.indexOf(state)
  }
}
