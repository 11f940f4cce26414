import type { DirectoryNode } from '../model/pairs.js'
import type { Name, RelativePath } from '../model/path.js'

/**
 * Where the replica has a directory, before anything is renamed.
 *
 * @param renamed by row what a directory of the source is called in the replica
 */
export function pathInReplica(
  node: DirectoryNode,
  renamed: ReadonlyMap<number, { readonly name: Name }>,
): RelativePath {
  const names: Name[] = []
  for (let at: DirectoryNode | undefined = node; at?.parent !== undefined; at = at.parent)
    names.push(renamed.get(at.row)?.name ?? at.name)
  return names.reverse().join('/')
}
