import { describe, expect, it } from 'vitest'
import { differences, KnownStates, lostFromBackup, type Looking } from '../../src/backup/expected.js'
import type { Told } from '../../src/backup/read-journal.js'
import type { Facts, JournalRecord, Kept } from '../../src/backup/records.js'
import { isStep } from '../../src/backup/records.js'
import type { Entry } from '../../src/model/entry.js'

function facts(inode: number, more: Partial<Facts> = {}): Facts {
  const text = String(inode)
  return {
    kind: 'file',
    size: 1,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: text,
    ctime: text,
    inode: text,
    links: 1,
    ...more,
  }
}

function entry(inode: number, more: Partial<Entry> = {}): Entry {
  const at = BigInt(inode)
  const fixed = {
    kind: 'file',
    size: 1,
    allocated: 0,
    mode: 0o644,
    uid: 0,
    gid: 0,
    device: 1n,
    links: 1,
  } as const
  return { ...fixed, mtimeNs: at, ctimeNs: at, inode: at, deviceNumber: 0, ...more }
}

const folder = (inode: number): Entry => entry(inode, { kind: 'directory', size: 4096 })

/** As they are read back; a step is in doubt where that is said. */
function told(...records: readonly (JournalRecord | { readonly doubt: JournalRecord })[]): readonly Told[] {
  return records.map((record, index) => {
    const isSure = !('doubt' in record)
    const timed = { ...('doubt' in record ? record.doubt : record), at: String(index) }
    return isStep(timed) ? { ...timed, isSure } : timed
  })
}

function looking(
  replica: Readonly<Record<string, Entry>>,
  backup: Readonly<Record<string, Entry>> = {},
): Looking {
  return {
    stat: path => replica[path],
    list: path =>
      Object.keys(replica)
        .filter(each => each.startsWith(`${path}/`) && !each.slice(path.length + 1).includes('/'))
        .map(each => each.slice(path.length + 1) as never),
    kept: at => backup[at],
  }
}

function changed(
  run: readonly Told[],
  replica: Readonly<Record<string, Entry>>,
  later: readonly Told[] = [],
): string[] {
  const known = new KnownStates()
  for (const each of [run, later]) known.add(each)
  return [...differences(run, known, looking(replica))]
}

const put = (path: string, inode: number): readonly JournalRecord[] => [
  { op: 'put', path, inode: String(inode) },
  { op: 'now', path, now: facts(inode) },
]
const kept = (inode: number, more: Partial<Kept> = {}, was: Partial<Facts> = {}): Kept => ({
  at: 'kept-0/1',
  isCopy: false,
  was: facts(inode, was),
  ...more,
})

const nowOf = (path: string, mode: number): JournalRecord => ({
  op: 'now',
  path,
  now: facts(1, { mode, links: 2 }),
})

const statMoved = (path: string): Entry | undefined =>
  path.startsWith('b/') ? entry(Number(path.slice(2))) : undefined

const lost = (run: readonly Told[], backup: Readonly<Record<string, Entry>>): string[] => [
  ...lostFromBackup(run, looking({}, backup)),
]

const takeOf = (more: Partial<Kept> = {}, was: Partial<Facts> = {}): JournalRecord => ({
  op: 'take',
  path: 'f',
  kept: kept(1, more, was),
})

describe('a file that a run left', () => {
  it.each<[what: string, found: Entry | undefined, isSame: boolean]>([
    ['is as it was left', entry(1), true],
    ['is gone', undefined, false],
    ['is another one', entry(2, { mtimeNs: 1n, ctimeNs: 1n }), false],
    ['is of another size', entry(1, { size: 2 }), false],
    ['has another mode', entry(1, { mode: 0o600 }), false],
    ['has another owner', entry(1, { uid: 7 }), false],
    ['has another group', entry(1, { gid: 7 }), false],
    ['has another time', entry(1, { mtimeNs: 10_000_000_000n }), false],
    ['was changed, and its time put back', entry(1, { ctimeNs: 2n }), false],
    ['has another kind', entry(1, { kind: 'fifo' }), false],
    ['has one more name, as our own links give it', entry(1, { ctimeNs: 2n, links: 2 }), true],
  ])('%s', (_, found, isSame) => {
    expect(changed(told(...put('f', 1)), found === undefined ? {} : { f: found })).toEqual(
      isSame ? [] : ['f'],
    )
  })

  it('is as a later run left it', () => {
    const later = told({ op: 'now', path: 'f', now: facts(1, { ctime: '5' }) })
    expect(changed(told(...put('f', 1)), { f: entry(1, { ctimeNs: 5n }) }, later)).toEqual([])
  })

  it('had several names: the time of its change is no sign', () => {
    const linked = told(
      { op: 'put', path: 'f', inode: '1' },
      { op: 'now', path: 'f', now: facts(1, { links: 2 }) },
    )
    expect(changed(linked, { f: entry(1, { ctimeNs: 9n }) })).toEqual([])
  })

  it('may have had a second name in the backup of a run that was killed, and only of that', () => {
    const step: JournalRecord = { op: 'put', path: 'f', inode: '2', kept: kept(1) }
    const found = { f: entry(1, { ctimeNs: 9n }) }
    expect(changed(told(...put('f', 1)), found, told({ doubt: step }))).toEqual([])
    expect(changed(told(...put('f', 1)), found, told(step))).toEqual(['f'])
  })

  it('is set by another of its names', () => {
    const run = told(
      { op: 'put', path: 'a', inode: '1' },
      nowOf('a', 0o644),
      { op: 'put', path: 'b', inode: '1' },
      nowOf('b', 0o600),
    )
    const found = entry(1, { mode: 0o600, links: 2 })
    expect(changed(run, { a: found, b: found })).toEqual([])
  })
})

