/** Looks at single paths of both trees, one after the other. */
import type { Entry, Side } from './model/entry.js'
import { errnoOf } from './model/errno.js'
import { baseName, parentPath, type RelativePath } from './model/path.js'
import type { Session } from './session.js'
import { HeldDirectories } from './tree/held-directories.js'
import { openTree } from './tree/open-tree.js'
import type { Tree, TreeSpec } from './tree/tree.js'
import { noXattrs, type Xattrs } from './tree/xattrs.js'

interface Held {
  readonly tree: Tree
  readonly held: HeldDirectories
}

export class BothSides {
  private readonly source: Held
  private readonly replica: Held | undefined
  private readonly roots: Session['roots']

  constructor({ roots }: Session) {
    this.roots = roots
    this.source = held(roots.source.spec)
    this.replica = roots.replica === undefined ? undefined : held(roots.replica.spec)
  }

  at(path: RelativePath): Readonly<Record<Side, Entry | undefined>> {
    return { source: this.entry('source', path), replica: this.entry('replica', path) }
  }

  entry(side: Side, path: RelativePath): Entry | undefined {
    if (path === '') return this.roots[side]?.entry
    return this.look(side, ({ tree, held }) => tree.stat(held.enter(parentPath(path)), baseName(path)))
  }

  target(side: Side, path: RelativePath): string | undefined {
    return this.look(side, ({ tree, held }) => tree.readLink(held.enter(parentPath(path)), baseName(path)))
  }

  xattrs(side: Side, path: RelativePath): Xattrs {
    const found = this.look(side, ({ tree, held }) =>
      path === '' ? tree.root.xattrs() : tree.xattrs(held.enter(parentPath(path)), baseName(path)),
    )
    return found ?? noXattrs
  }

  close(): void {
    this.source.held.close()
    this.replica?.held.close()
  }

  /** Undefined where there is nothing, or nothing that can be looked at. */
  private look<T>(side: Side, step: (held: Held) => T): T | undefined {
    const held = side === 'source' ? this.source : this.replica
    if (held === undefined) return undefined
    try {
      return step(held)
    } catch (error) {
      if (errnoOf(error) === undefined) throw error
      return undefined
    }
  }
}

function held(spec: TreeSpec): Held {
  const tree = openTree(spec)
  return { tree, held: new HeldDirectories(tree) }
}
