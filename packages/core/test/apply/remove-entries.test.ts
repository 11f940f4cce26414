import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../../test/support/faulty.js'
import { onlyDeletes, removeEntries } from '../../src/apply/remove-entries.js'
import { type Applied, batchOf, ended, type Line } from './batches.js'
import { type Ground, holds, useGround } from './ground.js'

const place = useGround()
const replica = { d: { a: 'a', b: 'b', c: 'c' }, e: { x: 'x', y: 'y' }, stays: '' }
const files: readonly Line[] = ['delete d/a', 'delete d/b', 'delete d/c', 'delete e/x', 'delete e/y']
const all: readonly Line[] = [...files, 'delete e', 'delete d']

function ground(faults: readonly Omit<Fault, 'side'>[] = [], isAborted: () => boolean = () => false): Ground {
  return place.open({
    replica,
    faults: faults.map(fault => ({ side: 'replica', ...fault })),
    context: { isAborted },
  })
}

/** What became of the rows, and how often others were let in between two of them. */
function removed(here: Ground, lines: readonly Line[]): Applied & { readonly turns: number } {
  const steps = removeEntries(here.context, batchOf(here, lines))
  for (let turns = 0; ; turns++) {
    const step = steps.next()
    if (step.done === true) return { ...ended(step.value), turns }
  }
}

describe('a batch that only deletes', () => {
  it('is known by all of its rows', () => {
    const here = place.open({ source: { new: '' }, replica })
    expect(onlyDeletes(batchOf(here, all))).toBe(true)
    expect(onlyDeletes(batchOf(here, ['delete d/a', 'create new']))).toBe(false)
  })

  it('leaves what is not among its rows', () => {
    expect(removed(ground(), all).states).toEqual(all.map(() => 'done'))
    expect(holds(place.replica)).toEqual({ stays: '' })
  })

  it('enters each directory once', () => {
    const here = ground([{ call: 'openDirectory', race: [], times: 99 }])
    removed(here, files)
    // Where directories are paths, what is there may be another one by the next row.
    expect(here.struck()).toEqual([here.context.replica.tree.way === 'paths' ? files.length : 2])
  })

  it('lets others in after every few rows', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, '']))
    const here = place.open({ replica: { d: many } })
    const lines = Object.keys(many).map((name): Line => `delete d/${name}`)
    expect(removed(here, lines).turns).toBe(2)
  })

  it.each([0, 1, 4])('ends after %i rows when the run is stopped', count => {
    let asked = 0
    const { states, problems } = removed(
      ground([], () => asked++ === count),
      files,
    )
    expect(states).toEqual(files.map((_, index) => (index < count ? 'done' : 'notReached')))
    expect(problems).toEqual({})
  })

  it('ends with a failing storage', () => {
    const { states, problems } = removed(ground([{ call: 'unlink', path: 'd/b', errno: 'EROFS' }]), files)
    expect(states).toEqual(['done', 'failed', 'notReached', 'notReached', 'notReached'])
    expect(problems).toEqual({ 1: 'storage-failed d/b' })
  })
})

/** One row fails, and nothing that does not depend on it. */
function expectFailedAlone(fault: Omit<Fault, 'side' | 'path'>, told: string): void {
  const { states, problems } = removed(ground([{ ...fault, path: 'd/b', times: 1 }]), all)
  expect(states).toEqual(['done', 'failed', 'done', 'done', 'done', 'done', 'skipped'])
  expect(problems).toEqual({ 1: `${told} d/b` })
}

describe('a row', () => {
  it.each<[what: string, call: Fault['call'], errno: string]>([
    ['cannot be looked at', 'stat', 'ELOOP'],
    ['cannot be removed', 'unlink', 'ENOENT'],
  ])('that %s fails alone, and keeps its directory', (_, call, errno) => {
    expectFailedAlone({ call, errno }, 'replica-failed')
  })

  it('that was written to fails so too', () => {
    const path = join(place.replica, 'd/b')
    expectFailedAlone({ call: 'stat', race: [{ do: 'append', path, content: '!' }] }, 'replica-changed')
  })

  it('that is gone fails so too', () => {
    const path = join(place.replica, 'd/b')
    expectFailedAlone({ call: 'stat', race: [{ do: 'remove', path }] }, 'replica-changed')
  })

  it('whose directory cannot be entered fails, each by itself', () => {
    const here = ground([{ call: 'openDirectory', path: 'd', errno: 'ENOENT' }])
    const { states, problems } = removed(here, files)
    expect(states).toEqual(['failed', 'failed', 'failed', 'done', 'done'])
    expect(problems).toEqual({
      0: 'replica-changed d/a',
      1: 'replica-changed d/b',
      2: 'replica-changed d/c',
    })
  })
})
