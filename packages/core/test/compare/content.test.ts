import { describe, expect, it } from 'vitest'
import { compareContent, type ContentQuestion } from '../../src/compare/content.js'
import { loadHash } from '../../src/hash/hasher.js'
import { reasonsOf } from '../../src/model/change.js'
import type { Problem } from '../../src/model/problem.js'
import type { FileHandle, Tree } from '../../src/tree/tree.js'
import { bytes } from '../../../../test/support/byte-names.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { directory, fifo, symlink, type EntryLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import {
  Descriptors,
  name,
  openTree,
  systemError,
  ways,
  withFileOperations,
  withOperations,
} from '../support/trees.js'

const temporary = useTemporaryDirectory()
const mebibyte = 1 << 20

interface Around {
  readonly hash?: string | undefined
  readonly source?: (tree: Tree) => Tree
  readonly replica?: (tree: Tree) => Tree
  readonly way?: (typeof ways)[number] | undefined
}

interface Answer {
  readonly answer: string | Problem
  readonly steps: number
}

/** What is said of two entries called `x`; everything opened must be closed again. */
async function compare(
  source: EntryLiteral,
  replica: EntryLiteral | undefined,
  around: Around = {},
): Promise<Answer> {
  writeTree(temporary.path, { s: { x: source }, r: replica === undefined ? {} : { x: replica } })
  using sourceTree = openTree(`${temporary.path}/s`, around.way)
  using replicaTree = openTree(`${temporary.path}/r`, around.way)
  const entry = sourceTree.tree.stat(sourceTree.tree.root, name('x'))
  if (entry === undefined) throw new Error('the source has no x')
  const descriptors = new Descriptors()
  const side = (tree: Tree, wrap: ((tree: Tree) => Tree) | undefined): ContentQuestion['source'] => {
    const watched = descriptors.watch(tree)
    return { tree: wrap === undefined ? watched : wrap(watched), directory: tree.root }
  }
  const running = compareContent({
    source: side(sourceTree.tree, around.source),
    replica: side(replicaTree.tree, around.replica),
    name: name('x'),
    path: 'd/x',
    entry,
    hash: around.hash === undefined ? undefined : await loadHash(around.hash),
  })
  let steps = 0
  let step = running.next()
  for (; step.done !== true; step = running.next()) steps += 1
  expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  return { answer: typeof step.value === 'number' ? reasonsOf(step.value).join() : step.value, steps }
}

/** A tree whose files are read by `read`, told how often it was called. */
function reading(read: (file: FileHandle, call: number, into: Uint8Array, length: number) => number) {
  return (tree: Tree): Tree =>
    withOperations(tree, {
      openFile: (parent, each) => {
        const file = tree.openFile(parent, each)
        let call = 0
        return withFileOperations(file, { read: (into, length) => read(file, (call += 1), into, length) })
      },
    })
}

function failingAt(at: number, code: string): (tree: Tree) => Tree {
  return reading((file, call, into, length) => {
    if (call === at) throw systemError(code)
    return file.read(into, length)
  })
}

function large(last: string): Buffer {
  return Buffer.concat([Buffer.alloc(3 * mebibyte, 'x'), Buffer.from(last)])
}

