import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { followed } from '../../src/compare/follow-links.js'
import type { ListingContext } from '../../src/compare/list-names.js'
import { Unseen } from '../../src/compare/look.js'
import { NodeMark } from '../../src/model/node-mark.js'
import { baseName, parentPath, type RelativePath } from '../../src/model/path.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import { openRoot } from '../../src/tree/local.js'
import { openTree } from '../../src/tree/open-tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { symlink } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()

function identityOf(name: string): string {
  const { dev, ino } = lstatSync(join(temporary.path, name), { bigint: true })
  return `${dev}:${ino}`
}

describe.each(ways)('by %s', way => {
  /** What is made of a name of the source: its kind, or why it is not followed. */
  function look(path: RelativePath, { hasReplica = true } = {}): string {
    writeTree(temporary.path, {
      source: {
        file: 'x',
        real: { deep: { home: symlink('../..'), above: symlink('..'), own: {} } },
        toFile: symlink('../out/file'),
        toOut: symlink('../out'),
        toReplica: symlink('../replica'),
        toBelow: symlink('../replica/d/e'),
      },
      replica: { d: { e: {} }, file: 'x' },
      out: { file: 'xx' },
    })
    const opened = openRoot('source', join(temporary.path, 'source'), way)
    const tree = openTree({ ...opened.spec, follows: true })
    const held = new HeldDirectories(tree)
    try {
      const directory = held.enter(parentPath(path))
      const name = baseName(path)
      const found = tree.stat(directory, name)
      if (found === undefined) return 'nothing'
      const side = { tree, held }
      const roots = { sourceIdentity: identityOf('source'), replicaIdentity: identityOf('replica') }
      const context = { source: side, replica: hasReplica ? side : undefined, roots }
      // No more of it is asked for.
      const seen = followed(context as unknown as ListingContext, { tree, directory }, { name, path, found })
      return seen instanceof Unseen ? `${seen.marks} ${seen.problem.message}` : seen.kind
    } finally {
      held.close()
      opened.close()
    }
  }

  it.each(['file', 'toFile', 'real'])('%s is what it is', path => {
    expect(look(path)).toBe(path === 'real' ? 'directory' : 'file')
  })

  it('a directory outside of both is entered', () => {
    expect([look('toOut'), look('real/deep/own')]).toEqual(['directory', 'directory'])
  })

  it.each(['real/deep/home', 'real/deep/above'])('%s leads to a directory that it lies in', path => {
    expect(look(path)).toMatch(/^0 .*leads to a directory that it lies in itself: it is not followed/)
  })

  it.each(['toReplica', 'toBelow'])('%s leads into the replica', path => {
    expect(look(path)).toMatch(new RegExp(`^${NodeMark.otherRoot} .*leads into the replica`))
    expect(look(path, { hasReplica: false })).toBe('directory')
  })
})
