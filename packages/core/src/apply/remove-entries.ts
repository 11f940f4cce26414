/**
 * The job of a batch that only deletes, which a plan has many rows of and little to do for each: look once more, and
 * unlink. A directory of the batch is entered once, and nothing is made for a row that goes well.
 *
 * A failure is one row's, as everywhere; the directory that it leaves something in is not tried.
 */
import { actions } from '../model/change.js'
import { cellsPerEntry, EntryReader } from '../model/entry-cells.js'
import type { AppliedBatch, ApplyBatch } from '../model/jobs.js'
import { joinPath, type Name, type RelativePath } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { enterReplica } from './enter-replica.js'
import { removeEntry } from './remove-entry.js'
import { Results } from './results.js'

const deletion = actions.indexOf('delete')

/** Rows between two chances for others to run. */
const stride = 16

/** Whether all that a batch does is to delete. */
export function onlyDeletes(batch: ApplyBatch): boolean {
  return batch.actions.every(action => action === deletion)
}

export function* removeEntries(context: ApplyContext, batch: ApplyBatch): Generator<void, AppliedBatch> {
  const results = new Results(batch.actions.length)
  const removal = new Removal(context, batch, results)
  let row = 0
  for (const [which, directory] of batch.directories.entries()) {
    removal.begin(directory)
    for (const end = row + (batch.counts[which] ?? 0); row < end; row++) {
      if (context.isAborted() || results.isStopped) return results.batch()
      removal.remove(row)
      if (row % stride === stride - 1) yield
    }
  }
  return results.batch()
}

class Removal {
  private readonly context: ApplyContext
  private readonly results: Results
  private readonly names: readonly Name[]
  private readonly planned: EntryReader
  private readonly more: ReadonlyMap<number, number>
  private directory: RelativePath = ''
  private held: Directory | undefined

  constructor(context: ApplyContext, { names, cells, moreNames }: ApplyBatch, results: Results) {
    this.context = context
    this.results = results
    this.names = names.split('/') as Name[]
    this.planned = new EntryReader(cells)
    this.more = new Map(moreNames)
  }

  begin(directory: RelativePath): void {
    this.directory = directory
    this.held = undefined
  }

  remove(row: number): void {
    const name = this.names[row] as Name
    const planned = this.planned.read(row * cellsPerEntry)
    if (planned.kind === 'directory' && this.results.isHopeless(this.change(name))) {
      this.results.undone(row, 'skipped')
      return
    }
    try {
      removeEntry(this.context, this.enter(), { name, replica: planned, moreNames: this.more.get(row) })
      this.results.done(row)
    } catch (error) {
      this.results.fail(row, this.change(name), error)
    }
  }

  /** What is held by path may be another directory by now: it is entered anew for each row. */
  private enter(): Directory {
    const { context, directory } = this
    if (this.held === undefined || context.replica.tree.way === 'paths')
      this.held = enterReplica(context, directory)
    return this.held
  }

  private change(name: Name): Parameters<Results['fail']>[1] {
    const { directory } = this
    return { action: 'delete', directory, path: joinPath(directory, name), source: undefined }
  }
}
