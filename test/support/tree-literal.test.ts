import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { treeLiteral } from './arbitrary-tree.js'
import { bytes } from './byte-names.js'
import { isRoot } from './entry-kind.js'
import { readTree, snapshotOf } from './read-tree.js'
import { temporaryDirectory, useTemporaryDirectory } from './temp.js'
import { nanoseconds } from './times.js'
import { device, directory, fifo, file, hardLink, socket, symlink } from './tree-literal.js'
import { writeTree } from './write-tree.js'

const temporary = useTemporaryDirectory()
const windows = process.platform === 'win32'

test('a tree is read as it was written', () => {
  const tree = {
    'a.txt': 'text',
    'long.bin': new Uint8Array(1000),
    ['__proto__']: 'an own name',
    shut: file('x', { mode: isRoot ? 0 : 0o400, mtime: '1999-12-31T23:59:59.123456Z' }),
    docs: { 'b.txt': 'b', deeper: directory({ c: '' }, { mode: 0o500, mtime: 1n }) },
    dangling: symlink('no/where', { mtime: '2001-01-01T00:00:00Z' }),
  }
  writeTree(temporary.path, directory(tree, { mode: 0o750 }))
  const found = readTree(temporary.path)
  expect(found).toEqual(snapshotOf(directory(tree, { mode: 0o750 })))
  expect(found['a.txt']).toMatchObject({
    kind: 'file',
    mode: '0644',
    mtimeNs: '1577934245678912000',
    content: 'text',
    size: 4,
  })
  expect(found['long.bin']?.content).toMatch(/^sha1 /)
  expect(found['dangling']?.target).toBe('no/where')
  expect(found['.']?.mode).toBe('0750')
})

test.skipIf(windows)('hard links, FIFOs and sockets', () => {
  const tree = { a: 'one file', d: { b: hardLink('a') }, pipe: fifo({ mode: 0o600 }), door: socket() }
  writeTree(temporary.path, tree)
  const found = readTree(temporary.path)
  expect(found).toEqual(snapshotOf(tree))
  expect(found['d/b']?.hardLinks).toEqual(['a', 'd/b'])
})

test.runIf(isRoot)('devices and owners', () => {
  const tree = {
    null: device('character device', [1, 3]),
    ram: device('block device', [300, 70_000]),
    theirs: file('', { uid: 1000, gid: 1001, mode: 0o4755 }),
    link: symlink('x', { uid: 5 }),
  }
  writeTree(temporary.path, tree)
  expect(readTree(temporary.path)).toEqual(snapshotOf(tree))
})

test.runIf(process.platform === 'linux')('names that are not UTF-8, and nanoseconds', () => {
  const mtime = '2020-01-01T00:00:00.123456789Z'
  const odd = new Map([
    [bytes('ff fe'), file('', { mtime })],
    [`${bytes('80')}\n`, symlink(bytes('ff'), { mtime })],
    ['pipe', fifo({ mtime: -1_500_000_001n })],
  ])
  writeTree(temporary.path, odd)
  const found = readTree(temporary.path, { precisionNs: 1n })
  expect(found).toEqual(snapshotOf(odd, { precisionNs: 1n }))
  expect(found['\udcff\udcfe']?.mtimeNs).toBe(String(nanoseconds(mtime)))
  expect(found['\udc80\n']?.target).toBe('\udcff')
})

test('a later tree is laid over what is there', () => {
  writeTree(temporary.path, { a: 'old', b: 'kept', d: directory({ x: '1' }, { mode: 0o500 }) })
  writeTree(temporary.path, { a: symlink('b'), d: { y: '2' } })
  const now = { a: symlink('b'), b: 'kept', d: { x: '1', y: '2' } }
  expect(readTree(temporary.path)).toEqual(snapshotOf(now))
  expect(() => writeTree(temporary.path, { d: 'a file' })).toThrow('a directory is in the way: d')
})

test('what cannot be a name is refused', () => {
  for (const name of ['', '.', '..', 'a/b', '\0'])
    expect(() => directory({ [name]: '' })).toThrow('not a name')
  expect(() => writeTree(temporary.path, { a: hardLink('nothing') })).toThrow('a hard link goes to nothing')
})

test('any arbitrary tree is read as it was written', () => {
  fc.assert(
    fc.property(treeLiteral({ fifos: false, before1970: true }), tree => {
      using place = temporaryDirectory()
      writeTree(place.path, tree)
      expect(readTree(place.path)).toEqual(snapshotOf(tree))
    }),
    { numRuns: 50 },
  )
})

test('content may be any bytes', () => {
  writeTree(temporary.path, { a: Buffer.from([0xff, 0x61]), b: bytes('ff 61') })
  expect(readTree(temporary.path)['a']?.content).toBe('\udcffa')
  expect(readTree(temporary.path)['b']?.size).toBe(2)
})
