/**
 * The job that gives directories their attributes, when everything in them is done: owner, mode, and the time,
 * which every change inside has moved. Done after a failure and after an abort too.
 */
import { cellsPerEntry, EntryReader } from '../model/entry-cells.js'
import type { Entry } from '../model/entry.js'
import { errnoOf, isSwapped } from '../model/errno.js'
import { type FinishBatch, type FinishRole, finishRoles } from '../model/finish-jobs.js'
import { type AppliedBatch, rowStates } from '../model/jobs.js'
import type { Problem } from '../model/problem.js'
import { baseName, parentPath, type RelativePath } from '../model/path.js'
import { attainable } from '../tree/attributes.js'
import type { Handle } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { dressAs, type XattrPair } from './dressing.js'
import { enterSource } from './enter-source.js'
import { ChangeFailure, onSource, problemOf } from './failure.js'

/** Who removed it meanwhile changed the replica: nothing failed. */
function ofGone(error: unknown): unknown {
  if (errnoOf(error) !== 'ENOENT') return error
  return new ChangeFailure('replica', 'changed', 'is no longer in the replica')
}

/** None when the source has no such directory any more: the next run sees to it. */
function xattrsOf(
  { source, can }: ApplyContext,
  path: RelativePath,
  directory: Handle,
  planned: Entry,
): XattrPair | undefined {
  if (!can.readsXattrs) return undefined
  try {
    const from = enterSource({ source }, { directory: path, from: planned })
    return { source: onSource(() => from.xattrs()), replica: directory.xattrs() }
  } catch (error) {
    if (error instanceof ChangeFailure && isSwapped(error.cause)) return undefined
    throw error
  }
}

/** One that its owner may not read is pinned, which needs no right but that to its parent. */
function onDirectory(
  { replica, can }: ApplyContext,
  path: RelativePath,
  step: (directory: Handle) => void,
): void {
  let held: Handle
  try {
    held = replica.held.enter(path)
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' || can.rights.anyOwner || path === '') throw error
    const pinned = replica.tree.pin(replica.held.enter(parentPath(path)), baseName(path))
    try {
      step(pinned)
    } finally {
      pinned.close()
    }
    return
  }
  step(held)
}

function finishOne(
  context: ApplyContext,
  path: RelativePath,
  directory: Handle,
  entry: Entry,
  role: FinishRole,
): ChangeFailure | undefined {
  const { can } = context
  const current = directory.stat()
  // Only the owner can; what that leaves different is a residual, which the plan tells.
  if (!can.rights.anyOwner && current.uid !== can.rights.uid) return undefined
  const made = role === 'made' ? { replaces: undefined } : undefined
  const xattrs = role === 'own' ? undefined : xattrsOf(context, path, directory, entry)
  return dressAs(context, directory, current, attainable(entry, current, can, made), xattrs)
}

export function* finishDirectories(context: ApplyContext, batch: FinishBatch): Generator<void, AppliedBatch> {
  const states = new Uint8Array(batch.directories.length).fill(rowStates.indexOf('done'))
  const problems: [number, Problem][] = []
  const entries = new EntryReader(batch.cells)
  for (const [index, path] of batch.directories.entries()) {
    try {
      const role = finishRoles[batch.roles[index] ?? 0] ?? 'own'
      onDirectory(context, path, directory => {
        const shortfall = finishOne(context, path, directory, entries.read(index * cellsPerEntry), role)
        if (shortfall !== undefined)
          problems.push([index, problemOf(shortfall, path, 'set the attributes of')])
      })
    } catch (error) {
      states[index] = rowStates.indexOf('failed')
      problems.push([index, problemOf(ofGone(error), path, 'set the attributes of')])
    }
    yield
  }
  const bytes = new Float64Array(batch.directories.length)
  return { states, bytes, digests: [], problems, staged: [], residuals: [] }
}
