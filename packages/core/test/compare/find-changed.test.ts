import { renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findChanged } from '../../src/compare/find-changed.js'
import type { Entry } from '../../src/model/entry.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import type { Tree } from '../../src/tree/tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { finish } from '../support/pairs.js'
import { openTree, systemError, ways, withOperations } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const paths = ['', 'a', 'b', 'b/c']
const hour = 3_600_000_000_000n

const at = (path: string): string => join(temporary.path, path)

/** A tree in which one name cannot be looked at. */
function without(name: string): (tree: Tree) => Tree {
  return tree =>
    withOperations(tree, {
      stat: (directory, each) => {
        if (each === name) throw systemError('EIO')
        return tree.stat(directory, each)
      },
    })
}

function entriesOf(tree: Tree): readonly Entry[] {
  const held = new HeldDirectories(tree)
  const entries = paths.map(path => held.enter(path).stat())
  held.close()
  return entries
}

function takeAway(): void {
  rmSync(at('a'), { recursive: true })
  renameSync(at('b'), at('d'))
}

describe.each(ways)('by %s', way => {
  /** What is to be listed again, of a tree with whose directories something was done since they were seen. */
  function changed(
    act: () => void,
    walkedFrom: (newest: bigint) => bigint = newest => newest + hour,
    wrap: (tree: Tree) => Tree = tree => tree,
  ): readonly string[] {
    writeTree(temporary.path, { a: {}, b: { c: {} } })
    using opened = openTree(temporary.path, way, 'source')
    const seen = entriesOf(opened.tree)
    act()
    const tree = wrap(opened.tree)
    const held = new HeldDirectories(tree)
    const newest = seen.reduce((most, { ctimeNs }) => (ctimeNs > most ? ctimeNs : most), 0n)
    const indexes = finish(
      findChanged(
        { tree, held },
        {
          parents: ['', '', 'b'],
          counts: [1, 2, 1],
          names: '/a/b/c',
          times: BigInt64Array.from(seen.flatMap(({ mtimeNs, ctimeNs }) => [mtimeNs, ctimeNs])),
          walkedFromNs: walkedFrom(newest),
        },
      ),
    )
    held.close()
    return indexes.map(index => paths[index] ?? '?')
  }

  it('nothing, of a tree that rests', () => {
    expect(changed(() => undefined)).toEqual([])
  })

  it('a directory that got another time', () => {
    expect(changed(() => utimesSync(at('b/c'), 1, 1))).toEqual(['b/c'])
    expect(changed(() => utimesSync(at(''), 1, 1))).toEqual([''])
  })

  it('all that was changed about when the walk began, for clocks tick', () => {
    expect(
      changed(
        () => undefined,
        newest => newest + 1n,
      ),
    ).toEqual(paths)
  })

  it('nothing of what is gone', () => {
    expect(changed(takeAway).filter(path => path !== '')).toEqual([])
  })

  it('what cannot be looked at', () => {
    expect(changed(() => undefined, undefined, without('a'))).toEqual(['a'])
  })
})
