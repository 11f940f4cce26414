/**
 * Gives what the replica has another name, and the attributes that the source has there. Its content stays where it is:
 * at every instant it has the old name or the new one.
 */
import { errnoOf } from '../model/errno.js'
import { baseName, parentPath } from '../model/path.js'
import type { Directory } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import type { Lying } from './place.js'
import { enterSource } from './enter-source.js'
import { onSource } from './failure.js'
import { recheck } from './recheck.js'
import { repair } from './repair.js'
import { type ChangeToMake, type Made, nothingWritten } from './change-to-make.js'
import { whileWritable } from './writable.js'

/** Where the replica has by now what is to be renamed. */
export function oldPlace({ linkedTo }: ApplyContext, { linkTo }: ChangeToMake): Lying {
  if (linkTo === undefined) throw new Error('a rename needs an old name')
  return { directory: linkedTo.enter(parentPath(linkTo.path)), name: baseName(linkTo.path) }
}

/**
 * Undefined where a file must be copied: another file system, another file in the source, or attributes that may not be given to what is there.
 *
 * RACE: somebody may put something else at the new name between the look and the rename, which would be replaced by what
 * the source has, as the next run would do.
 */
export function renameHere(context: ApplyContext, parent: Directory, change: ChangeToMake): Made | undefined {
  const { name, source } = change
  const { can, replica } = context
  const isDirectory = source?.kind === 'directory'
  if (!isDirectory && !isAsPlanned(context, change)) return undefined
  // Of a directory the plan knows only what becomes its content.
  const [there, planned] = isDirectory ? [undefined, change.replica] : [change.replica, change.linkTo?.entry]
  recheck(replica.tree, parent, name, there, change.moreNames)
  const old = oldPlace(context, change)
  // A try before this one may have given it its attributes, which moves its ctime.
  recheck(replica.tree, old.directory, old.name, planned, 1)
  // A directory gets its attributes in the last phase, as others do.
  const made = isDirectory ? nothingWritten : repair(context, old, { ...change, replica: planned })
  if (made === undefined) return undefined
  try {
    whileWritable(can.rights, old.directory, () =>
      whileWritable(can.rights, parent, () => replica.tree.rename(old.directory, old.name, parent, name)),
    )
  } catch (error) {
    if (errnoOf(error) === 'EXDEV' && !isDirectory) return undefined
    throw error
  }
  return made
}

/** A file that is another one by now is copied as it is. */
function isAsPlanned(context: ApplyContext, change: ChangeToMake): boolean {
  const { source: planned, name } = change
  const found = onSource(() => context.source.tree.stat(enterSource(context, change), name))
  return found !== undefined && found.inode === planned?.inode && found.ctimeNs === planned.ctimeNs
}
