/** A change that fails half-way leaves the old entry, and nothing beside it; also on another file system. */
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../../test/support/faulty.js'
import { readTree } from '../../../../test/support/read-tree.js'
import { directory, type EntryLiteral, file, symlink } from '../../../../test/support/tree-literal.js'
import { applyChange } from '../../src/apply/apply-change.js'
import type { Made } from '../../src/apply/change-to-make.js'
import type { Action } from '../../src/model/change.js'
import { finish } from '../support/pairs.js'
import { beside, failureOf, type Ground, holds, leftStaged, staged, useGround } from './ground.js'

const place = useGround()

type Planted = Omit<Fault, 'side'>

function ground(source: EntryLiteral, replica: EntryLiteral | undefined, faults: readonly Planted[]): Ground {
  return place.open({
    source: { x: source },
    replica: replica === undefined ? {} : { x: replica },
    faults: faults.map(fault => ({ side: 'replica', ...fault })),
  })
}

function make({ context, change }: Ground, action: Action): Made {
  return finish(applyChange(context, change(action, 'x')))
}

const link = symlink('there')
const old = file('old', { mtime: '2003-03-03T03:03:03Z' })
type Failing = readonly [
  action: Action,
  source: EntryLiteral,
  replica: EntryLiteral | undefined,
  fault: Planted,
]

describe('a change that fails', () => {
  it.each<Failing>([
    ['create', 'content', undefined, { call: 'createFile', errno: 'ENOSPC' }],
    ['create', 'content', undefined, { call: 'handle.write', path: staged(1), errno: 'ENOSPC' }],
    ['create', 'content', undefined, { call: 'rename', path: 'x', errno: 'ENAMETOOLONG' }],
    ['create', {}, undefined, { call: 'makeDirectory', path: 'x', errno: 'ENOSPC' }],
    ['create', link, undefined, { call: 'makeLink', errno: 'ENOSPC' }],
    ['create', link, undefined, { call: 'pin', path: staged(1), errno: 'EMFILE' }],
    ['create', link, undefined, { call: 'handle.setMtime', path: staged(1), errno: 'EPERM' }],
    ['update', 'content', old, { call: 'handle.write', path: staged(1), errno: 'EIO' }],
    ['update', 'content', old, { call: 'rename', path: 'x', errno: 'ETXTBSY' }],
    ['update', link, symlink('here'), { call: 'handle.setMtime', path: staged(1), errno: 'EPERM' }],
    ['replace', link, old, { call: 'rename', path: 'x', errno: 'EBUSY' }],
    ['replace', 'content', {}, { call: 'removeDirectory', path: 'x', errno: 'EBUSY' }],
    ['replace', 'content', directory({}, { mode: 0o750 }), { call: 'rename', path: 'x', errno: 'EIO' }],
    ['replace', link, directory({}, { mode: 0o1777 }), { call: 'rename', path: 'x', errno: 'ENOSPC' }],
    ['metadata', file('old', { mode: 0o600 }), old, { call: 'handle.setMode', path: 'x', errno: 'EPERM' }],
    ['metadata', file('old', { mode: 0o644 }), old, { call: 'handle.setMtime', path: 'x', errno: 'EPERM' }],
  ])('%s (%#) leaves what was there, and nothing staged', (action, source, replica, fault) => {
    const here = ground(source, replica, [fault])
    const before = readTree(place.replica)['x']
    expect(failureOf(() => make(here, action))).toBe(fault.errno)
    expect(readTree(place.replica)['x']).toEqual(before)
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('tells why, though what is staged cannot be removed', () => {
    const here = ground('content', old, [
      { call: 'rename', path: 'x', errno: 'EBUSY' },
      { call: 'unlink', errno: 'EIO' },
    ])
    expect(failureOf(() => make(here, 'update'))).toBe('EBUSY')
    expect(leftStaged(place.replica, here)).toEqual(['1'])
  })
})

describe('on another file system', () => {
  const elsewhere: Planted = { call: 'rename', path: 'x', times: 1, errno: 'EXDEV' }
  it.each<[action: Action, source: EntryLiteral, replica: EntryLiteral | undefined]>([
    ['create', file('content', { mode: 0o600 }), undefined],
    ['create', link, undefined],
    ['update', 'content', old],
    ['update', link, symlink('here')],
    ['replace', link, old],
    ['replace', 'content', {}],
    ['replace', link, {}],
  ])('%s (%#) is staged beside its place', (action, source, replica) => {
    const here = ground(source, replica, [elsewhere])
    make(here, action)
    expect(readTree(place.replica)['x']).toEqual(readTree(place.source)['x'])
    expect(leftStaged(place.replica, here)).toEqual([])
    here.close()
    expect(Object.keys(readTree(place.replica))).toEqual(['.', 'x'])
  })

  it.each<Failing>([
    ['create', 'content', undefined, { call: 'handle.write', path: beside, errno: 'ENOSPC' }],
    ['update', 'content', old, { call: 'handle.write', path: beside, errno: 'EIO' }],
    ['update', 'content', old, { call: 'rename', path: 'x', nth: 2, errno: 'EXDEV' }],
    ['update', link, symlink('here'), { call: 'rename', path: 'x', nth: 2, errno: 'EBUSY' }],
    ['create', link, undefined, { call: 'handle.setMtime', path: beside, errno: 'EPERM' }],
    ['create', link, undefined, { call: 'pin', path: beside, errno: 'EMFILE' }],
  ])('%s (%#) that fails leaves what was there, and nothing beside it', (action, source, replica, fault) => {
    const here = ground(source, replica, [elsewhere, fault])
    const before = holds(place.replica)
    expect(failureOf(() => make(here, action))).toBe(fault.errno)
    expect(leftStaged(place.replica, here)).toEqual([])
    here.close()
    expect(holds(place.replica)).toEqual(before)
    expect(Object.keys(readTree(place.replica))).toEqual(replica === undefined ? ['.'] : ['.', 'x'])
  })
})
