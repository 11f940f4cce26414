import { expect, it } from 'vitest'
import { PathTree } from '../../src/backup/path-tree.js'

function treeOf(values: Readonly<Record<string, number>>): PathTree<number> {
  const tree = new PathTree<number>()
  for (const [path, value] of Object.entries(values)) tree.set(path, value)
  return tree
}

const shown = (tree: PathTree<number>): Record<string, number> => Object.fromEntries(tree.entries())

it('holds the root, what lies deep, and nothing in between', () => {
  const tree = treeOf({ '': 1, 'a/b/c': 2 })
  expect([tree.get(''), tree.get('a/b/c'), tree.get('a/b'), tree.get('x/y')]).toEqual([
    1,
    2,
    undefined,
    undefined,
  ])
  expect(shown(tree)).toEqual({ '': 1, 'a/b/c': 2 })
})

it('forgets one path and not those below', () => {
  const tree = treeOf({ a: 1, 'a/b': 2 })
  tree.set('a', undefined)
  expect(shown(tree)).toEqual({ 'a/b': 2 })
})

it('shows those above before those below', () => {
  const paths = Array.from(treeOf({ 'a/b/c': 3, a: 1, 'a/b': 2, '': 0 }).entries(), ([path]) => path)
  expect(paths).toEqual(['', 'a', 'a/b', 'a/b/c'])
})

it.each<[what: string, from: string, to: string, after: Record<string, number>]>([
  ['takes along what lies below, and not what is only alike', 'a', 'x', { x: 1, 'x/b': 2, ab: 3, c: 4 }],
  ['into a directory that nothing is known of', 'a', 'x/y', { 'x/y': 1, 'x/y/b': 2, ab: 3, c: 4 }],
  ['over another path', 'a', 'c', { c: 1, 'c/b': 2, ab: 3 }],
  ['of nothing changes nothing', 'none/at/all', 'c', { a: 1, 'a/b': 2, ab: 3, c: 4 }],
])('a move %s', (_, from, to, after) => {
  const tree = treeOf({ a: 1, 'a/b': 2, ab: 3, c: 4 })
  tree.move(from, to)
  expect(shown(tree)).toEqual(after)
})

it('a move leaves what the old path has nothing to say about', () => {
  const tree = treeOf({ 'a/one': 1, 'b/one': 2, 'b/two': 3 })
  tree.move('a', 'b')
  expect(shown(tree)).toEqual({ 'b/one': 1, 'b/two': 3 })
})

it('is as deep as paths are', () => {
  const deep = Array.from({ length: 5000 }, () => 'd').join('/')
  const tree = treeOf({ [deep]: 1, [`e/${deep.slice(2)}`]: 2 })
  tree.move('d', 'e')
  expect(tree.get(`e/${deep.slice(2)}`)).toBe(1)
})
