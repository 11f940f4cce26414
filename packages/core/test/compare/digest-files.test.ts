import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { symlink } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { digestFiles } from '../../src/compare/digest-files.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import { finish } from '../support/pairs.js'
import { openTree, ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()

it.each(ways)('files are told by what they hold, and what cannot be read by nothing (%s)', way => {
  writeTree(temporary.path, { a: 'a', d: { b: 'b', link: symlink('b') } })
  const large = Buffer.alloc(3 << 18, 'x')
  writeFileSync(join(temporary.path, 'large'), large)
  using opened = openTree(temporary.path, way)
  const held = new HeldDirectories(opened.tree)
  const paths = ['large', 'd/b', 'd/link', 'none', 'none/b', 'a']
  const digests = finish(digestFiles({ tree: opened.tree, held }, { side: 'source', paths }))
  held.close()
  expect(digests).toEqual([digest(large), digest('b'), undefined, undefined, undefined, digest('a')])
})

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
