/** Whether the roots are, before anything is written, what they were when they were opened. */
import { statSync } from 'node:fs'
import { isSameInode } from '../model/entry.js'
import { SyncError } from '../model/errors.js'
import type { RelativePath } from '../model/path.js'
import type { OpenedRoot } from './local.js'
import { mountsBelow } from './mounts.js'
import { escapeName } from './names.js'
import { entryOfStats } from './stat.js'

/** Refuses to go on when a path leads to another directory than it did before. */
export function requireSameRoot(root: OpenedRoot, path: string): void {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stats === undefined || !isSameInode(entryOfStats(stats), root.entry)) {
    throw refuse(
      `${root.spec.side} "${escapeName(path)}" is no longer the directory it was when the run began: nothing was changed`,
    )
  }
}

/**
 * RACE: what is mounted below the replica was looked up before the walk. What was mounted since may have been read as if it
 * were the replica's own, and would be emptied.
 */
export function requireSameMounts(replica: string, before: readonly RelativePath[]): void {
  const [then, now] = [before, mountsBelow(replica)].map(paths => paths.toSorted())
  const changed = now?.find((path, index) => path !== then?.[index]) ?? then?.[now?.length ?? 0]
  if (changed === undefined) return
  throw refuse(
    `something was mounted or unmounted in the replica "${escapeName(replica)}" while it was read, at "${escapeName(changed)}": nothing was changed; run again`,
  )
}

function refuse(message: string): SyncError {
  return new SyncError('root-refused', 26, message)
}
