import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withHardLinks } from './arbitrary-links.js'
import { arbitraryName, shownAsLiteral, treeLiteral } from './arbitrary-tree.js'
import { fewNames, withFewNames } from './few-names.js'
import { readTree, snapshotOf } from './read-tree.js'
import { useTemporaryDirectory } from './temp.js'
import { rootOf } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const temporary = useTemporaryDirectory()
const trees = treeLiteral({ fifos: process.platform !== 'win32', maxDepth: 2 }).map(rootOf)

test('files get more names, in their own and in other directories', () => {
  const sampled = fc.sample(withHardLinks(trees, arbitraryName), { numRuns: 200, seed: 1 })
  const groups = sampled.flatMap(tree => Object.values(snapshotOf(tree)).flatMap(it => it.hardLinks ?? []))
  expect(groups.length).toBeGreaterThan(200)
  expect(groups.filter(path => path.includes('/')).length).toBeGreaterThan(20)
})

test('what was there stays, and the tree can be written', () => {
  const few = trees.map(withFewNames)
  const [one] = fc.sample(few, { numRuns: 1, seed: 3 })
  const [linked] = fc.sample(withHardLinks(fc.constant(one ?? rootOf({})), fc.constantFrom(...fewNames)), {
    numRuns: 1,
    seed: 3,
  })
  writeTree(temporary.path, linked ?? {})
  expect(readTree(temporary.path)).toEqual(snapshotOf(linked ?? {}))
  const kept = Object.keys(snapshotOf(linked ?? {}))
  expect(Object.keys(snapshotOf(one ?? {})).filter(path => !kept.includes(path))).toEqual([])
})

test('a counterexample is shown as a literal', () => {
  const [sampled] = fc.sample(withHardLinks(trees, arbitraryName).map(shownAsLiteral), {
    numRuns: 1,
    seed: 1,
  })
  expect(fc.stringify(sampled)).toMatch(/^directory\(\{/)
})
