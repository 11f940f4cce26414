/** What ignore files say, by the directory they are in. Most directories have none, and share what those above say. */
import type { IgnoreText } from '../model/jobs.js'
import type { DirectoryNode } from '../model/pairs.js'
import type { RelativePath } from '../model/path.js'

export class IgnoreTexts {
  private readonly texts = new Map<number, readonly IgnoreText[]>()

  /** Notes the ignore file of a directory, if it has one; that of each directory above is known. */
  note(node: DirectoryNode, directory: RelativePath, text: string | undefined): void {
    if (text !== undefined) this.texts.set(node.row, [...(this.get(node.parent) ?? []), { directory, text }])
  }

  /** The ignore files of a directory and of all above it, from the root down; undefined where there is none. */
  get(node: DirectoryNode | undefined): readonly IgnoreText[] | undefined {
    if (this.texts.size === 0) return undefined
    for (let at = node; at !== undefined; at = at.parent) {
      const found = this.texts.get(at.row)
      if (found !== undefined) return found
    }
    return undefined
  }
}
