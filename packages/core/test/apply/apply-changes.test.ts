import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../../test/support/faulty.js'
import { symlink } from '../../../../test/support/tree-literal.js'
import { applyChanges } from '../../src/apply/apply-changes.js'
import { nodeHash } from '../../src/hash/node-crypto.js'
import { applied, batchOf, type Line } from './batches.js'
import { type Ground, holds, leftStaged, useGround } from './ground.js'

const place = useGround()
const source = { a: 'aa', b: 'bbb', c: symlink('x'), d: { e: { g: 'g' }, x: 'x' }, 'd!': '!', dd: { x: 'x' } }
const all: readonly Line[] = [
  'create a',
  'create b',
  'create c',
  'create d',
  'create d!',
  'create d/e',
  'create d/e/g',
  'create d/x',
  'create dd',
  'create dd/x',
]

type Planted = Omit<Fault, 'side'>

function creating(faults: readonly Planted[] = [], more: Partial<Ground['context']> = {}): Ground {
  return place.open({ source, faults: faults.map(fault => ({ side: 'replica', ...fault })), context: more })
}

describe('changes', () => {
  it('are made in their order, each told with its bytes', () => {
    const { result, states } = applied(creating(), all)
    expect(states).toEqual(all.map(() => 'done'))
    expect([...result.bytes]).toEqual([2, 3, 0, 0, 1, 0, 1, 1, 0, 1])
    expect(result).toMatchObject({ digests: [], problems: [] })
    expect(holds(place.replica)).toEqual(holds(place.source))
  })

  it('are told with the digests of files', () => {
    const more = { hash: () => nodeHash('md5'), settings: { hash: 'md5', verify: false, sparse: true } }
    const { result } = applied(creating([], more), all.slice(0, 3))
    expect(Array.from(result.digests)).toEqual([
      '4124bc0a9335c27f086f24ba207a4912',
      '08f8e0260c64418510cefb2b06eee5cd',
    ])
  })

  it('of several directories, deletions too', () => {
    const replica = { old: { f: '', g: '' }, d: { gone: '' }, stays: '' }
    const here = place.open({ source: { d: { x: 'x' } }, replica })
    const lines: readonly Line[] = [
      'create d/x',
      'delete old/f',
      'delete d/gone',
      'delete old/g',
      'delete old',
    ]
    expect(applied(here, lines).states).toEqual(lines.map(() => 'done'))
    expect(holds(place.replica)).toEqual({ d: '/', 'd/x': 'x', stays: '' })
  })

  it('are made one a step', () => {
    const here = creating()
    const steps = applyChanges(here.context, batchOf(here, all.slice(0, 3)))
    const seen: string[][] = []
    for (let step = steps.next(); step.done !== true; step = steps.next())
      seen.push(Object.keys(holds(place.replica)))
    expect(seen).toEqual(expect.arrayContaining([['a'], ['a', 'b'], ['a', 'b', 'c']]))
  })
})

