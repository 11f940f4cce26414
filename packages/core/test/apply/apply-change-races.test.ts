/** What others do while a change is made, and what becomes of a change that fails half-way. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Fault, type RaceStep, swapForLink } from '../../../../test/support/faulty.js'
import { type EntryLiteral, file, symlink } from '../../../../test/support/tree-literal.js'
import { applyChange } from '../../src/apply/apply-change.js'
import type { Made } from '../../src/apply/change-to-make.js'
import type { Action } from '../../src/model/change.js'
import { finish } from '../support/pairs.js'
import { failureOf, type Ground, holds, leftStaged, useGround } from './ground.js'

const place = useGround()

type Planted = Fault | Omit<Fault, 'side'>

/** The entry is `d/x` on both sides; `outside` is beside both. */
function ground(
  source: EntryLiteral | undefined,
  replica: EntryLiteral | undefined,
  faults: readonly Planted[] = [],
): Ground {
  return place.open({
    source: { d: holding(source), outside: { x: 'precious' } },
    replica: { d: holding(replica), outside: { x: 'precious' } },
    faults: faults.map(fault => ({ side: 'replica', ...fault })),
  })
}

function holding(entry: EntryLiteral | undefined): Record<string, EntryLiteral> {
  return entry === undefined ? {} : { x: entry }
}

function make({ context, change }: Ground, action: Action, planned = change(action, 'd/x')): Made {
  return finish(applyChange(context, planned))
}

const x = (): string => join(place.replica, 'd', 'x')

const remove = (): RaceStep => ({ do: 'remove', path: x() })
const write = (content: string): RaceStep => ({ do: 'write', path: x(), content })

