import { chmodSync, lchownSync, linkSync, lstatSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../../../../test/support/entry-kind.js'
import type { TreeCall } from '../../../../test/support/faulty.js'
import { readTree } from '../../../../test/support/read-tree.js'
import {
  directory,
  type EntryLiteral,
  fifo,
  file,
  symlink,
  type TreeLiteral,
} from '../../../../test/support/tree-literal.js'
import { applyChange } from '../../src/apply/apply-change.js'
import type { Made } from '../../src/apply/change-to-make.js'
import type { Action } from '../../src/model/change.js'
import { ownerRights } from '../../src/tree/attributes.js'
import { finish } from '../support/pairs.js'
import { failureOf, type Ground, holds, leftStaged, type Opening, staged, useGround } from './ground.js'

const place = useGround()
const at = '2001-02-03T04:05:06.789012Z'

/** The entry is `d/x` on both sides; `undefined` where there is none. */
function ground(
  source: EntryLiteral | undefined,
  replica: EntryLiteral | undefined,
  more: Partial<Opening> = {},
): Ground {
  return place.open({ source: holding(source, 'not copied'), replica: holding(replica, 'stays'), ...more })
}

function holding(x: EntryLiteral | undefined, beside: EntryLiteral): TreeLiteral {
  return { d: x === undefined ? { beside } : { x, beside } }
}

function make({ context, change }: Ground, action: Action, planned = change(action, 'd/x')): Made {
  return finish(applyChange(context, planned))
}

it('X02: a time that is set once more is set for what was made, and for nothing put in its place', () => {
  const planted = ground(file('new', { mtime: at }), 'old', {
    faults: [
      {
        side: 'replica',
        call: 'pin',
        path: 'd/x',
        times: 1,
        race: [{ do: 'trap', path: join(place.replica, 'd/x'), with: join(place.path, 'outside') }],
      },
    ],
  })
  writeFileSync(join(place.path, 'outside'), 'outside')
  const before = lstatSync(join(place.path, 'outside')).mtimeMs
  const { can } = planted.context
  make({ ...planted, context: { ...planted.context, can: { ...can, datesAgain: true } } }, 'update')
  expect(lstatSync(join(place.path, 'outside')).mtimeMs).toBe(before)
})

type Case = [
  action: Action,
  what: string,
  source: EntryLiteral | undefined,
  replica: EntryLiteral | undefined,
  bytes?: number,
]
const cases: Case[] = [
  ['create', 'a file', file('content', { mode: 0o640, mtime: at }), undefined, 7],
  ['create', 'an empty file', file('', { mtime: at }), undefined],
  ['create', 'a link', symlink('../nowhere', { mtime: at }), undefined],
  ['update', 'a file', file('content', { mode: 0o751, mtime: at }), 'old content', 7],
  ['update', 'a link', symlink('there', { mtime: at }), symlink('here')],
  ['replace', 'a link by a file', file('content', { mtime: at }), symlink('content'), 7],
  ['replace', 'a file by a link', symlink('there', { mtime: at }), 'there'],
  ['replace', 'an empty directory by a file', file('content', { mtime: at }), {}, 7],
  ['replace', 'an empty directory by a link', symlink('there', { mtime: at }), {}],
  ['replace', 'a FIFO by a file', file('content', { mtime: at }), fifo(), 7],
  ['metadata', 'of a file', file('same', { mode: 0o604, mtime: at }), 'same'],
  ['metadata', 'of a link', symlink('same', { mtime: at }), symlink('same')],
  ['delete', 'a file', undefined, 'content'],
  ['delete', 'a link', undefined, symlink('beside')],
  ['delete', 'a FIFO', undefined, fifo()],
  ['delete', 'an empty directory', undefined, directory({}, { mode: 0 })],
]

describe('each action', () => {
  it.each<Case>(cases)('%s %s', (action, _, source, replica, bytes = 0) => {
    const here = ground(source, replica)
    expect(make(here, action)).toEqual({ bytes, digest: undefined })
    expect(readTree(place.replica)['d/x']).toEqual(readTree(place.source)['d/x'])
    expect(holds(place.replica)['d/beside']).toBe('stays')
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it.runIf(isRoot).each<Case>(cases.filter(([action]) => action !== 'delete'))(
    '%s %s gives the owner',
    (action, _, source, replica) => {
      const here = ground(source, replica)
      lchownSync(join(place.source, 'd', 'x'), 1234, 4321)
      make(here, action)
      expect(here.entry('replica', 'd/x')).toMatchObject({ uid: 1234, gid: 4321 })
    },
  )

  it.each<[action: Action, was: EntryLiteral | undefined]>([
    ['create', undefined],
    ['replace', 'a file'],
    ['replace', symlink('beside')],
  ])('%s a directory: private, until it is finished', (action, was) => {
    const here = ground(directory({ inside: 'not copied' }, { mode: 0o755 }), was)
    expect(make(here, action)).toEqual({ bytes: 0, digest: undefined })
    expect(here.entry('replica', 'd/x')).toMatchObject({ kind: 'directory', mode: 0o700 })
    expect(holds(place.replica)).toEqual({ d: '/', 'd/beside': 'stays', 'd/x': '/' })
  })

  it('a rename has an old name', () => {
    const here = ground('x', undefined)
    expect(() => make(here, 'rename')).toThrow('a rename needs an old name')
  })

  it.each(['update', 'metadata'] as const)(
    '%s never writes to the old file: who has it open sees it whole',
    action => {
      const here = ground(file('new', { mode: 0o600 }), 'old content')
      const before = here.entry('replica', 'd/x')?.inode
      make(here, action)
      expect(here.entry('replica', 'd/x')?.inode === before).toBe(action === 'metadata')
    },
  )
})

const other = (): string => join(place.path, 'other')

function shared(here: Ground): ReturnType<Ground['change']> {
  linkSync(join(place.replica, 'd', 'x'), other())
  return here.change('metadata', 'd/x')
}

describe('metadata of a file with several names', () => {
  it('is set in place, for the plan knows them all', () => {
    const here = ground(file('same', { mode: 0o1711, mtime: at }), file('same', { mode: 0o600 }))
    const planned = shared(here)
    expect(make(here, 'metadata', planned)).toEqual({ bytes: 0, digest: undefined })
    expect(here.entry('replica', 'd/x')).toMatchObject({ inode: planned.replica?.inode, mode: 0o1711 })
  })

  it.each<[what: string, moreNames: number | undefined, expected: string, mode: number]>([
    ['is refused when another came after the plan', undefined, 'replica changed', 0o600],
    ['is set when that may be one of this run', 1, 'none', 0o711],
  ])('%s', (_, moreNames, expected, mode) => {
    const here = ground(file('same', { mode: 0o711 }), file('same', { mode: 0o600 }))
    const planned = { ...here.change('metadata', 'd/x'), moreNames }
    shared(here)
    expect(failureOf(() => make(here, 'metadata', planned))).toBe(expected)
    expect(lstatSync(other()).mode & 0o7777).toBe(mode)
  })

  it('is refused when it is another file by now', () => {
    const here = ground(file('same', { mode: 0o711 }), file('same', { mode: 0o600 }))
    const planned = here.change('metadata', 'd/x')
    rmSync(join(place.replica, 'd', 'x'))
    writeFileSync(join(place.replica, 'd', 'x'), 'same', { mode: 0o600 })
    const others = { ...planned, replica: planned.replica && { ...planned.replica, inode: 1n } }
    expect(failureOf(() => make(here, 'metadata', others))).toBe('replica changed')
    expect(lstatSync(join(place.replica, 'd', 'x')).mode & 0o7777).toBe(0o600)
  })

  it("makes anew what is somebody else's, too", () => {
    const rights = { ...ownerRights(), anyOwner: false }
    const here = ground(file('same', { mode: 0o711 }), 'same', { context: { rights } })
    const planned = here.change('metadata', 'd/x')
    const theirs = { ...planned, replica: planned.replica && { ...planned.replica, uid: rights.uid + 1 } }
    expect(make(here, 'metadata', theirs).bytes).toBe(4)
    expect(here.entry('replica', 'd/x')).toMatchObject({ mode: 0o711, uid: rights.uid })
    expect(here.entry('replica', 'd/x')?.inode).not.toBe(planned.replica?.inode)
  })
})

describe('a directory its owner may not write to', () => {
  const rights = { ...ownerRights(), anyOwner: false }
  it.each<
    [
      action: Action,
      source: EntryLiteral | undefined,
      replica: EntryLiteral | undefined,
      call: TreeCall,
      path?: RegExp,
    ]
  >([
    ['create', 'content', undefined, 'rename'],
    ['create', {}, undefined, 'makeDirectory'],
    ['update', 'content', 'old', 'rename'],
    ['replace', 'content', {}, 'removeDirectory'],
    ['replace', {}, 'content', 'rename', staged(1)],
    ['delete', undefined, 'content', 'unlink'],
    ['delete', undefined, {}, 'removeDirectory'],
  ])('is opened up to %s (%#)', (action, source, replica, call, path = /^d\/x$/) => {
    const faults = [{ side: 'replica', call, path, times: 1, errno: 'EACCES' } as const]
    const here = ground(source, replica, { faults, context: { rights } })
    chmodSync(join(place.replica, 'd'), 0o555)
    make(here, action)
    expect(holds(place.replica)['d/x']).toBe(holds(place.source)['d/x'])
    expect(here.entry('replica', 'd')?.mode).toBe(0o755)
  })
})
