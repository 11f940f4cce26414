import { chmodSync, lstatSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fifo, file, hardLink, symlink, type EntryLiteral } from '../../../../test/support/tree-literal.js'
import type { RaceStep } from '../../../../test/support/faulty.js'
import { applyChange } from '../../src/apply/apply-change.js'
import type { ChangeToMake, Made } from '../../src/apply/change-to-make.js'
import { stageAhead } from '../../src/apply/stage.js'
import type { RelativePath } from '../../src/model/path.js'
import { finish } from '../support/pairs.js'
import { failureOf, type Ground, holds, leftStaged, type Opening, staged, useGround } from './ground.js'

const place = useGround()
const at = '2001-02-03T04:05:06.789012Z'
const one = file('content', { mode: 0o640, mtime: at })

/** `first` and `d/x` are one in the source; the replica has `first`, and what is given at `d/x`. */
function ground(x: EntryLiteral | undefined, more: Partial<Opening> = {}, first: EntryLiteral = one): Ground {
  const source = { first, d: { x: hardLink('first') } }
  return place.open({ source, replica: { first, d: x === undefined ? {} : { x } }, ...more })
}

/** A change of `d/x` as of now, to be linked to what the plan saw stay, or to what was made. */
function linking(here: Ground, target: 'stays' | 'made', to: RelativePath = 'first'): ChangeToMake {
  const entry = target === 'stays' ? here.entry('replica', to) : undefined
  return { ...here.change('link', 'd/x'), linkTo: { path: to, entry } }
}

function make({ context }: Ground, change: ChangeToMake): Made {
  return finish(applyChange(context, change))
}

const isLinked = (): boolean =>
  lstatSync(join(place.replica, 'first')).ino === lstatSync(join(place.replica, 'd', 'x')).ino

