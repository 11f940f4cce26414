import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { compareTrees, expectEqualTrees } from './compare-trees.js'
import { type EditKind, randomEdits } from './random-edits.js'
import { Random } from './random.js'
import { randomTree } from './random-tree.js'
import { type Snapshot, readTree, snapshotOf } from './read-tree.js'
import { useTemporaryDirectory } from './temp.js'
import { symlink } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const temporary = useTemporaryDirectory()
const posix = process.platform !== 'win32'
let root = ''
let twin = ''

beforeEach(() => {
  root = join(temporary.path, 'root')
  twin = join(temporary.path, 'twin')
})

test('a seed always gives the same numbers', () => {
  const [one, other] = [new Random(7), new Random(7)]
  const numbers = Array.from({ length: 1000 }, () => one.fraction())
  expect(numbers).toEqual(Array.from({ length: 1000 }, () => other.fraction()))
  expect(numbers.every(number => number >= 0 && number < 1)).toBe(true)
  expect(new Set(numbers).size).toBe(1000)
  expect(new Set(one.shuffle([1, 2, 3, 4, 5]))).toEqual(new Set([1, 2, 3, 4, 5]))
})

test('a seed always gives the same tree', () => {
  randomTree(root, { seed: 3, entries: 500, fifos: posix, hardLinks: posix })
  randomTree(twin, { seed: 3, entries: 500, fifos: posix, hardLinks: posix })
  expectEqualTrees(root, twin, { hardLinks: true })
  const kinds = new Set(Object.values(readTree(root)).map(({ kind }) => kind))
  expect(kinds).toEqual(new Set(['file', 'directory', 'symlink', ...(posix ? ['fifo'] : [])]))
  expect(Object.keys(readTree(root))).toHaveLength(501)
})

test('a seed always gives the same edits, and each of them is seen', () => {
  for (const place of [root, twin]) randomTree(place, { seed: 5, entries: 300 })
  const options = { seed: 9, count: 250, fifos: posix, hardLinks: posix }
  const log = randomEdits(root, options)
  expect(compareTrees(root, twin).length).toBeGreaterThan(100)
  expect(randomEdits(twin, options)).toEqual(log)
  // Directories' own times are those of the clock.
  const kinds = { times: false, hardLinks: true }
  expectEqualTrees(root, twin, kinds)
  for (const from of ['file', 'empty directory', 'full directory', 'symlink']) {
    const replaced = log.filter(line => line.includes(` replace ${from} `))
    expect(replaced.length).toBeGreaterThan(5)
  }
})

test('nothing outside the root is touched', () => {
  const outside = { outside: { kept: 'kept' }, up: 'x' }
  writeTree(temporary.path, outside)
  const links = Array.from({ length: 40 }, (_, index) => [`link ${index}`, symlink('../outside')] as const)
  writeTree(root, new Map(links))
  randomEdits(root, { seed: 1, count: 300 })
  const { '.': _, ...found } = readTree(temporary.path)
  const { '.': __, ...before } = snapshotOf(outside)
  const kept = Object.entries(found).filter(([path]) => path !== 'root' && !path.startsWith('root/'))
  expect(Object.fromEntries(kept)).toEqual(before)
})

test.each([
  ['rewrite', ['content', 'mtime']],
  ['grow', ['size', 'mtime']],
  ['truncate', ['size', 'mtime']],
  ['touch', ['mtime']],
  ['retarget', ['target', 'mtime']],
  ...(posix ? ([['chmod', ['mode']]] as const) : []),
] as const)('%s changes what it says', (kind: EditKind, changes: readonly string[]) => {
  const tree = { a: 'some content', d: { e: 'x'.repeat(10_000) }, link: symlink('somewhere') }
  for (const seed of [1, 2, 3, 4, 5]) {
    const [one, other] = [`${root}${seed}`, `${twin}${seed}`]
    for (const place of [one, other]) writeTree(place, tree)
    const log = randomEdits(one, { seed, count: 1, kinds: [kind] })
    const kindOf = (path: string): string | undefined => readTree(one)[path]?.kind
    const found = compareTrees(one, other)
    const changed = [...new Set(found.filter(it => kindOf(it.path) !== 'directory').map(it => it.attribute))]
    expect(log).toHaveLength(1)
    expect(changes).toEqual(expect.arrayContaining(changed))
    expect(found).not.toEqual([])
  }
})

test('no large directory is removed', () => {
  writeTree(root, { large: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}`, ''])) })
  randomEdits(root, { seed: 2, count: 30, kinds: ['replace'], largestRemoved: 10 })
  const snapshot: Snapshot = readTree(root)
  expect(snapshot['large']?.kind).toBe('directory')
})

test.runIf(posix)('an empty tree can be edited, too', () => {
  writeTree(root, {})
  const log = randomEdits(root, { seed: 4, count: 100 })
  expect(log.length).toBeGreaterThanOrEqual(100)
  chmodSync(root, 0o755)
})
