/** Looks at what a replica and the folder of a run hold now. */
import { isSwapped } from '../model/errno.js'
import type { Entry } from '../model/entry.js'
import { baseName, parentPath, type RelativePath } from '../model/path.js'
import { HeldDirectories } from '../tree/held-directories.js'
import type { Tree } from '../tree/tree.js'
import type { Looking } from './expected.js'

export function looking(replica: Tree, run: Tree): Looking & { readonly close: () => void } {
  const held = new HeldDirectories(replica)
  const runHeld = new HeldDirectories(run)
  return {
    stat: path => statIn(replica, held, path),
    list: path => replica.list(held.enter(path)),
    kept: at => statIn(run, runHeld, at),
    close: () => {
      held.close()
      runHeld.close()
    },
  }
}

function statIn(tree: Tree, held: HeldDirectories, path: RelativePath): Entry | undefined {
  if (path === '') return tree.root.stat()
  try {
    return tree.stat(held.enter(parentPath(path)), baseName(path))
  } catch (error) {
    if (isSwapped(error)) return undefined
    throw error
  }
}
