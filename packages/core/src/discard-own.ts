/** What a run that was killed left of its own in the replica. */
import { removeTree } from './apply/remove-tree.js'
import { baseName, parentPath, type RelativePath } from './model/path.js'
import { HeldDirectories } from './tree/held-directories.js'
import type { Tree } from './tree/tree.js'

/** A staging directory, or a file beside its target: removed if it is there still. */
export function discardOwn(tree: Tree, path: RelativePath): void {
  const held = new HeldDirectories(tree)
  try {
    const parent = held.enter(parentPath(path))
    const found = tree.stat(parent, baseName(path))
    if (found?.kind === 'directory') removeTree(tree, path)
    else if (found !== undefined) tree.unlink(parent, baseName(path))
  } finally {
    held.close()
  }
}
