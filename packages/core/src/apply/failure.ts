/** What went wrong while one change was made, and on which side, so that it can be classed and told. */
import type { Side } from '../model/entry.js'
import { errnoOf, isBusy, isGone, isStorageFailure, isSwapped, meaningOf } from '../model/errno.js'
import type { RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'

/** A failure whose side, or whose cause, is known better than the system's error tells. */
export class ChangeFailure extends Error {
  readonly side: Side
  readonly reason: 'system' | 'changed' | 'unstable' | 'differs' | 'refused' | 'unflushed'

  constructor(side: Side, reason: ChangeFailure['reason'], message: string, cause?: unknown) {
    super(message, { cause })
    this.side = side
    this.reason = reason
  }
}

/** The source does not keep still. */
export function unstable(): ChangeFailure {
  return new ChangeFailure('source', 'unstable', 'was being written while it was copied')
}

/** In the middle of a file. */
export function stopped(): ChangeFailure {
  return new ChangeFailure('source', 'unstable', 'was not copied: the run was stopped')
}

/** What could not be flushed; always a failure of the storage, whatever the system calls it. */
export function unflushed(error: unknown): ChangeFailure {
  const message = `could not be brought to the storage of the replica: ${meaningOf(error)}`
  return new ChangeFailure('replica', 'unflushed', message, error)
}

/** Runs a step that reads the source, so that its errors are known to be the source's. */
export function onSource<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof ChangeFailure) throw error
    throw new ChangeFailure('source', 'system', meaningOf(error), error)
  }
}

/** Whether another try may go better: somebody is writing the file, or holds it. */
export function isWorthAnotherTry(error: unknown): boolean {
  if (!(error instanceof ChangeFailure)) return isBusy(error)
  return error.reason === 'unstable' || (error.reason === 'system' && isBusy(error.cause))
}

/** Root too is refused what is immutable, or lies in a directory that only grows, and hardly anybody remembers why. */
function hintFor(error: unknown, verb: string): string {
  const isFixed = verb === 'delete' && errnoOf(error) === 'EPERM'
  return isFixed ? '; where it is immutable or append-only, chattr -i or -a lets it go' : ''
}

/** The problem a failure is reported as. */
export function problemOf(error: unknown, path: RelativePath, verb: string): Problem {
  const shown = `"${escapeName(path)}"`
  if (!(error instanceof ChangeFailure)) {
    const code = isStorageFailure(error) ? 'storage-failed' : 'replica-failed'
    return problem(
      code,
      'replica',
      path,
      `cannot ${verb} ${shown} in the replica: ${meaningOf(error)}${hintFor(error, verb)}`,
      errnoOf(error),
    )
  }
  switch (error.reason) {
    case 'changed':
      return problem(
        error.side === 'source' ? 'source-changed' : 'replica-changed',
        error.side,
        path,
        `${shown} ${error.message}; left for the next run`,
      )
    case 'unstable':
      return problem(
        'source-changed',
        'source',
        path,
        `${shown} ${error.message}; the replica keeps its old version`,
      )
    case 'differs':
      return problem(
        'verify-failed',
        'replica',
        path,
        `${shown} ${error.message}; the replica keeps its old version`,
      )
    case 'unflushed':
      return problem(
        'storage-failed',
        'replica',
        path,
        `${shown} ${error.message}; the replica keeps what it has`,
        errnoOf(error.cause),
      )
    case 'refused':
      return problem(
        'replica-failed',
        'replica',
        path,
        `${shown} ${error.message}; the rest of it is in the replica`,
        errnoOf(error.cause),
      )
    case 'system': {
      const { cause } = error
      if (isGone(cause) || isSwapped(cause)) {
        return problem(
          'source-changed',
          'source',
          path,
          `${shown} vanished from the source; left for the next run`,
          errnoOf(cause),
        )
      }
      const keeps = 'the replica keeps what it has'
      return problem(
        'source-unreadable',
        'source',
        path,
        `cannot read ${shown}: ${meaningOf(cause)}; ${keeps}`,
        errnoOf(cause),
      )
    }
  }
}
