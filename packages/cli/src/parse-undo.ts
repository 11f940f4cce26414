/** What follows the command word undo. */
import type { Flag, Given } from './flag.js'
import { UsageError } from './usage-error.js'

export interface UndoRequest {
  readonly kind: 'undo'
  readonly replica: string
  readonly given: UndoGiven
}

/** The flags that mean something to an undo. */
const taken = ['backupDir', 'run', 'dryRun', 'wait', 'held', 'quiet'] as const

type UndoGiven = Pick<Given, (typeof taken)[number]>

export function readUndo(operands: readonly string[], given: Given, flags: Iterable<Flag>): UndoRequest {
  const names: readonly string[] = taken
  for (const { option, long } of flags) {
    if (!names.includes(option)) throw new UsageError(`${long} has no effect on an undo: leave it out`)
  }
  const [replica, more] = operands
  if (replica === undefined || more !== undefined) {
    const found = more === undefined ? 'none was given' : `'${more}' is one more`
    throw new UsageError(`undo takes one folder, REPLICA, and ${found}; see facsimile --help`)
  }
  return { kind: 'undo', replica, given }
}
