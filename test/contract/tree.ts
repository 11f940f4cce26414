/**
 * What every Tree must do, whatever it stands on: called with each way there is. What only some can promise is
 * asked for in `promises`.
 */
import { join } from 'node:path'
import { afterEach, describe, expect } from 'vitest'
import { errnoOf } from '../../packages/core/src/model/errno.js'
import type { Name } from '../../packages/core/src/model/path.js'
import type { Directory, Tree } from '../../packages/core/src/tree/tree.js'
import { readTree } from '../support/read-tree.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'
import { treeReads } from './tree-reads.js'
import { treeRefusesLinks } from './tree-refuses-links.js'
import { treeWrites } from './tree-writes.js'

export interface TreeUnderTest {
  readonly tree: Tree
  readonly close: () => void
}

export interface Promises {
  /** Goes on in the directory that was opened, though its name leads elsewhere by now. */
  readonly holdsDirectories: boolean
}

/** A tree in a folder of its own, beside one that must never be touched. */
export interface Stage {
  readonly promises: Promises
  /** Writes the literal and opens a tree on it. */
  readonly open: (literal: TreeLiteral) => Opened
  /** Fails when anything beside the tree was changed. */
  readonly expectOutsideUntouched: () => void
}

export interface Opened {
  readonly tree: Tree
  readonly root: Directory
  /** The folder, for looking at it by other means. */
  readonly path: string
  /** Opens a directory below the root, to be closed with the test. */
  readonly enter: (...names: readonly string[]) => Directory
}

const outside = { 'secret.txt': 'secret', folder: { inner: 'inner' } }

/** Links to what lies outside, to nothing, and to themselves. */
export const links = {
  toFile: symlink('../outside/secret.txt'),
  toFolder: symlink('../outside/folder'),
  dangling: symlink('nowhere'),
  loop: symlink('loop'),
}
export const linkNames: readonly string[] = Object.keys(links)

export function name(text: string): Name {
  return text as Name
}

/** The system's name of the error that a call fails with. */
export function failure(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return errnoOf(error) ?? String(error)
  }
  return 'none'
}

export function treeContract(make: (root: string) => TreeUnderTest, promises: Promises): void {
  const temporary = useTemporaryDirectory()
  const closers: (() => void)[] = []
  afterEach(() => {
    for (const close of closers.splice(0).reverse()) close()
  })
  const stage: Stage = {
    promises,
    open: literal => {
      const path = join(temporary.path, 'root')
      writeTree(path, literal)
      writeTree(join(temporary.path, 'outside'), outside)
      const { tree, close } = make(path)
      closers.push(close)
      const enter = (...names: readonly string[]): Directory => {
        let at = tree.root
        for (const each of names) {
          const below = tree.openDirectory(at, name(each))
          closers.push(() => below.close())
          at = below
        }
        return at
      }
      return { tree, root: tree.root, path, enter }
    },
    expectOutsideUntouched: () => {
      writeTree(join(temporary.path, 'expected'), outside)
      expect(readTree(join(temporary.path, 'outside'))).toEqual(readTree(join(temporary.path, 'expected')))
    },
  }
  describe('reads', () => treeReads(stage))
  describe('follows no link', () => treeRefusesLinks(stage))
  describe('writes', () => treeWrites(stage))
}
