import { chmodSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Fault, type RaceStep, swapForLink } from '../../../../test/support/faulty.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { applyChanges } from '../../src/apply/apply-changes.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import { capable } from '../support/capable.js'
import { ownerRights } from '../../src/tree/attributes.js'
import { applied, batchOf, type Line } from './batches.js'
import { type Ground, holds, leftStaged, staged, useGround } from './ground.js'
import {
  abortedAfter,
  all,
  failedN,
  type Planted,
  plantedInReplica,
  source,
  whole,
} from './new-directories.js'

const place = useGround()
function building(faults: readonly Planted[] = [], more: Partial<Ground['context']> = {}): Ground {
  return place.open({ source, faults: plantedInReplica(faults), context: more })
}

const n = (): string => join(place.replica, 'n')
const full = (): readonly RaceStep[] => [
  { do: 'mkdir', path: n() },
  { do: 'write', path: join(n(), 'a'), content: 'theirs' },
]

describe('a new directory of which the batch holds everything', () => {
  it('is the same as one made in place', () => {
    const here = building()
    expect(applied(here, all, whole).states).toEqual(all.map(() => 'done'))
    expect(holds(place.replica)).toEqual(holds(place.source))
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('appears at once, with all that is in it', () => {
    const here = building()
    const steps = applyChanges(here.context, batchOf(here, all, whole))
    const seen = new Set<number>()
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      seen.add(Object.keys(holds(place.replica)).filter(path => path.startsWith('n/') || path === 'n').length)
    }
    expect([...seen]).toEqual([0])
    expect(holds(place.replica)).toEqual(holds(place.source))
  })

  it('is built without a rename or another look for each entry', () => {
    const here = building([
      { call: 'rename', race: [] },
      { call: 'stat', race: [] },
    ])
    expect(applied(here, all, whole).states).toEqual(all.map(() => 'done'))
    expect(here.struck()).toEqual([3, 3])
  })

  it('is begun inside of one that is there', () => {
    const here = place.open({ source, replica: { n: { e: {} } } })
    const lines: readonly Line[] = ['create n/e/deep', 'create n/e/deep/x', 'create n/a']
    expect(applied(here, lines, ['n/e/deep']).states).toEqual(['done', 'done', 'done'])
    expect(holds(place.replica)).toEqual({
      n: '/',
      'n/a': 'aa',
      'n/e': '/',
      'n/e/deep': '/',
      'n/e/deep/x': 'x',
    })
  })

  // As an ordinary user the system itself refuses first: the end-to-end tests of ordinary users show that.
  it.skipIf(process.geteuid?.() !== 0)(
    'is put into a directory its owner may not write to (needs root)',
    () => {
      const rights = { ...ownerRights(), anyOwner: false }
      const here = building([{ call: 'rename', path: 'n', times: 1, errno: 'EACCES' }], {
        can: capable({ rights }),
      })
      chmodSync(place.replica, 0o555)
      expect(applied(here, all, whole).states).toEqual(all.map(() => 'done'))
    },
  )

  it('lacks what could not be copied into it, and is published', () => {
    const here = building([
      { side: 'source', call: 'openFile', path: 'n/a', errno: 'EIO' },
      { call: 'handle.setMtime', path: staged('1/e/link'), errno: 'EPERM' },
      { call: 'makeDirectory', path: staged('1/e/deep'), errno: 'EMLINK' },
    ])
    const { states, problems } = applied(here, all, whole)
    const failed: Record<string, string> = {
      'create n/a': 'failed',
      'create n/e/link': 'again',
      'create n/e/deep': 'failed',
      'create n/e/deep/x': 'skipped',
    }
    expect(states).toEqual(all.map(line => failed[line] ?? 'done'))
    expect(Object.values(problems)).toEqual([
      'source-unreadable n/a',
      'replica-failed n/e/deep',
      'replica-failed n/e/link',
    ])
    expect(holds(n())).toEqual({ 'a!': '!', e: '/', empty: '/' })
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it.each<[what: string, planted: Planted[], more: Partial<Ground['context']>, ends: string[]]>([
    ['an abort', [], { isAborted: abortedAfter(4) }, []],
    [
      'a storage failure',
      [{ call: 'makeDirectory', path: staged('1/e'), errno: 'EIO' }],
      {},
      ['storage-failed n/e'],
    ],
  ])('is published with what was made until %s', (_, planted, more, ends) => {
    const { states, problems } = applied(building(planted, more), all, whole)
    const fifth = ends.length === 0 ? 'notReached' : 'failed'
    expect(states).toEqual(all.map((_line, at) => (at < 4 ? 'done' : at === 4 ? fifth : 'notReached')))
    expect(Object.values(problems)).toEqual(ends)
    expect(holds(place.replica)).toEqual({ n: '/', 'n!': '!', 'n/a': 'aa', 'n/a!': '!' })
  })
})

describe('a new directory that cannot be published', () => {
  const md5 = { hash: () => nodeHash('md5'), settings: { hash: 'md5', verify: false, sparse: true } }

  type Taken = readonly [
    what: string,
    call: Fault['call'],
    race: () => readonly RaceStep[],
    holds: Record<string, string>,
  ]
  const taken: readonly Taken[] = [
    ['a file', 'stat', () => [{ do: 'write', path: n(), content: 'theirs' }], { n: 'theirs' }],
    ['a link', 'stat', () => [{ do: 'symlink', path: n(), target: 'other' }], { n: '-> other' }],
    ['an empty directory', 'stat', () => [{ do: 'mkdir', path: n() }], { n: '/' }],
    ['a full directory', 'stat', full, { n: '/', 'n/a': 'theirs' }],
    [
      'a file, at the last moment',
      'rename',
      () => [{ do: 'write', path: n(), content: 'theirs' }],
      { n: 'theirs' },
    ],
    [
      'a link, at the last moment',
      'rename',
      () => [{ do: 'symlink', path: n(), target: 'other' }],
      { n: '-> other' },
    ],
    ['a full directory, at the last moment', 'rename', full, { n: '/', 'n/a': 'theirs' }],
  ]
  it.each(taken)('because %s appeared: that stays, and nothing is left', (_, call, race, found) => {
    const here = building([{ call, path: 'n', race: race() }], md5)
    const { states, problems, result } = applied(here, all, whole)
    expect(states).toEqual(failedN('failed'))
    expect(problems).toEqual({ 0: call === 'stat' ? 'replica-changed n' : 'replica-failed n' })
    expect(holds(place.replica)).toEqual({ 'n!': '!', other: '/', 'other/y': 'y', ...found })
    expect(leftStaged(place.replica, here)).toEqual([])
    const copied = ['create n!', 'create other/y']
    expect(all.filter((_line, at) => result.digests[at] !== undefined)).toEqual(copied)
    expect(Array.from(result.bytes)).toEqual(all.map(line => (copied.includes(line) ? 1 : 0)))
  })

  it.each<[what: string, more: Planted[]]>([
    ['and nothing is left', []],
    ['though what is staged cannot be removed', [{ call: 'unlink', times: 1, errno: 'EIO' }]],
  ])('because it is refused for now is tried again, %s', (_, more) => {
    const here = building([{ call: 'rename', path: 'n', errno: 'EBUSY' }, ...more])
    const { states, problems } = applied(here, all, whole)
    expect([states, problems]).toEqual([failedN('again'), { 0: 'replica-failed n' }])
    expect(leftStaged(place.replica, here).length > 0).toBe(more.length > 0)
  })

  it('because it cannot be begun', () => {
    const here = building([{ call: 'makeDirectory', path: staged(1), errno: 'EMLINK' }])
    expect(applied(here, all, whole)).toMatchObject({
      states: failedN('failed'),
      problems: { 0: 'replica-failed n' },
    })
  })

  it('because its parent is a link by now: what that leads to is left alone', () => {
    const swap = swapForLink(join(place.replica, 'p'), join(place.path, 'outside'))
    const faults = [{ side: 'replica', call: 'openDirectory', path: 'p', race: swap }] as const
    const here = place.open({ source: { p: { q: { x: '' } } }, replica: { p: {} }, faults })
    writeTree(join(place.path, 'outside'), { mine: '' })
    expect(applied(here, ['create p/q', 'create p/q/x'], ['p/q']).states).toEqual(['failed', 'skipped'])
    expect(readdirSync(join(place.path, 'outside'))).toEqual(['mine'])
    expect(leftStaged(place.replica, here)).toEqual([])
  })
})