describe.each([undefined, 'xxh64', 'sha256'])('files, by %s', hash => {
  it.each<[what: string, source: EntryLiteral, replica: EntryLiteral, answer: string]>([
    ['nothing', '', '', ''],
    ['equal', 'abc', 'abc', ''],
    ['another byte', 'abc', 'abd', 'content'],
    ['zeros', Buffer.alloc(10), Buffer.from('0'.repeat(10)), 'content'],
    ['one that ends earlier', 'abc', 'ab', 'content'],
    ['one that goes on', 'abc', 'abcd', 'content'],
    ['a large one', large('a'), large('a'), ''],
    ['a large one with another last byte', large('a'), large('b'), 'content'],
    ['a whole number of chunks', Buffer.alloc(2 * mebibyte, 'y'), Buffer.alloc(2 * mebibyte, 'y'), ''],
    [
      'a whole number of chunks, and one more',
      Buffer.alloc(mebibyte, 'y'),
      Buffer.alloc(mebibyte + 1, 'y'),
      'content',
    ],
    ['the largest that is read at once', Buffer.alloc(65_535, 'z'), Buffer.alloc(65_535, 'z'), ''],
    ['one more', Buffer.alloc(65_536, 'z'), Buffer.alloc(65_536, 'z'), ''],
  ])('%s', async (_, source, replica, answer) => {
    for (const way of ways) expect((await compare(source, replica, { hash, way })).answer).toBe(answer)
  })

  it('large ones are read in turn, so that no storage waits for the other to have been read whole', async () => {
    const order: string[] = []
    const noting = (side: string): ((tree: Tree) => Tree) =>
      reading((file, _, into, length) => {
        order.push(side)
        return file.read(into, length)
      })
    const two = Buffer.alloc(2 * mebibyte + 1, 'y')
    const around = { hash, source: noting('source'), replica: noting('replica') }
    expect((await compare(two, two, around)).answer).toBe('')
    expect(order.slice(0, 4)).toEqual(['source', 'replica', 'source', 'replica'])
  })

  it('small ones are read in one call each', async () => {
    const calls: number[] = []
    const counting = reading((file, call, into, length) => {
      calls.push(call)
      return file.read(into, length)
    })
    expect((await compare('abc', 'abc', { hash, source: counting, replica: counting })).answer).toBe('')
    expect(calls).toEqual([1, 1])
  })

  it('what comes in pieces is read to its end', async () => {
    const inPieces = reading((file, _, into, length) => file.read(into, Math.min(length, 2)))
    for (const [other, answer] of [
      ['abcde', ''],
      ['abcdf', 'content'],
    ] as const) {
      const pieces = { hash, source: inPieces, replica: inPieces }
      expect((await compare('abcde', other, pieces)).answer).toBe(answer)
    }
  })

  it('what grows beyond what is read at once differs, for the copy to look at', async () => {
    const grown = reading((_, call, into, length) => (call === 1 ? into.fill(0).length : Math.min(length, 1)))
    expect((await compare('a', 'a', { hash, source: grown, replica: grown })).answer).toBe('content')
  })

  it('however few bytes a read gives', async () => {
    const short = reading((file, _, into, length) => file.read(into, Math.min(length, 7)))
    const content = 'a'.repeat(100)
    expect((await compare(content, content, { hash, source: short })).answer).toBe('')
    expect((await compare(content, content, { hash, replica: short })).answer).toBe('')
    expect((await compare(content, `${content.slice(1)}b`, { hash, source: short })).answer).toBe('content')
  })

  it('large ones let others run', async () => {
    expect((await compare(large('a'), large('a'), { hash })).steps).toBeGreaterThanOrEqual(3)
  })

  it.each<[what: string, source: EntryLiteral, around: Around, problem: Partial<Problem>]>([
    [
      'cannot be read',
      'abc',
      { source: failingAt(1, 'EIO') },
      {
        code: 'source-unreadable',
        exitCode: 23,
        errno: 'EIO',
        message: 'cannot read "d/x": input/output error (EIO)',
      },
    ],
    [
      'cannot be read on',
      large('a'),
      { source: failingAt(2, 'EIO') },
      { code: 'source-unreadable', errno: 'EIO' },
    ],
    [
      'may not be opened',
      'abc',
      { source: tree => withOperations(tree, { openFile: () => fail('EACCES') }) },
      {
        code: 'source-unreadable',
        errno: 'EACCES',
        message: 'cannot read "d/x": permission denied (EACCES)',
      },
    ],
    [
      'vanished',
      'abc',
      { source: tree => withOperations(tree, { openFile: () => fail('ENOENT') }) },
      {
        code: 'source-changed',
        exitCode: 24,
        errno: 'ENOENT',
        message: '"d/x" vanished while the source was read',
      },
    ],
  ])('a source that %s is told', async (_, source, around, problem) => {
    const { answer } = await compare(source, source, { ...around, hash })
    expect(answer).toMatchObject({ side: 'source', path: 'd/x', ...problem })
  })

  it.each<[what: string, around: Around]>([
    ['may not be opened', { replica: tree => withOperations(tree, { openFile: () => fail('EACCES') }) }],
    ['is gone', { replica: tree => withOperations(tree, { openFile: () => fail('ENOENT') }) }],
    ['cannot be read', { replica: failingAt(1, 'EIO') }],
    ['cannot be read on', { replica: failingAt(2, 'EIO') }],
  ])('a replica that %s is written anew', async (_, around) => {
    expect((await compare(large('a'), large('a'), { ...around, hash })).answer).toBe('content')
  })

  it.each<[what: string, replica: EntryLiteral | undefined]>([
    ['nothing', undefined],
    ['a link', symlink('../s/x')],
    ['a directory', directory({})],
    ['a FIFO', fifo()],
  ])('%s in the replica by now is different', async (_, replica) => {
    expect((await compare('abc', replica, { hash })).answer).toBe('content')
  })
})

function fail(code: string): never {
  throw systemError(code)
}

describe('links', () => {
  it.each<[source: string, replica: EntryLiteral | undefined, answer: string]>([
    ['a', symlink('a'), ''],
    ['a', symlink('b'), 'target'],
    ['a', symlink('./a'), 'target'],
    [bytes('ff'), symlink(bytes('ff')), ''],
    [bytes('ff'), symlink(bytes('fe')), 'target'],
    ['a', undefined, 'target'],
    ['a', 'a', 'target'],
  ])('%j', async (source, replica, answer) => {
    for (const way of ways) expect((await compare(symlink(source), replica, { way })).answer).toBe(answer)
  })

  it.each<[code: string, problem: Partial<Problem>]>([
    ['ENOENT', { code: 'source-changed' }],
    ['EACCES', { code: 'source-unreadable' }],
  ])('one of the source that fails with %s is told', async (code, problem) => {
    const source = (tree: Tree): Tree => withOperations(tree, { readLink: () => fail(code) })
    expect((await compare(symlink('a'), symlink('a'), { source })).answer).toMatchObject(problem)
  })
})
