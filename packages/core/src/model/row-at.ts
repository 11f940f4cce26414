/** Finds rows by path: few are asked for, so that no index is kept. */
import { type DirectoryNode, type PairTable } from './pairs.js'
import { baseName, type Name, parentPath, type RelativePath, splitPath } from './path.js'

/** The row of a path; undefined where there is none. */
export function rowAt(pairs: PairTable, path: RelativePath): number | undefined {
  const node = path === '' ? undefined : nodeAt(pairs, parentPath(path))
  return path === '' ? 0 : rowIn(pairs, node, baseName(path))
}

/** The directory of a path; undefined where there is none. */
export function nodeAt(pairs: PairTable, path: RelativePath): DirectoryNode | undefined {
  let node = pairs.nodeOf(0)
  for (const name of splitPath(path)) node = nodeIn(pairs, node, name)
  return node
}

/** The directory of a path, or the one that is nearest above it. */
export function nearestNode(pairs: PairTable, path: RelativePath): DirectoryNode | undefined {
  let node = pairs.nodeOf(0)
  for (const name of splitPath(path)) {
    const below = nodeIn(pairs, node, name)
    if (below === undefined) break
    node = below
  }
  return node
}

function nodeIn(pairs: PairTable, node: DirectoryNode | undefined, name: Name): DirectoryNode | undefined {
  const row = rowIn(pairs, node, name)
  return row === undefined ? undefined : pairs.nodeOf(row)
}

function rowIn(pairs: PairTable, node: DirectoryNode | undefined, name: Name): number | undefined {
  return node?.rows.find(row => pairs.nameOf(row) === name)
}
