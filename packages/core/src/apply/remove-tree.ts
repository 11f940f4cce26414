/**
 * Removes a directory of our own making with all that is in it, without recursion and through held directories.
 * Only for what lies in the staging directory: everything else is removed entry by entry, as planned.
 */
import { baseName, joinPath, parentPath, type RelativePath } from '../model/path.js'
import { HeldDirectories } from '../tree/held-directories.js'
import type { Directory, Tree } from '../tree/tree.js'

/** @param root where the path begins */
export function removeTree(tree: Tree, path: RelativePath, root: Directory = tree.root): void {
  const held = new HeldDirectories(tree, root)
  const directories: RelativePath[] = []
  const unlisted: RelativePath[] = [path]
  try {
    for (let at = unlisted.pop(); at !== undefined; at = unlisted.pop()) {
      directories.push(at)
      const directory = held.enter(at)
      for (const name of tree.list(directory)) {
        if (tree.stat(directory, name)?.kind === 'directory') unlisted.push(joinPath(at, name))
        else tree.unlink(directory, name)
      }
    }
    // Children were found after their parents.
    for (const at of directories.reverse()) tree.removeDirectory(held.enter(parentPath(at)), baseName(at))
  } finally {
    held.close()
  }
}
