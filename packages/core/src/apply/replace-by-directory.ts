import type { Entry } from '../model/entry.js'
import type { Name } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { recheck } from './recheck.js'

/**
 * Puts a directory where a file or link is. No rename does that at once, so the old entry is moved aside first,
 * and moved back if the directory cannot be made: the name is without an entry for one call.
 */
export function replaceByDirectory(
  context: ApplyContext,
  parent: Directory,
  name: Name,
  planned: Entry | undefined,
): void {
  const { tree } = context.replica
  recheck(tree, parent, name, planned)
  const staging = context.staging()
  const aside = staging.nextName()
  tree.rename(parent, name, staging.directory, aside)
  try {
    tree.makeDirectory(parent, name)
  } catch (error) {
    tree.rename(staging.directory, aside, parent, name)
    throw error
  }
  tree.unlink(staging.directory, aside)
}
