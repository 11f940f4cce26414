/**
 * The job that makes a batch of changes, directory by directory, in the order given.
 *
 * A failure is one row's: it is classed, told, and the next row is done. Only a storage failure, which would
 * repeat itself for each row, and an abort end the batch early.
 */
import { type Action, actions } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import { cellsPerEntry, readEntry } from '../model/entry-cells.js'
import { type AppliedBatch, type ApplyBatch, type RowState, rowStates, SideBit } from '../model/jobs.js'
import { joinPath, type Name } from '../model/path.js'
import type { Problem } from '../model/problem.js'
import { applyChange, type ChangeToMake, type Made } from './apply-change.js'
import type { ApplyContext } from './context.js'
import { isWorthAnotherTry, problemOf } from './failure.js'
import { verbOf } from './verb.js'

export function* applyChanges(context: ApplyContext, batch: ApplyBatch): Generator<void, AppliedBatch> {
  const results = new Results(batch.actions.length)
  for (const [index, change] of decode(batch)) {
    if (context.isAborted() || results.isStopped) break
    try {
      results.done(index, yield* applyChange(context, change))
    } catch (error) {
      const problem = problemOf(error, change.path, verbOf(change.action))
      results.failed(index, problem, isWorthAnotherTry(error))
    }
    yield
  }
  return results.batch()
}

function* decode(batch: ApplyBatch): Generator<readonly [index: number, change: ChangeToMake]> {
  const names = batch.names.split('/') as Name[]
  let index = 0
  let at = 0
  const next = (sides: number, bit: number): Entry | undefined => {
    if ((sides & bit) === 0) return undefined
    at += cellsPerEntry
    return readEntry(batch.cells, at - cellsPerEntry)
  }
  for (const [which, directory] of batch.directories.entries()) {
    const end = index + (batch.counts[which] ?? 0)
    for (; index < end; index++) {
      const name = names[index] as Name
      const sides = batch.sides[index] ?? 0
      const source = next(sides, SideBit.source)
      const replica = next(sides, SideBit.replica)
      const action = actions[batch.actions[index] ?? 0] as Action
      yield [index, { action, directory, name, path: joinPath(directory, name), source, replica }]
    }
  }
}

class Results {
  isStopped = false
  private readonly states: Uint8Array<ArrayBuffer>
  private readonly bytes: Float64Array<ArrayBuffer>
  private readonly digests: (string | undefined)[] = []
  private readonly problems: [number, Problem][] = []

  constructor(rows: number) {
    this.states = new Uint8Array(rows).fill(rowStates.indexOf('notReached'))
    this.bytes = new Float64Array(rows)
  }

  done(index: number, made: Made): void {
    this.set(index, 'done')
    this.bytes[index] = made.bytes
    if (made.digest !== undefined) this.digests[index] = made.digest
  }

  failed(index: number, problem: Problem, again: boolean): void {
    this.set(index, again ? 'again' : 'failed')
    this.problems.push([index, problem])
    if (problem.code === 'storage-failed') this.isStopped = true
  }

  batch(): AppliedBatch {
    const { states, bytes, digests, problems } = this
    return { states, bytes, digests, problems }
  }

  private set(index: number, state: RowState): void {
    this.states[index] = rowStates.indexOf(state)
  }
}
