/**
 * The job that gives directories their attributes, when everything in them is done: owner, mode, and the time,
 * which every change inside has moved. Done after a failure and after an abort too.
 */
import { cellsPerEntry, EntryReader } from '../model/entry-cells.js'
import { errnoOf } from '../model/errno.js'
import { type AppliedBatch, type FinishBatch, rowStates } from '../model/jobs.js'
import type { Problem } from '../model/problem.js'
import { attainable, dress } from '../tree/attributes.js'
import type { ApplyContext } from './context.js'
import { ChangeFailure, problemOf } from './failure.js'

/** Who removed it meanwhile changed the replica: nothing failed. */
function ofGone(error: unknown): unknown {
  if (errnoOf(error) !== 'ENOENT') return error
  return new ChangeFailure('replica', 'changed', 'is no longer in the replica')
}

export function* finishDirectories(context: ApplyContext, batch: FinishBatch): Generator<void, AppliedBatch> {
  const { replica, rights } = context
  const states = new Uint8Array(batch.directories.length).fill(rowStates.indexOf('done'))
  const problems: [number, Problem][] = []
  const entries = new EntryReader(batch.cells)
  for (const [index, path] of batch.directories.entries()) {
    try {
      const directory = replica.held.enter(path)
      const current = directory.stat()
      // Only the owner can; what that leaves different is a residual, which the plan tells.
      if (!rights.anyOwner && current.uid !== rights.uid) continue
      dress(directory, current, attainable(entries.read(index * cellsPerEntry), current, rights))
    } catch (error) {
      states[index] = rowStates.indexOf('failed')
      problems.push([index, problemOf(ofGone(error), path, 'set the attributes of')])
    }
    yield
  }
  return { states, bytes: new Float64Array(batch.directories.length), digests: [], problems, staged: [] }
}
