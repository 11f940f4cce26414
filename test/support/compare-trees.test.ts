import { chmodSync, linkSync, mkdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { type CompareOptions, compareTrees, expectEqualTrees } from './compare-trees.js'
import type { Difference } from './differences.js'
import { isRoot } from './entry-kind.js'
import { makeDeepTree } from './deep-tree.js'
import { randomTree } from './random-tree.js'
import { useTemporaryDirectory } from './temp.js'
import { type TreeLiteral, device, directory, fifo, file, hardLink, socket, symlink } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const temporary = useTemporaryDirectory()
const posix = process.platform !== 'win32'
let source = ''
let replica = ''

beforeEach(() => {
  source = join(temporary.path, 'source')
  replica = join(temporary.path, 'replica')
})

function differencesOf(
  one: TreeLiteral,
  other: TreeLiteral,
  options?: CompareOptions,
): readonly Difference[] {
  writeTree(source, one)
  writeTree(replica, other)
  return compareTrees(source, replica, options)
}

describe('one difference is found and it alone', () => {
  const time = '2020-01-02T03:04:05.000001Z'
  test.each([
    ['presence', { a: '' }, {}],
    ['presence', {}, { a: { b: { c: '' } } }],
    ['kind', { a: '' }, { a: {} }],
    ['kind', { a: symlink('b') }, { a: '' }],
    ['size', { a: 'one' }, { a: 'three' }],
    ['content', { a: 'one' }, { a: 'two' }],
    ['target', { a: symlink('b') }, { a: symlink('c') }],
    ['mtime', { a: '' }, { a: file('', { mtime: time }) }],
    ['mtime', { a: {} }, { a: directory({}, { mtime: time }) }],
    ['mtime', { a: symlink('b') }, { a: symlink('b', { mtime: time }) }],
  ] as const)('%s (%#)', (attribute, one, other) => {
    expect(differencesOf(one, other).map(it => `${it.path} ${it.attribute}`)).toEqual([`a ${attribute}`])
    expect(compareTrees(source, source)).toEqual([])
  })

  test.runIf(posix).each([
    ['mode', { a: '' }, { a: file('', { mode: 0o600 }) }],
    ['mode', { a: {} }, { a: directory({}, { mode: 0o1755 }) }],
    ['mode', { a: fifo() }, { a: fifo({ mode: 0o600 }) }],
    ['kind', { a: fifo() }, { a: '' }],
    ['kind', { a: fifo() }, { a: socket() }],
  ] as const)('%s (%#)', (attribute, one, other) => {
    expect(differencesOf(one, other).map(it => `${it.path} ${it.attribute}`)).toEqual([`a ${attribute}`])
  })

  test.runIf(isRoot).each([
    ['uid', { a: file('', { uid: 7 }) }, { a: file('', { uid: 8 }) }],
    ['gid', { a: {} }, { a: directory({}, { gid: 9 }) }],
    ['uid', { a: symlink('b') }, { a: symlink('b', { uid: 9 }) }],
    ['device', { a: device('character device', [1, 3]) }, { a: device('character device', [1, 5]) }],
  ] as const)('%s (%#)', (attribute, one, other) => {
    expect(differencesOf(one, other).map(it => `${it.path} ${it.attribute}`)).toEqual([`a ${attribute}`])
    expect(compareTrees(source, replica, { owner: false }).length).toBe(attribute === 'device' ? 1 : 0)
  })
})

test('a single byte deep inside a large file', () => {
  const content = new Uint8Array(1_000_000)
  const other = content.slice()
  other[900_000] = 1
  expect(differencesOf({ a: content }, { a: other })).toEqual([
    { path: 'a', attribute: 'content', source: 'byte 900000 is 0x00', replica: 'byte 900000 is 0x01' },
  ])
})

test.runIf(posix)('the attributes of the roots', () => {
  writeTree(source, directory({}, { mode: 0o700 }))
  writeTree(replica, directory({}, { mode: 0o755, mtime: 0n }))
  const found = compareTrees(source, replica).map(it => `${it.path} ${it.attribute}`)
  expect(found).toEqual(['. mode', '. mtime'])
  expect(compareTrees(source, replica, { mode: false, times: false })).toEqual([])
})

function at(mtime: bigint): TreeLiteral {
  return { a: file('', { mtime }) }
}

test('times of files alone, where those of directories are not asked for', () => {
  const time = '2020-01-02T03:04:05Z'
  const one: TreeLiteral = { a: { b: '', c: symlink('b') } }
  const other: TreeLiteral = {
    a: directory({ b: file('', { mtime: time }), c: symlink('b', { mtime: time }) }, { mtime: time }),
  }
  const found = differencesOf(one, other, { times: 'files' })
  expect(found.map(it => `${it.path} ${it.attribute}`)).toEqual(['a/b mtime', 'a/c mtime'])
})

test('times at the precision asked for, floored', () => {
  const second = 1_000_000_000n
  expect(differencesOf(at(5n * second), at(6n * second - 1000n), { precisionNs: second })).toEqual([])
  expect(compareTrees(source, replica)).toHaveLength(1)
  expect(differencesOf(at(-1000n), at(0n), { precisionNs: second })).toHaveLength(1)
})

test.runIf(posix)('hard links when asked for', () => {
  const tree = { a: 'x', b: hardLink('a'), c: 'x' }
  expect(differencesOf(tree, { a: 'x', b: 'x', c: 'x' })).toEqual([])
  linkSync(join(source, 'c'), join(temporary.path, 'outside'))
  expect(compareTrees(source, replica, { hardLinks: true })).toEqual([
    { path: 'a', attribute: 'hard links', source: 'a = b', replica: 'alone' },
    { path: 'b', attribute: 'hard links', source: 'a = b', replica: 'alone' },
  ])
})

test.runIf(posix)('nanoseconds, before 1970 and after 2038, of files, directories and links', () => {
  for (const time of [-1n, -1_000_000_001n, 2n ** 32n * 1_000_000_000n + 1n, 1n]) {
    const [one, other] = [{ mtime: time }, { mtime: time + 1n }]
    const found = differencesOf(
      { f: file('', one), d: directory({}, one), l: symlink('x', one) },
      { f: file('', other), d: directory({}, other), l: symlink('x', other) },
      { precisionNs: 1n },
    )
    expect(found.map(it => `${it.path} ${it.attribute}`)).toEqual(['d mtime', 'f mtime', 'l mtime'])
  }
})

test.runIf(posix)('holes, when asked for', () => {
  writeTree(source, { a: new Uint8Array(1_000_000), b: '' })
  writeTree(replica, { a: '', b: '' })
  truncateSync(join(replica, 'a'), 1_000_000)
  const options = { times: false, blocksWithin: 65_536 }
  expect(compareTrees(source, replica, options).map(it => `${it.path} ${it.attribute}`)).toEqual(['a blocks'])
  expect(compareTrees(source, replica, { times: false, blocksWithin: 2_000_000 })).toEqual([])
})

test('what is ignored is left out with all below it', () => {
  const options = { ignore: (path: string): boolean => path === 'keep/out', times: false }
  const found = differencesOf(
    { keep: { out: { a: '' }, in: '' } },
    { keep: { in: 'x', out: { b: '' } } },
    options,
  )
  expect(found.map(it => it.path)).toEqual(['keep/in'])
})

test('the error shows the first differences, escaped', () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index + 10}`, '']))
  writeTree(source, { ...many, ...(posix ? { '0\n1': '' } : { '01': '' }) })
  mkdirSync(replica)
  const show = (): void => expectEqualTrees(source, replica, { times: false, mode: false, owner: false })
  expect(show).toThrow(
    /^31 differences between source and replica\n {2}0\S+: presence: source file, replica absent/,
  )
  expect(show).toThrow(/and 11 more$/)
  expect(() => expectEqualTrees(source, source)).not.toThrow()
})

test.runIf(process.platform === 'linux')('trees 3,000 deep, beyond any path', () => {
  makeDeepTree(source, 3000)
  makeDeepTree(replica, 3000, 'else')
  const start = performance.now()
  const found = compareTrees(source, replica, { times: false })
  expect(performance.now() - start).toBeLessThan(2000)
  expect(found).toHaveLength(1)
  expect(found[0]?.attribute).toBe('content')
  expect(found[0]?.path.split('/')).toHaveLength(3001)
})

test.runIf(posix && !isRoot)('what cannot be read is a difference', () => {
  writeTree(source, { a: 'x', d: {} })
  writeTree(replica, { a: 'x', d: {} })
  chmodSync(join(source, 'a'), 0)
  chmodSync(join(source, 'd'), 0)
  const found = compareTrees(source, replica, { mode: false })
  expect(found.map(it => `${it.path} ${it.attribute}`)).toEqual(['a readable', 'd readable'])
})

test('a tree of many entries is compared quickly', () => {
  randomTree(source, { seed: 1, entries: 1000 })
  randomTree(replica, { seed: 1, entries: 1000 })
  const start = performance.now()
  expect(compareTrees(source, replica)).toEqual([])
  expect(performance.now() - start).toBeLessThan(3000)
})
