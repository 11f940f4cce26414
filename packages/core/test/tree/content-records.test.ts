import { expect, it } from 'vitest'
import type { Entry } from '../../src/model/entry.js'
import type { Name } from '../../src/model/path.js'
import {
  countAt,
  encodeDirectory,
  NewRecords,
  placeAt,
  RememberedDirectory,
} from '../../src/tree/content-records.js'

function entry(change: Partial<Entry> = {}): Entry {
  const numbers = { size: 7, allocated: 512, mode: 0o644, uid: 0, gid: 0, links: 1, deviceNumber: 0 }
  const times = { mtimeNs: 1_700_000_000_123_456_789n, ctimeNs: -5n }
  return { kind: 'file', ...numbers, ...times, device: 1n, inode: 2n ** 63n + 9n, ...change }
}

const names = ['a', 'ÿ', '\u{1F600}', '\uDC80b'] as Name[]

function remembered(path: string, at = 0): RememberedDirectory {
  const records = new NewRecords()
  for (const [index, name] of names.entries())
    records.add(name, entry(), entry({ inode: BigInt(index) }), -1n - BigInt(index))
  const { names: joined = '', cells = new BigInt64Array() } = records.take() ?? {}
  const bytes = encodeDirectory(path, joined, cells)
  const memory = new SharedArrayBuffer(at + bytes.length)
  new Uint8Array(memory).set(bytes, at)
  expect([placeAt(memory, at), countAt(memory, at)]).toEqual([
    { path, next: at + bytes.length },
    names.length,
  ])
  return new RememberedDirectory(memory, at)
}

it.each(['', 'plain', 'ÿ/\u{1F600}', '\uDCFF'])('gives back what was written (%j)', path => {
  const directory = remembered(path, 96)
  expect([directory.path, directory.names, directory.length % 8]).toEqual([path, names, 0])
  expect(names.map((_, index) => directory.digest(index))).toEqual([-1n, -2n, -3n, -4n])
  expect(directory.pick([2, 0]).names).toEqual([names[2], names[0]])
})

it('is like only what is the same in all that tells', () => {
  const directory = remembered('x')
  const [source, replica] = [entry(), entry({ inode: 1n })]
  expect(directory.compare(1, source, replica)).toEqual({ source: true, replica: true })
  for (const change of [{ inode: 3n }, { mtimeNs: 1n }, { ctimeNs: 1n }]) {
    expect(directory.compare(1, entry(change), replica)).toEqual({ source: false, replica: true })
    expect(directory.compare(1, source, { ...replica, ...change })).toEqual({ source: true, replica: false })
  }
  expect(directory.compare(1, entry({ size: 8 }), replica)).toEqual({ source: false, replica: false })
  expect(directory.compare(1, source, { ...replica, size: 8 })).toEqual({ source: true, replica: false })
})

it('knows what was found rotten, which is otherwise as it was', () => {
  const records = new NewRecords()
  records.addRotten('ÿ' as Name, remembered('x'), 1)
  const { names: joined = '', cells = new BigInt64Array() } = records.take() ?? {}
  const bytes = encodeDirectory('x', joined, cells)
  const directory = new RememberedDirectory(bytes.buffer, 0)
  expect([directory.names, directory.digest(0)]).toEqual([[names[1]], -2n])
  expect(directory.compare(0, entry(), entry({ inode: 1n }))).toEqual({ source: true, replica: true })
  expect(directory.compare(0, entry({ size: 8 }), entry({ inode: 1n })).source).toBe(false)
  expect([directory.isRotten(0), remembered('x').isRotten(1)]).toEqual([true, false])
})

it('keeps each of many', () => {
  const records = new NewRecords()
  for (let index = 0; index < 100; index++)
    records.add(`${index}` as Name, entry(), entry({ inode: BigInt(index) }), BigInt(index))
  const { names: joined = '', cells = new BigInt64Array() } = records.take() ?? {}
  const directory = new RememberedDirectory(encodeDirectory('', joined, cells).buffer, 0)
  for (let index = 0; index < 100; index++)
    expect(directory.compare(index, entry(), entry({ inode: BigInt(index) })).replica).toBe(true)
})
