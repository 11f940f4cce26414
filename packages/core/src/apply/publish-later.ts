/**
 * What is to survive a power cut is brought to the storage before it gets its name, or the name could be kept and the
 * content lost. The files of a batch are staged, the file system is flushed once for all of them, and then they get
 * their names.
 *
 * A flush that failed is not tried again: the system counts what it could not write as written, so the next one would
 * succeed and prove nothing. All that the batch staged is dropped, and the run stops.
 *
 * What is staged takes room beside what it is to replace. Where there is none left, what is staged so far gets its names,
 * which lets go of the old content, and the row that failed is made once more.
 */
import { isFull } from '../model/errno.js'
import type { ApplyBatch } from '../model/jobs.js'
import { applyChange } from './apply-change.js'
import type { ApplyContext } from './context.js'
import { unflushed } from './failure.js'
import type { LinkTargets } from './link-targets.js'
import type { Results } from './results.js'
import type { ChangeToMake, Made } from './change-to-make.js'
import { stageAhead } from './stage.js'
import type { StagedTree } from './staged-trees.js'

interface StagedChange {
  readonly index: number
  readonly change: ChangeToMake
  readonly made: Made
}

export class PublishLater {
  private readonly context: ApplyContext
  private readonly stageOnly: boolean
  private readonly results: Results
  private readonly staged: StagedChange[] = []

  constructor(context: ApplyContext, { stageOnly }: ApplyBatch, results: Results) {
    this.context = context
    this.stageOnly = stageOnly
    this.results = results
  }

  /** Whether a change waits for the flush: what has content, and is not staged by an earlier batch. */
  takes({ action, source, staged }: ChangeToMake): boolean {
    if (this.stageOnly) return true
    if (this.context.settings.flush !== 'whole' || source?.kind === 'directory') return false
    const hasContent = action !== 'delete' && action !== 'metadata' && action !== 'rename'
    return hasContent && staged === undefined
  }

  *stage(index: number, change: ChangeToMake): Generator<void, Made> {
    const made = yield* stageAhead(this.context, change)
    this.staged.push({ index, change, made })
    return made
  }

  /** Whether what is staged could make room for what comes. */
  get canMakeRoom(): boolean {
    return this.staged.length > 0 && !this.stageOnly
  }

  /** Makes a change, and once more where there was no room before what is staged got its names. */
  *withRoom(linked: LinkTargets, make: () => Generator<void, Made>): Generator<void, Made> {
    try {
      return yield* make()
    } catch (error) {
      if (!isFull(error) || !this.flush([])) throw error
    }
    yield* this.publish(linked)
    return yield* make()
  }

  /** Returns false when nothing that is staged may get its name. */
  flush(trees: readonly StagedTree[]): boolean {
    const { context, results } = this
    const rows = [...this.staged, ...trees.flatMap(tree => tree.rows)].filter(({ index }) =>
      results.isDone(index),
    )
    const [first] = rows
    if (context.settings.flush !== 'whole' || first === undefined) return true
    let failure: unknown
    if (!results.isStopped && !context.isAborted()) {
      try {
        context.replica.tree.flush(context.staging().directory)
        return true
      } catch (error) {
        failure = error
      }
    }
    this.staged.length = 0
    for (const { index } of rows) results.undone(index, 'notReached')
    if (failure !== undefined) results.fail(first.index, first.change, unflushed(failure))
    return false
  }

  /** Gives what was staged by itself its name. */
  *publish(linked: LinkTargets): Generator<void> {
    if (this.stageOnly) return
    const { context, results } = this
    for (const { index, change, made } of this.staged.splice(0)) {
      if (context.isAborted() || results.isStopped) results.undone(index, 'notReached')
      else yield* results.attempt(index, change, publishStaged(context, linked.find(index, change), made))
      yield
    }
  }
}

function* publishStaged(context: ApplyContext, change: ChangeToMake, made: Made): Generator<void, Made> {
  const { stagedAt: staged, shortfall: _told, ...rest } = made
  const anew = yield* applyChange(context, { ...change, staged })
  // Where another file system is mounted, it was made anew.
  return anew.bytes > 0 || (anew.residuals ?? []).length > 0 ? anew : rest
}