describe.each(['stays', 'made'] as const)('linked to what %s', target => {
  it.each<[what: string, was: EntryLiteral | undefined, kind?: EntryLiteral]>([
    ['where nothing is', undefined],
    ['over a file', 'old content'],
    ['over a link', symlink('first')],
    ['over a FIFO', fifo()],
    ['over an empty directory', {}],
    ['as a symbolic link, itself', 'old', symlink('nowhere', { mtime: at })],
    ['as a FIFO', undefined, fifo({ mode: 0o640, mtime: at })],
  ])('%s', (_, was, kind) => {
    const here = ground(was, {}, kind)
    expect(make(here, linking(here, target))).toEqual({ bytes: 0, digest: undefined })
    expect(isLinked()).toBe(true)
    expect(here.entry('replica', 'd/x')?.links).toBe(2)
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it.each(['EMLINK', 'EXDEV', 'EPERM', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'ENOENT'])(
    'is copied when the system says %s, and that is told',
    errno => {
      const here = ground('old', { faults: [{ side: 'replica', call: 'link', errno }] })
      expect(make(here, linking(here, target))).toEqual({
        bytes: 7,
        digest: undefined,
        residuals: ['hard links'],
      })
      expect(isLinked()).toBe(false)
      expect(holds(place.replica)['d/x']).toBe('content')
      expect(leftStaged(place.replica, here)).toEqual([])
    },
  )

  it.each(['ENOSPC', 'EIO', 'EROFS'])('fails where nothing can be written any more: %s', errno => {
    const here = ground('old', { faults: [{ side: 'replica', call: 'link', errno }] })
    expect(failureOf(() => make(here, linking(here, target)))).toBe(errno)
    expect(holds(place.replica)['d/x']).toBe('old')
  })

  it.each<[what: string, change: (path: string) => void]>([
    ['was swapped for another', path => swap(path, 'another content')],
    ['is gone', path => rmSync(path)],
    [
      'is of another kind',
      path => {
        rmSync(path)
        symlinkSync('nowhere', path)
      },
    ],
    ['was written to', path => writeFileSync(path, 'changed')],
  ])('is copied when that %s', (_, change) => {
    const here = ground('old')
    const planned = linking(here, target)
    change(join(place.replica, 'first'))
    expect(make(here, planned)).toEqual({ bytes: 7, digest: undefined, residuals: ['hard links'] })
    expect(holds(place.replica)['d/x']).toBe('content')
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('is copied, and nothing is said, when the source is no longer one file', () => {
    const here = ground('old')
    const planned = linking(here, target)
    rmSync(join(place.source, 'd', 'x'))
    writeFileSync(join(place.source, 'd', 'x'), 'its own')
    expect(make(here, { ...planned, source: planned.source && { ...planned.source, inode: 1n } })).toEqual({
      bytes: 7,
      digest: undefined,
    })
    expect(holds(place.replica)['d/x']).toBe('its own')
  })

  it('fails when it is gone from the source', () => {
    const here = ground('old')
    const planned = linking(here, target)
    rmSync(join(place.source, 'd', 'x'))
    expect(failureOf(() => make(here, planned))).toBe('source ENOENT')
    expect(holds(place.replica)['d/x']).toBe('old')
  })

  it('fails when the name was changed meanwhile, and leaves nothing behind', () => {
    const here = ground('old')
    const planned = linking(here, target)
    swap(join(place.replica, 'd', 'x'), 'by another')
    expect(failureOf(() => make(here, planned))).toBe('replica changed')
    expect(holds(place.replica)['d/x']).toBe('by another')
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('no temporary stays when somebody has linked it meanwhile: such a rename does nothing (T09)', () => {
    const path = join(place.replica, 'd', 'x')
    const race: RaceStep[] = [
      { do: 'remove', path },
      { do: 'link', from: join(place.replica, 'first'), to: path },
    ]
    const here = ground('old', { faults: [{ side: 'replica', call: 'rename', path: 'd/x', race }] })
    expect(make(here, linking(here, target))).toEqual({ bytes: 0, digest: undefined })
    expect(isLinked()).toBe(true)
    expect(leftStaged(place.replica, here)).toEqual([])
  })
})

/** Another file in the place of one. */
function swap(path: string, content: string): void {
  renameSync(path, `${path}.was`)
  writeFileSync(path, content)
  utimesSync(path, 1, 1)
}

it('what stays is known by its inode: another of the same size and time is not taken for it', () => {
  const here = ground('old')
  const planned = linking(here, 'stays')
  const path = join(place.replica, 'first')
  const { atime, mtime } = lstatSync(path)
  renameSync(path, `${path}.was`)
  writeFileSync(path, 'CONTENT')
  utimesSync(path, atime, mtime)
  expect(make(here, planned)).toMatchObject({ bytes: 7, residuals: ['hard links'] })
  expect(holds(place.replica)['d/x']).toBe('content')
})

it('what stays may be given its attributes later', () => {
  const here = ground('old')
  const planned = linking(here, 'stays')
  chmodSync(join(place.replica, 'first'), 0o600)
  expect(make(here, planned).residuals).toBe(undefined)
  expect(isLinked()).toBe(true)
})

it.each<[what: string, change: (path: string) => void]>([
  ['mode', path => chmodSync(path, 0o600)],
  ['time', path => utimesSync(path, 1, 1)],
])('what was made has its attributes: with another %s it is not taken for it', (_, change) => {
  const here = ground('old')
  change(join(place.replica, 'first'))
  expect(make(here, linking(here, 'made'))).toMatchObject({ bytes: 7, residuals: ['hard links'] })
  expect(isLinked()).toBe(false)
})

it('what has nothing to be linked to is copied', () => {
  const here = ground('old')
  expect(make(here, here.change('link', 'd/x'))).toEqual({ bytes: 7, digest: undefined })
  expect(isLinked()).toBe(false)
})

it('on a mounted file system it is linked beside the name', () => {
  const here = ground('old', {
    faults: [
      { side: 'replica', call: 'link', path: staged(1), errno: 'EXDEV' },
      { side: 'replica', call: 'rename', path: 'd/x', times: 1, errno: 'EXDEV' },
    ],
  })
  expect(make(here, linking(here, 'stays'))).toEqual({ bytes: 0, digest: undefined })
  expect(isLinked()).toBe(true)
  expect(leftStaged(place.replica, here)).toEqual([])
})

it('can be staged ahead, and linked to what is staged itself', () => {
  const here = ground('old')
  const first = finish(stageAhead(here.context, here.change('replace', 'first')))
  const change = {
    ...here.change('replace', 'd/x'),
    linkTo: { path: first.stagedAt ?? '', entry: undefined },
  }
  const second = finish(stageAhead(here.context, change))
  expect(second.bytes).toBe(0)
  const inode = (path: RelativePath | undefined): bigint | undefined =>
    here.entry('replica', path ?? '')?.inode
  expect(inode(second.stagedAt)).toBe(inode(first.stagedAt))
})
