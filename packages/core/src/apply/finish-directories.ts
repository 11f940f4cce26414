/**
 * The job that gives directories their attributes, when everything in them is done: owner, mode, and the time,
 * which every change inside has moved. Done after a failure and after an abort too.
 */
import { cellsPerEntry, EntryReader } from '../model/entry-cells.js'
import { errnoOf, isSwapped } from '../model/errno.js'
import { type AppliedBatch, type FinishBatch, finishRoles, rowStates } from '../model/jobs.js'
import type { Problem } from '../model/problem.js'
import type { RelativePath } from '../model/path.js'
import { attainable } from '../tree/attributes.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { dressAs, type XattrPair } from './dressing.js'
import { ChangeFailure, problemOf } from './failure.js'

/** Who removed it meanwhile changed the replica: nothing failed. */
function ofGone(error: unknown): unknown {
  if (errnoOf(error) !== 'ENOENT') return error
  return new ChangeFailure('replica', 'changed', 'is no longer in the replica')
}

/** None when the source has no such directory any more: the next run sees to it. */
function xattrsOf(
  { source, can }: ApplyContext,
  path: RelativePath,
  directory: Directory,
): XattrPair | undefined {
  if (!can.readsXattrs) return undefined
  try {
    return { source: source.held.enter(path).xattrs(), replica: directory.xattrs() }
  } catch (error) {
    if (isSwapped(error)) return undefined
    throw error
  }
}

export function* finishDirectories(context: ApplyContext, batch: FinishBatch): Generator<void, AppliedBatch> {
  const { replica, can } = context
  const states = new Uint8Array(batch.directories.length).fill(rowStates.indexOf('done'))
  const problems: [number, Problem][] = []
  const entries = new EntryReader(batch.cells)
  for (const [index, path] of batch.directories.entries()) {
    try {
      const directory = replica.held.enter(path)
      const current = directory.stat()
      // Only the owner can; what that leaves different is a residual, which the plan tells.
      if (!can.rights.anyOwner && current.uid !== can.rights.uid) continue
      const role = finishRoles[batch.roles[index] ?? 0] ?? 'own'
      const made = role === 'made' ? { replaces: undefined } : undefined
      const wanted = attainable(entries.read(index * cellsPerEntry), current, can, made)
      const xattrs = role === 'own' ? undefined : xattrsOf(context, path, directory)
      const shortfall = dressAs(context, directory, current, wanted, xattrs)
      if (shortfall !== undefined) problems.push([index, problemOf(shortfall, path, 'set the attributes of')])
    } catch (error) {
      states[index] = rowStates.indexOf('failed')
      problems.push([index, problemOf(ofGone(error), path, 'set the attributes of')])
    }
    yield
  }
  const bytes = new Float64Array(batch.directories.length)
  return { states, bytes, digests: [], problems, staged: [], apart: [] }
}