describe('what a run took away', () => {
  const take: JournalRecord = { op: 'take', path: 'f', kept: kept(1) }
  it('is to be absent, if that is sure', () => {
    expect(changed(told(take), {})).toEqual([])
    expect(changed(told(take), { f: entry(2) })).toEqual(['f'])
    expect(changed(told({ doubt: take }), { f: entry(2) })).toEqual([])
  })

  it('is to be absent where it was renamed, and with it what lay below', () => {
    const move: JournalRecord = { op: 'move', from: 'd', path: 'e', inode: '9' }
    const run = told(...put('d/f', 1), move)
    expect(changed(run, { e: folder(9), 'e/f': entry(1) })).toEqual([])
    expect(changed(run, { d: folder(8), e: folder(9), 'e/f': entry(1) })).toEqual(['d'])
    expect(changed(run, { e: folder(9), 'e/f': entry(2) })).toEqual(['e/f'])
  })
})

describe('a directory that a run made', () => {
  const made: JournalRecord = { op: 'makeDirectory', path: 'd' }
  it('is to hold nothing else', () => {
    const run = told(made, ...put('d/f', 1))
    expect(changed(run, { d: folder(9), 'd/f': entry(1) })).toEqual([])
    expect(changed(run, { d: folder(9), 'd/f': entry(1), 'd/theirs': entry(3) })).toEqual(['d/theirs'])
  })

  it('may hold a temporary file that a kill left', () => {
    const run = told(made, { op: 'temporary', path: 'd/t' })
    expect(changed(run, { d: folder(9), 'd/t': entry(3) })).toEqual([])
  })

  it('is known by its last name', () => {
    const run = told(made, { op: 'move', from: 'd', path: 'e', inode: '9' })
    expect(changed(run, { e: folder(9), 'e/theirs': entry(3) })).toEqual(['e/theirs'])
  })

  it('is none of them when it is removed', () => {
    const was = { ...facts(9, { kind: 'directory' }), xattrs: [] }
    expect(changed(told(made, { op: 'removeDirectory', path: 'd', was }), {})).toEqual([])
  })
})

it('moves of very many files are looked at in time that grows with them alone', () => {
  const count = 20_000
  const records = Array.from({ length: count }, (_, index): readonly JournalRecord[] => [
    { op: 'move', from: `a/${index}`, path: `b/${index}`, inode: String(index) },
    { op: 'now', path: `b/${index}`, now: facts(index) },
  ]).flat()
  const run = told(...records)
  const known = new KnownStates()
  known.add(run)
  // It takes half a second, and twenty where each move looks at all paths.
  expect([...differences(run, known, { ...looking({}), stat: statMoved })]).toEqual([])
}, 8000)

describe('what is kept', () => {
  it('is to be there as it was', () => {
    expect(lost(told(takeOf()), { 'kept-0/1': entry(1) })).toEqual([])
    expect(lost(told(takeOf()), {})).toEqual(['f'])
    expect(lost(told(takeOf()), { 'kept-0/1': entry(1, { size: 2 }) })).toEqual(['f'])
    expect(lost(told(takeOf()), { 'kept-0/1': entry(1, { kind: 'fifo' }) })).toEqual(['f'])
    expect(lost(told(takeOf()), { 'kept-0/1': entry(1, { mtimeNs: 10_000_000_000n }) })).toEqual(['f'])
  })

  it('need not be there for a step that may not have been made', () => {
    expect(lost(told({ doubt: takeOf() }), {})).toEqual([])
  })

  it('may have got other attributes by another of its names', () => {
    const other = { 'kept-0/1': entry(1, { mtimeNs: 10_000_000_000n }) }
    expect(lost(told(takeOf({}, { links: 2 })), other)).toEqual([])
  })
})
