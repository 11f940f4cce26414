import { expect, it } from 'vitest'
import { factsOf, isStep, type JournalRecord, type Was, wasOf } from '../../src/backup/records.js'
import type { Entry } from '../../src/model/entry.js'

const entry: Entry = {
  kind: 'file',
  size: 3,
  allocated: 0,
  mode: 0o4755,
  uid: 1,
  gid: 2,
  mtimeNs: -1n,
  ctimeNs: 1_700_000_000_000_000_001n,
  device: 1n,
  inode: (1n << 64n) - 1n,
  links: 3,
  deviceNumber: 0,
}

it('holds in JSON what JSON cannot: times, inodes, and values of attributes', () => {
  const was = wasOf(entry, new Map([['user.\udcff', Buffer.from([0, 255])]]))
  expect(JSON.parse(JSON.stringify(was))).toEqual(was)
  expect(was).toMatchObject({
    mtime: '-1',
    ctime: '1700000000000000001',
    inode: '18446744073709551615',
    xattrs: [['user.\udcff', 'AP8=']],
  })
})

it('leaves out attributes that could not be read', () => {
  expect(wasOf(entry, new Map([['user.x', undefined]])).xattrs).toEqual([])
})

it("takes the size of a directory, which is nobody else's, for none", () => {
  expect(factsOf({ ...entry, kind: 'directory' }).size).toBe(0)
  expect(factsOf(entry).size).toBe(3)
})

it('knows what changed the replica from what only tells of it', () => {
  const was: Was = { ...factsOf(entry), xattrs: [] }
  const kept = { at: 'kept-0/1', isCopy: false, was }
  const steps: JournalRecord[] = [
    { op: 'put', path: 'a', inode: '1' },
    { op: 'take', path: 'a', kept },
    { op: 'makeDirectory', path: 'a' },
    { op: 'removeDirectory', path: 'a', was },
    { op: 'move', from: 'a', path: 'b', inode: '1' },
    { op: 'set', path: 'a', was },
  ]
  const others: JournalRecord[] = [
    { op: 'begin', version: 1, id: 'x', replica: '/r', device: '1', root: '2' },
    { op: 'directory', path: 'a', was },
    { op: 'temporary', path: 'a' },
    { op: 'failed' },
    { op: 'now', path: 'a', now: was },
    { op: 'end' },
  ]
  expect(steps.map(record => isStep({ ...record, at: '1' }))).toEqual(steps.map(() => true))
  expect(others.map(record => isStep({ ...record, at: '1' }))).toEqual(others.map(() => false))
})