describe('what is there is not what was planned', () => {
  type Race = readonly [what: string, race: () => readonly RaceStep[], found: string | undefined]
  const changed: readonly Race[] = [
    ['gone', () => [remove()], undefined],
    ['written to', () => [write('other, longer')], 'other, longer'],
    ['another file', () => [{ do: 'rename', from: x(), to: `${x()}.was` }, write('other')], 'other'],
    ['a link', () => swapForLink(x(), '../outside/x'), '-> ../outside/x'],
    ['a directory', () => [remove(), { do: 'mkdir', path: x() }], '/'],
  ]
  const actions: readonly (readonly [action: Action, source: EntryLiteral | undefined])[] = [
    ['update', 'content'],
    ['replace', symlink('content')],
    ['replace', {}],
    ['delete', undefined],
  ]
  it.each(actions.flatMap(action => changed.map(race => [...action, ...race] as const)))(
    '%s (%#) leaves it',
    (action, source, _, race, found) => {
      const here = ground(source, 'old', [{ call: 'stat', path: 'd/x', times: 1, race: race() }])
      expect(failureOf(() => make(here, action))).toBe('replica changed')
      expect(holds(place.replica)).toMatchObject(found === undefined ? {} : { 'd/x': found })
      expect(holds(place.replica)['outside/x']).toBe('precious')
      expect(leftStaged(place.replica, here)).toEqual([])
    },
  )

  it.each<[what: string, source: EntryLiteral]>([
    ['a file', 'content'],
    ['a link', symlink('content')],
    ['a directory', {}],
  ])('create %s leaves what appeared', (_, source) => {
    const here = ground(source, undefined, [
      { call: 'stat', path: 'd/x', times: 1, race: [write('appeared')] },
    ])
    expect(failureOf(() => make(here, 'create'))).toBe('replica changed')
    expect(holds(place.replica)['d/x']).toBe('appeared')
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it.each<[what: string, race: () => readonly RaceStep[], failure: string]>([
    ['gone', () => [remove()], 'ENOENT'],
    ['another file', () => [{ do: 'rename', from: x(), to: `${x()}.was` }, write('same')], 'replica changed'],
    ['a link', () => swapForLink(x(), '../outside/x'), 'replica changed'],
  ])('metadata leaves what is %s', (_, race, failure) => {
    const here = ground(file('same', { mode: 0o600 }), 'same', [{ call: 'pin', path: 'd/x', race: race() }])
    const before = here.entry('replica', 'outside/x')
    expect(failureOf(() => make(here, 'metadata'))).toBe(failure)
    expect(here.entry('replica', 'outside/x')).toEqual(before)
    expect(here.entry('replica', 'd/x')?.mode).not.toBe(0o600)
  })

  it.each(['delete', 'replace'] as const)('%s leaves a directory in which something appeared', action => {
    const race = [{ do: 'write', path: join(x(), 'late'), content: 'late' }] as const
    const here = ground(action === 'delete' ? undefined : 'content', {}, [
      { call: 'removeDirectory', path: 'd/x', race },
    ])
    expect(failureOf(() => make(here, action))).toBe('ENOTEMPTY')
    expect(holds(place.replica)['d/x/late']).toBe('late')
    expect(leftStaged(place.replica, here)).toEqual([])
  })
})

describe('never through a link', () => {
  const cases: readonly (readonly [
    action: Action,
    source: EntryLiteral | undefined,
    replica: EntryLiteral | undefined,
  ])[] = [
    ['create', 'content', undefined],
    ['create', {}, undefined],
    ['update', 'content', 'old'],
    ['replace', {}, 'old'],
    ['metadata', file('same', { mode: 0o600 }), 'same'],
    ['delete', undefined, 'old'],
  ]
  it.each(cases)('%s in a directory that is one by now (%#)', (action, source, replica) => {
    const here = ground(source, replica, [
      { call: 'openDirectory', path: 'd', times: 1, race: swapForLink(join(place.replica, 'd'), 'outside') },
    ])
    const before = here.entry('replica', 'outside/x')
    expect(failureOf(() => make(here, action))).toMatch(/^E(?:LOOP|NOTDIR)$/)
    expect(here.entry('replica', 'outside/x')).toEqual(before)
  })

  it.each<[what: string, source: EntryLiteral]>([
    ['a file', 'content'],
    ['a link', symlink('content')],
  ])('is %s read from a directory that is one by now', (_, source) => {
    const swap: Fault = {
      side: 'source',
      call: 'openDirectory',
      path: 'd',
      race: swapForLink(join(place.source, 'd'), 'outside'),
    }
    const here = ground(source, undefined, [swap])
    expect(failureOf(() => make(here, 'create'))).toMatch(/^source E(?:LOOP|NOTDIR)$/)
    expect(holds(place.replica)).toEqual({ d: '/', outside: '/', 'outside/x': 'precious' })
  })

  it('is what a link came to be at the last moment written: it is replaced itself', () => {
    const here = ground('content', 'old', [
      { call: 'rename', path: 'd/x', race: swapForLink(x(), '../outside/x') },
    ])
    make(here, 'update')
    expect(holds(place.replica)).toMatchObject({ 'd/x': 'content', 'outside/x': 'precious' })
  })

  it.each<[what: string, race: () => readonly RaceStep[], failure: string]>([
    ['another kind', () => swapForLink(join(place.source, 'd', 'x'), '../outside/x'), 'source ELOOP'],
    ['gone', () => [{ do: 'remove', path: join(place.source, 'd', 'x') }], 'source ENOENT'],
  ])('is a source file that is %s', (_, race, failure) => {
    const here = ground('content', 'old', [{ side: 'source', call: 'openFile', path: 'd/x', race: race() }])
    expect(failureOf(() => make(here, 'update'))).toBe(failure)
    expect(holds(place.replica)['d/x']).toBe('old')
  })

  it.each<[what: string, content: readonly RaceStep[]]>([
    ['gone', []],
    ['a file', [{ do: 'write', path: '', content: 'file' }]],
  ])('a source link that is %s by now is left for the next run', (_, then) => {
    const path = join(place.source, 'd', 'x')
    const race = [{ do: 'remove', path } as const, ...then.map(step => ({ ...step, path }) as RaceStep)]
    const here = ground(symlink('a'), symlink('b'), [{ side: 'source', call: 'stat', path: 'd/x', race }])
    expect(failureOf(() => make(here, 'update'))).toBe('source changed')
    expect(holds(place.replica)['d/x']).toBe('-> b')
  })
})