describe('a failure', () => {
  it('is that of one row', () => {
    const { states, problems, result } = applied(
      creating([{ call: 'rename', path: 'b', errno: 'ENAMETOOLONG' }]),
      all,
    )
    expect(states).toEqual(all.map(line => (line === 'create b' ? 'failed' : 'done')))
    expect(problems).toEqual({ 1: 'replica-failed b' })
    expect(result.bytes[1]).toBe(0)
    expect(result.problems[0]?.[1].message).toBe(
      'cannot create "b" in the replica: the name or path is too long (ENAMETOOLONG)',
    )
  })

  it.each<[errno: string, state: string]>([
    ['EBUSY', 'again'],
    ['ETXTBSY', 'again'],
    ['EPERM', 'again'],
    ['ENAMETOOLONG', 'failed'],
    ['ENOTDIR', 'failed'],
  ])('%s of a directory: %s, and what goes into it is not tried', (errno, state) => {
    const here = creating([{ call: 'makeDirectory', path: 'd', errno }])
    const { states, problems } = applied(here, all)
    expect(states).toEqual([
      'done',
      'done',
      'done',
      state,
      'done',
      'skipped',
      'skipped',
      'skipped',
      'done',
      'done',
    ])
    expect(problems).toEqual({ 3: 'replica-failed d' })
    expect(Object.keys(holds(place.replica))).toEqual(['a', 'b', 'c', 'd!', 'dd', 'dd/x'])
  })

  it.each<[what: string, race: 'append' | 'remove', state: string, told: string]>([
    ['being written', 'append', 'again', 'source-changed a'],
    ['gone', 'remove', 'failed', 'source-changed a'],
  ])('because the source is %s: %s', (_, race, state, told) => {
    const path = join(place.source, 'a')
    const step =
      race === 'append' ? ({ do: race, path, content: 'more' } as const) : ({ do: race, path } as const)
    const call = race === 'append' ? 'handle.read' : 'openFile'
    const here = place.open({ source, faults: [{ side: 'source', call, path: 'a', times: 1, race: [step] }] })
    const { states, problems } = applied(here, all.slice(0, 2))
    expect([states, problems]).toEqual([[state, 'done'], { 0: told }])
  })

  it('of the source that cannot be read is told as such', () => {
    const here = place.open({
      source,
      faults: [{ side: 'source', call: 'handle.read', path: 'a', errno: 'EIO' }],
    })
    const { states, problems } = applied(here, all.slice(0, 2))
    expect([states, problems]).toEqual([['failed', 'done'], { 0: 'source-unreadable a' }])
  })

  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE'])('of the storage (%s) ends the batch', errno => {
    const here = creating([{ call: 'handle.write', nth: 2, times: 1, errno }])
    const { states, problems } = applied(here, all.slice(0, 4))
    expect([states, problems]).toEqual([
      ['done', 'failed', 'notReached', 'notReached'],
      { 1: 'storage-failed b' },
    ])
    expect(leftStaged(place.replica, here)).toEqual([])
  })
})

describe('an abort', () => {
  it.each([0, 1, 3])('after %i changes leaves the rest undone and untold', count => {
    let asked = 0
    const { states, problems } = applied(creating([], { isAborted: () => asked++ === count }), all)
    expect(states).toEqual(all.map((_, index) => (index < count ? 'done' : 'notReached')))
    expect(problems).toEqual({})
  })
})

describe('what depends on a deletion that failed', () => {
  const replica = { o: { a: { f: '', g: '' }, b: { h: '' } }, p: { i: '' } }
  const lines: readonly Line[] = [
    'delete o/a/f',
    'delete o/a/g',
    'delete o/b/h',
    'delete p/i',
    'delete p',
    'delete o/b',
    'delete o/a',
  ]
  const deleting = (path: string, call: Fault['call'], errno: string): Ground =>
    place.open({ source: { o: '' }, replica, faults: [{ side: 'replica', call, path, errno }] })

  it.each<[errno: string, state: string]>([
    ['EPERM', 'again'],
    ['ENOTEMPTY', 'failed'],
  ])('is not tried, up to the top: %s', (errno, state) => {
    const { states, problems } = applied(deleting('o/a/f', 'unlink', errno), [...lines, 'delete o'])
    expect(states).toEqual([state, 'done', 'done', 'done', 'done', 'done', 'skipped', 'skipped'])
    expect(problems).toEqual({ 0: 'replica-failed o/a/f' })
    expect(holds(place.replica)).toEqual({ o: '/', 'o/a': '/', 'o/a/f': '' })
  })

  it('is not replaced either', () => {
    const here = deleting('o/b', 'removeDirectory', 'EBUSY')
    const { states, problems } = applied(here, [...lines, 'replace o'])
    expect(states).toEqual(['done', 'done', 'done', 'done', 'done', 'again', 'done', 'skipped'])
    expect(problems).toEqual({ 5: 'replica-failed o/b' })
    expect(holds(place.replica)).toEqual({ o: '/', 'o/b': '/' })
  })
})
