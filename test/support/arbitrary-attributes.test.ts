import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { treeLiteral } from './arbitrary-tree.js'
import { compareTrees, exactly } from './compare-trees.js'
import { isRoot } from './entry-kind.js'
import { hasAttributes, readAttributes } from './extended-attributes.js'
import { useTemporaryDirectory } from './temp.js'
import { stepsOf, type TreeLiteral } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const temporary = useTemporaryDirectory()
const everything = {
  fifos: true,
  specials: true,
  before1970: true,
  nanoseconds: true,
  owners: true,
  holes: true,
  longestAttribute: 60_000,
  maxDepth: 3,
}

const devices = isRoot ? ['character device', 'block device'] : []

function sample(numRuns: number): readonly TreeLiteral[] {
  return fc.sample(treeLiteral(everything), { numRuns, seed: 7 })
}

test('attributes of every name space come up, on each kind that may have them, as empty and as long ones', () => {
  const nodes = sample(1500).flatMap(tree => [...stepsOf(tree)].map(({ node }) => node))
  const all = nodes.flatMap(node =>
    [...node.common.xattrs].map(([name, value]) => ({ kind: node.is.kind, name, value })),
  )
  const spaces = new Set(all.map(({ kind, name }) => `${kind} ${name.split('.')[0]}`))
  expect(spaces).toEqual(
    new Set([
      ...['user', 'trusted', 'security', 'system'].map(space => `file ${space}`),
      ...['user', 'trusted', 'system'].map(space => `directory ${space}`),
      'symlink trusted',
      ...['fifo', 'socket', ...devices].flatMap(kind => [`${kind} trusted`, `${kind} system`]),
    ]),
  )
  const lengths = all.map(({ value }) => value.length)
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([0, 60_000])
})

describe.runIf(isRoot && hasAttributes)('all that a tree can have', () => {
  test('is written as it is said, and read by the comparer', () => {
    for (const [index, tree] of sample(15).entries()) {
      const [one, other] = [join(temporary.path, `${index}`), join(temporary.path, `${index} again`)]
      for (const place of [one, other]) writeTree(place, tree)
      expect(compareTrees(one, other, exactly)).toEqual([])
      const [found] = readAttributes([one])
      const count = [...stepsOf(tree)].filter(
        ({ step, node }) => step !== 'leave' && node.common.xattrs.size > 0,
      )
      // A list that says no more than a mode is none.
      expect(found?.size).toBe(count.length)
    }
  })
})
