import { type DirectoryNode, pathOfNode } from './pairs.js'
import { joinPath, parentPath, type RelativePath } from './path.js'

/**
 * Paths of directories asked for one after the other. From one to its child or its parent takes one step, where
 * climbing to the root each time would take a deep tree's depth squared.
 */
export class NodePaths {
  private last: DirectoryNode | undefined
  private path: RelativePath = ''

  of(node: DirectoryNode): RelativePath {
    if (node !== this.last) {
      if (this.last !== undefined && node.parent === this.last) this.path = joinPath(this.path, node.name)
      else if (this.last?.parent === node) this.path = parentPath(this.path)
      else this.path = pathOfNode(node)
      this.last = node
    }
    return this.path
  }
}
