import { errnoOf } from '../model/errno.js'
import type { Name } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { recheck } from './recheck.js'
import type { ChangeToMake } from './change-to-make.js'
import { randomName } from './staging.js'

interface Aside {
  readonly directory: Directory
  readonly name: Name
}

/**
 * Puts a directory where a file or link is. No rename does that at once, so the old entry is moved aside first,
 * and moved back if the directory cannot be made: the name is without an entry for one call.
 */
export function replaceByDirectory(
  context: ApplyContext,
  parent: Directory,
  { name, replica: planned, moreNames }: Pick<ChangeToMake, 'name' | 'replica' | 'moreNames'>,
): void {
  const { tree } = context.replica
  recheck(tree, parent, name, planned, moreNames)
  const aside = moveAside(context, parent, name)
  try {
    tree.makeDirectory(parent, name)
  } catch (error) {
    tree.rename(aside.directory, aside.name, parent, name)
    throw error
  }
  try {
    tree.unlink(aside.directory, aside.name)
  } catch {
    // The directory is there. What cannot be removed now goes with the staging directory, or in the next run.
  }
}

/** Into the staging directory; on another file system, which is mounted here, beside what it was. */
function moveAside(context: ApplyContext, parent: Directory, name: Name): Aside {
  const { tree } = context.replica
  const staging = context.staging()
  const staged: Aside = { directory: staging.directory, name: staging.nextName() }
  try {
    tree.rename(parent, name, staged.directory, staged.name)
    return staged
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
  }
  const beside: Aside = { directory: parent, name: randomName() }
  tree.rename(parent, name, beside.directory, beside.name)
  return beside
}
