/** Local trees for tests: opened on a folder, and with single operations replaced. */
import type { Side } from '../../src/model/entry.js'
import type { Name } from '../../src/model/path.js'
import type { HeldWay } from '../../src/model/report.js'
import { canHoldByProc } from '../../src/tree/hold-by-proc.js'
import { type OpenedRoot, openRoot } from '../../src/tree/local.js'
import { openTree as openLocalTree } from '../../src/tree/open-tree.js'
import type { FileHandle, Handle, OwnerRights, Tree } from '../../src/tree/tree.js'

/** The ways to hold directories that this system has. */
export const ways: readonly HeldWay[] = canHoldByProc() ? ['libc', 'proc', 'paths'] : ['paths']

export interface OpenedTree extends Disposable {
  readonly tree: Tree
  readonly opened: OpenedRoot
}

export function openTree(
  path: string,
  way: HeldWay = ways[0] ?? 'paths',
  side: Side = 'replica',
): OpenedTree {
  const opened = openRoot(side, path, way)
  return { tree: openLocalTree(opened.spec), opened, [Symbol.dispose]: () => opened.close() }
}

/** The tree with some operations replaced; the others are its own. */
export function withOperations(tree: Tree, operations: Partial<Tree>): Tree {
  const { list } = operations
  const inParts: Partial<Tree> =
    list === undefined
      ? {}
      : {
          *listInParts(directory) {
            yield list(directory)
          },
        }
  return Object.assign(Object.create(tree) as Tree, inParts, operations)
}

/** A handle with some operations replaced. */
export function withFileOperations(handle: FileHandle, operations: Partial<FileHandle>): FileHandle {
  return Object.assign(Object.create(handle) as FileHandle, operations)
}

/** Counts what is opened and not closed, directories and files alike. */
export class Descriptors {
  open = 0
  most = 0
  /** Closed more often than opened. */
  twice = 0

  watch(tree: Tree): Tree {
    const counted = <H extends Handle>(handle: H): H => this.counted(handle)
    return withOperations(tree, {
      openDirectory: (parent, name) => counted(tree.openDirectory(parent, name)),
      openParent: directory => counted(tree.openParent(directory)),
      openFile: (directory, name) => counted(tree.openFile(directory, name)),
      reopenFile: (directory, name) => counted(tree.reopenFile(directory, name)),
      createFile: (directory, name) => counted(tree.createFile(directory, name)),
      pin: (directory, name) => counted(tree.pin(directory, name)),
    })
  }

  private counted<H extends Handle>(handle: H): H {
    this.open += 1
    this.most = Math.max(this.most, this.open)
    let isOpen = true
    return Object.assign(Object.create(handle) as H, {
      close: () => {
        if (isOpen) this.open -= 1
        else this.twice += 1
        isOpen = false
        handle.close()
      },
    })
  }
}

/** An error as the system gives it. */
export function systemError(code: string, errno?: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: planted`), errno === undefined ? { code } : { code, errno })
}

export function name(text: string): Name {
  return text as Name
}

export const asRoot: OwnerRights = { anyOwner: true, uid: 0, gid: 0, groups: [0] }

export type { FileHandle, Tree }
