/**
 * Entering a directory of the source again, which must be the one that the plan saw: whoever may rename there can put
 * another one at its path, and what is private in it would be copied to where the other one is open to all.
 */
import { type Identity, isSameInode } from '../model/entry.js'
import type { RelativePath } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { ChangeFailure, onSource } from './failure.js'

/**
 * FAT has no inodes: the system makes numbers up, and new ones for what it had forgotten. It has no owners either, who could
 * hide something from each other.
 */
const withoutInodes: ReadonlySet<number> = new Set([0x4d44, 0x2011bab0])

/** @param from the directory that the plan saw at the path; undefined when it saw none */
export function enterSource(
  { source: { tree, held } }: Pick<ApplyContext, 'source'>,
  { directory, from }: { readonly directory: RelativePath; readonly from?: Identity | undefined },
): Directory {
  const entered = onSource(() => held.enter(directory))
  if (from === undefined) return entered
  // The root is held by its descriptor, and looked at when the run begins.
  const identity = onSource(() => held.identity)
  if (identity === undefined) return entered
  if (!isSameInode(identity, from) && !withoutInodes.has(tree.fileSystemType()))
    throw new ChangeFailure('source', 'changed', 'lies in another directory of the source than it did')
  return entered
}
