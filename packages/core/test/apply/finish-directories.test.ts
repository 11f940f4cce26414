import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { finishRoles } from '../../src/model/finish-jobs.js'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { type Fault, swapForLink } from '../../../../test/support/faulty.js'
import { directory } from '../../../../test/support/tree-literal.js'
import { finishDirectories } from '../../src/apply/finish-directories.js'
import { cellsPerEntry, writeEntry } from '../../src/model/entry-cells.js'
import type { Entry } from '../../src/model/entry.js'
import type { RelativePath } from '../../src/model/path.js'
import { ownerRights } from '../../src/tree/attributes.js'
import { entry, finish } from '../support/pairs.js'
import { type Applied, ended } from './batches.js'
import { type Ground, useGround } from './ground.js'

const place = useGround()
const own = finishRoles.indexOf('own')
const replica = { a: { b: { c: {} } }, d: { x: '' } }
const { uid, gid } = ownerRights()
const wanted = entry({ kind: 'directory', mode: 0o751, mtimeNs: 981_173_106_789_012_000n, uid, gid })

function finished({ context }: Ground, directories: Readonly<Record<RelativePath, Partial<Entry>>>): Applied {
  const paths = Object.keys(directories)
  const cells = new BigInt64Array(paths.length * cellsPerEntry)
  for (const [index, path] of paths.entries()) {
    writeEntry(cells, index * cellsPerEntry, { ...wanted, ...directories[path] })
  }
  return ended(
    finish(
      finishDirectories(context, {
        directories: paths,
        roles: new Uint8Array(paths.length).fill(own),
        cells,
      }),
    ),
  )
}

function attributesOf(here: Ground, path: RelativePath): Partial<Entry> {
  const { mode, mtimeNs, uid: owner, gid: group } = here.entry('replica', path) ?? {}
  return { mode: mode ?? -1, mtimeNs: mtimeNs ?? 0n, uid: owner ?? -1, gid: group ?? -1 }
}

function faults(...planted: readonly Omit<Fault, 'side'>[]): { readonly faults: readonly Fault[] } {
  return { faults: planted.map(fault => ({ side: 'replica', ...fault })) }
}

const shown = { mode: wanted.mode, mtimeNs: wanted.mtimeNs, uid, gid }

describe('directories', () => {
  it('get mode and time each, the root too', () => {
    const here = place.open({ replica })
    const early = { mode: 0o1700, mtimeNs: -1_000_000n }
    const { states, problems } = finished(here, { 'a/b/c': {}, 'a/b': early, d: {}, '': { mode: 0o755 } })
    expect([states, problems]).toEqual([['done', 'done', 'done', 'done'], {}])
    expect(['a/b/c', 'a/b', 'd', ''].map(path => attributesOf(here, path))).toEqual([
      shown,
      { ...shown, ...early },
      shown,
      { ...shown, mode: 0o755 },
    ])
    expect(attributesOf(here, 'a').mtimeNs).not.toBe(wanted.mtimeNs)
  })

  it.runIf(isRoot)('get their owner, and the mode that a change of owner clears', () => {
    const here = place.open({ replica })
    finished(here, { d: { uid: 1234, gid: 4321, mode: 0o6755 } })
    expect(attributesOf(here, 'd')).toMatchObject({ uid: 1234, gid: 4321, mode: 0o6755 })
  })

  it.runIf(isRoot)('of somebody else are left as they are by who is not root', () => {
    const rights = { ...ownerRights(), anyOwner: false }
    const theirs = { d: directory({}, { uid: 1234, mode: 0o700 }), mine: {} }
    const here = place.open({ replica: theirs, context: { rights } })
    const before = here.entry('replica', 'd')
    expect(finished(here, { d: {}, mine: {} }).states).toEqual(['done', 'done'])
    expect(here.entry('replica', 'd')).toEqual(before)
    expect(attributesOf(here, 'mine')).toEqual(shown)
  })

  it('are finished one a step', () => {
    const here = place.open({ replica })
    const cells = new BigInt64Array(2 * cellsPerEntry)
    for (const at of [0, cellsPerEntry]) writeEntry(cells, at, wanted)
    const steps = finishDirectories(here.context, {
      directories: ['a', 'd'],
      roles: Uint8Array.of(own, own),
      cells,
    })
    expect([steps.next().done, attributesOf(here, 'a').mode, attributesOf(here, 'd').mode]).toEqual([
      false,
      wanted.mode,
      0o755,
    ])
    expect([steps.next().done, steps.next().done, attributesOf(here, 'd').mode]).toEqual([
      false,
      true,
      wanted.mode,
    ])
  })

  it('are finished after an abort, too', () => {
    const here = place.open({ replica, context: { isAborted: () => true } })
    expect(finished(here, { d: {} }).states).toEqual(['done'])
    expect(attributesOf(here, 'd')).toEqual(shown)
  })
})

describe('a failure', () => {
  const all = { 'a/b/c': {}, 'a/b': {}, a: {}, d: {} }

  it.each<[what: string, fault: Omit<Fault, 'side'>, told: Record<number, string>]>([
    ['to open one', { call: 'openDirectory', path: 'd', errno: 'EPERM' }, { 3: 'replica-failed d' }],
    ['to look at one', { call: 'handle.stat', path: 'd', errno: 'EIO' }, { 3: 'storage-failed d' }],
    ['to set a mode', { call: 'handle.setMode', path: 'a/b', errno: 'EPERM' }, { 1: 'replica-failed a/b' }],
    [
      'to set a time',
      { call: 'handle.setMtime', path: 'a/b/c', errno: 'EROFS' },
      { 0: 'storage-failed a/b/c' },
    ],
  ])('%s is that of one directory, and told', (_, fault, told) => {
    const here = place.open({ replica, ...faults(fault) })
    const { states, problems, result } = finished(here, all)
    expect(problems).toEqual(told)
    expect(states.filter(state => state === 'failed')).toHaveLength(1)
    expect(result.problems[0]?.[1].message).toMatch(/^cannot set the attributes of "/)
    const rest = Object.keys(all).filter((_path, index) => !(index in told))
    expect(rest.map(path => attributesOf(here, path))).toEqual(rest.map(() => shown))
  })

  it('of a directory that is gone is told', () => {
    const { states, problems } = finished(place.open({ replica }), { gone: {}, 'd/x': {}, d: {} })
    expect([states, problems]).toEqual([
      ['failed', 'failed', 'done'],
      { 0: 'replica-changed gone', 1: 'replica-failed d/x' },
    ])
  })

  it('of a directory that is a link by now leaves alone what that leads to', () => {
    const race = swapForLink(join(place.replica, 'd'), 'a')
    const here = place.open({ replica, ...faults({ call: 'openDirectory', path: 'd', race }) })
    const before = here.entry('replica', 'a')
    expect(finished(here, { d: {} })).toMatchObject({
      states: ['failed'],
      problems: { 0: 'replica-failed d' },
    })
    expect(here.entry('replica', 'a')).toEqual(before)
  })
})
