/**
 * What every Tree must do, whatever it stands on: called with each way there is. What only some can promise is
 * asked for in `promises`.
 */
import { join } from 'node:path'
import { afterEach, describe, expect } from 'vitest'
import type { Directory } from '../../packages/core/src/tree/tree.js'
import { readTree } from '../support/read-tree.js'
import { useTemporaryDirectory } from '../support/temp.js'
import { writeTree } from '../support/write-tree.js'
import { treeHoles } from './tree-holes.js'
import { treeReads } from './tree-reads.js'
import { treeRefusesLinks } from './tree-refuses-links.js'
import { name, type Promises, type Stage, type TreeUnderTest } from './tree-stage.js'
import { treeWrites } from './tree-writes.js'
import { treeXattrs } from './tree-xattrs.js'

const outside = { 'secret.txt': 'secret', folder: { inner: 'inner' } }

export function treeContract(
  make: (root: string) => TreeUnderTest,
  promises: Promises,
  mounted?: { readonly path: string },
): void {
  const temporary = useTemporaryDirectory(mounted)
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
  describe('reads', () => {
    treeReads(stage)
  })
  describe.each([treeRefusesLinks].filter(() => promises.keeps.links))('follows no link', cases => {
    cases(stage)
  })
  describe('writes', () => {
    treeWrites(stage)
  })
  describe('extended attributes', () => {
    treeXattrs(stage)
  })
  describe('with holes, it', () => {
    treeHoles(stage)
  })
}
