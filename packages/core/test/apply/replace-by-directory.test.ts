import { linkSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Fault, swapForLink } from '../../../../test/support/faulty.js'
import { fifo, symlink, type EntryLiteral } from '../../../../test/support/tree-literal.js'
import { replaceByDirectory } from '../../src/apply/replace-by-directory.js'
import type { Name } from '../../src/model/path.js'
import { beside, failureOf, type Ground, holds, leftStaged, staged, useGround } from './ground.js'

const place = useGround()

type Planted = Omit<Fault, 'side'>

function ground(x: EntryLiteral, faults: readonly Planted[] = []): Ground {
  const replica = { d: { x, y: 'y' }, outside: { precious: 'p' } }
  return place.open({ replica, faults: faults.map(fault => ({ side: 'replica', ...fault })) })
}

/** Replaces `d/x` by a directory, and returns how that fails. */
function replace({ context, entry }: Ground, planned = entry('replica', 'd/x')): string {
  const { held } = context.replica
  return failureOf(() =>
    replaceByDirectory(context, held.enter('d'), { name: 'x' as Name, replica: planned }),
  )
}

const rest = { d: '/', 'd/y': 'y', outside: '/', 'outside/precious': 'p' }

describe('replaceByDirectory', () => {
  it.each<[what: string, x: EntryLiteral]>([
    ['a file', 'content'],
    ['a link', symlink('../outside')],
    ['a dangling link', symlink('nowhere')],
    ['a FIFO', fifo()],
  ])('puts a directory where %s is', (_, x) => {
    const here = ground(x)
    expect(replace(here)).toBe('none')
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': '/' })
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('leaves the other name of a file alone', () => {
    const here = ground('shared')
    linkSync(join(place.replica, 'd', 'x'), join(place.path, 'other'))
    const planned = here.entry('replica', 'd/x')
    expect(replace(here, planned)).toBe('none')
    expect(lstatSync(join(place.path, 'other')).nlink).toBe(1)
  })

  it('puts the old entry back when the directory cannot be made', () => {
    const here = ground('content', [{ call: 'makeDirectory', path: 'd/x', errno: 'ENOSPC' }])
    const planned = here.entry('replica', 'd/x')
    expect(replace(here)).toBe('ENOSPC')
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': 'content' })
    expect(here.entry('replica', 'd/x')?.inode).toBe(planned?.inode)
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('leaves the old entry when it cannot be moved aside', () => {
    const here = ground('content', [{ call: 'rename', path: staged(1), errno: 'EIO' }])
    expect(replace(here)).toBe('EIO')
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': 'content' })
  })

  it('is done although the old entry cannot be removed: that goes with the staging directory', () => {
    const here = ground('content', [{ call: 'unlink', path: staged(1), errno: 'EIO' }])
    expect(replace(here)).toBe('none')
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': '/' })
    expect(leftStaged(place.replica, here)).toEqual(['1'])
  })

  it.each<[what: string, change: (path: string) => Planted['race'], found: string]>([
    ['gone', path => [{ do: 'remove', path }], ''],
    [
      'another file',
      path => [
        { do: 'remove', path },
        { do: 'write', path, content: 'other' },
      ],
      'other',
    ],
    ['of another size', path => [{ do: 'append', path, content: ' and more' }], 'content and more'],
    ['a link', path => swapForLink(path, '../outside'), '-> ../outside'],
    [
      'a directory',
      path => [
        { do: 'remove', path },
        { do: 'mkdir', path },
      ],
      '/',
    ],
  ])('refuses what is %s by now', (_, change, found) => {
    const race = change(join(place.replica, 'd', 'x')) ?? []
    const here = ground('content', [{ call: 'stat', path: 'd/x', race }])
    expect(replace(here)).toBe('replica changed')
    expect(holds(place.replica)['d/x'] ?? '').toBe(found)
    expect(holds(place.replica)['outside/precious']).toBe('p')
  })
})

describe('on another file system', () => {
  const elsewhere: Planted = { call: 'rename', path: staged(1), errno: 'EXDEV' }

  it('the old entry is moved aside beside itself', () => {
    expect(replace(ground('content', [elsewhere]))).toBe('none')
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': '/' })
  })

  it('the old entry is put back from there', () => {
    expect(
      replace(ground('content', [elsewhere, { call: 'makeDirectory', path: 'd/x', errno: 'EDQUOT' }])),
    ).toBe('EDQUOT')
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': 'content' })
  })

  it('the old entry stays when it cannot be moved there either', () => {
    expect(replace(ground('content', [elsewhere, { call: 'rename', path: beside, errno: 'EACCES' }]))).toBe(
      'EACCES',
    )
    expect(holds(place.replica)).toEqual({ ...rest, 'd/x': 'content' })
  })
})
