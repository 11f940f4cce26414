/** What the copy of a big file may begin with: what an earlier run left of it, or the replica's older version. */
import type { Entry } from '../model/entry.js'
import type { FileHandle } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import type { ChangeToMake } from './change-to-make.js'
import type { Base } from './copy-bytes.js'
import type { Place } from './place.js'
import { enterReplica } from './enter-replica.js'
import { isWorthComparing, leastSize, shareOlder } from './older-version.js'

export interface Beginning {
  /** Whether a copy that is stopped is kept for a later run. */
  readonly isKept: boolean
  /** What there is of the copy already; undefined where it is to be created. */
  readonly open: (source: Entry) => FileHandle | undefined
  /** What a file that was just created can begin with. */
  readonly baseOf: (copy: FileHandle) => Base | undefined
}

const there: Base = { isThere: true, fill: () => true }

/** What was left of it holds its own. */
export const begun: (copy: FileHandle) => Base = () => there

/** Undefined for small files: to look for something would take longer than to copy them. */
export function beginningOf(
  context: ApplyContext,
  change: ChangeToMake,
  place: Place,
): Beginning | undefined {
  const { source, replica, name } = change
  if (source === undefined || source.size < leastSize) return undefined
  const older = isWorthComparing(context, source, replica)
    ? { directory: enterReplica(context, change.directory), name, planned: replica }
    : undefined
  // Beside its target, on a file system of its own, nothing is looked for by a later run.
  const goingOn = place.staging === undefined ? undefined : context.goingOn
  if (older === undefined && goingOn === undefined) return undefined
  return {
    isKept: goingOn !== undefined,
    open: found => goingOn?.begin(change.path, found, place),
    baseOf: copy => older && { isThere: false, fill: () => shareOlder(context, older.planned, older, copy) },
  }
}
