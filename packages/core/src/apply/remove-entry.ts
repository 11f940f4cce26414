/** Removes one entry of the replica, if it is still what the plan saw there. */
import type { Entry } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { recheck } from './recheck.js'
import { whileWritable } from './writable.js'

interface ToRemove {
  readonly name: Name
  /** What the plan saw there. */
  readonly replica: Entry | undefined
  /** How many names this run may have given it since. */
  readonly moreNames?: number | undefined
}

export function removeEntry(
  { replica, can }: ApplyContext,
  parent: Directory,
  { name, replica: planned, moreNames }: ToRemove,
): void {
  recheck(replica.tree, parent, name, planned, moreNames)
  whileWritable(can.rights, parent, () => {
    if (planned?.kind === 'directory') replica.tree.removeDirectory(parent, name)
    else replica.tree.unlink(parent, name)
  })
}
