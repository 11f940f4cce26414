import { lstatSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RaceStep } from '../../../../test/support/faulty.js'
import { directory, type EntryLiteral, file } from '../../../../test/support/tree-literal.js'
import { applyChange } from '../../src/apply/apply-change.js'
import type { ChangeToMake, Made } from '../../src/apply/change-to-make.js'
import { stageAhead } from '../../src/apply/stage.js'
import { finish } from '../support/pairs.js'
import { failureOf, type Ground, holds, leftStaged, type Opening, useGround } from './ground.js'

const place = useGround()
const at = '2001-02-03T04:05:06.789012Z'
const one = file('content', { mode: 0o640, mtime: at })

/** The source has `d/x` what the replica has as `old`, and maybe something else at `d/x`. */
function ground(x: EntryLiteral | undefined, more: Partial<Opening> = {}, now: EntryLiteral = one): Ground {
  const replica = { old: one, d: x === undefined ? {} : { x } }
  return place.open({ source: { d: { x: now } }, replica, ...more })
}

/** As a plan would hold it that was made now. */
function renaming(here: Ground): ChangeToMake {
  const linkTo = { path: 'old', entry: here.entry('replica', 'old') }
  return { ...here.change('rename', 'd/x'), linkTo, isMoved: true }
}

function make({ context }: Ground, change: ChangeToMake): Made {
  return finish(applyChange(context, change))
}

function inode(path: string): number {
  return lstatSync(join(place.replica, path)).ino
}

describe('a file gets its new name', () => {
  it.each<[what: string, x: EntryLiteral | undefined]>([
    ['where nothing is', undefined],
    ['over another file', 'another'],
  ])('%s', (_, x) => {
    const here = ground(x)
    const before = inode('old')
    expect(make(here, renaming(here))).toEqual({ bytes: 0, digest: undefined })
    expect(inode('d/x')).toBe(before)
    expect(holds(place.replica)).toEqual({ d: '/', 'd/x': 'content' })
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('and the attributes that the source has there', () => {
    const here = ground(undefined, {}, file('content', { mode: 0o600, mtime: at }))
    make(here, renaming(here))
    expect(lstatSync(join(place.replica, 'd', 'x')).mode & 0o7777).toBe(0o600)
  })

  it('by way of the staging directory, where something else comes to the old one', () => {
    const here = ground('another', {}, file('content', { mode: 0o600, mtime: at }))
    const before = inode('old')
    const change = renaming(here)
    const made = finish(stageAhead(here.context, change))
    expect(made.bytes).toBe(0)
    writeFileSync(join(place.replica, 'new'), 'something else')
    renameSync(join(place.replica, 'new'), join(place.replica, 'old'))
    make(here, { ...change, linkTo: undefined, staged: made.stagedAt })
    expect(inode('d/x')).toBe(before)
    expect(lstatSync(join(place.replica, 'd', 'x')).mode & 0o7777).toBe(0o600)
    expect(holds(place.replica)).toEqual({ old: 'something else', d: '/', 'd/x': 'content' })
  })
})

describe('a file is copied, and its old name goes,', () => {
  it('where another file system begins', () => {
    const here = ground('another', {
      faults: [{ side: 'replica', call: 'rename', path: 'd/x', errno: 'EXDEV', times: 1 }],
    })
    expect(make(here, renaming(here)).bytes).toBe(7)
    expect(holds(place.replica)).toEqual({ d: '/', 'd/x': 'content' })
  })

  it('where the source has another one by now', () => {
    const here = ground(undefined)
    const change = renaming(here)
    writeFileSync(join(place.source, 'd', 'x'), 'newer')
    expect(make(here, change).bytes).toBe(5)
    expect(holds(place.replica)).toEqual({ d: '/', 'd/x': 'newer' })
  })
})

describe('nothing is renamed', () => {
  it.each<[what: string, path: string, race: () => RaceStep]>([
    ['to where something appeared', 'd/x', () => write('d/x')],
    ['that was written to', 'old', () => write('old')],
  ])('%s', (_, path, race) => {
    const here = ground(undefined, {
      faults: [{ side: 'replica', call: 'stat', path, times: 1, race: [race()] }],
    })
    expect(failureOf(() => make(here, renaming(here)))).toBe('replica changed')
    expect(Object.keys(holds(place.replica))).toContain('old')
  })
})

describe('a directory', () => {
  const tree = directory({ y: 'y', s: { z: 'z' } }, { mode: 0o700 })

  function moving(faults: Opening['faults'] = []): Ground {
    return place.open({ source: { d: { x: tree } }, replica: { old: tree, d: {} }, faults })
  }

  it('is renamed with all it holds', () => {
    const here = moving()
    make(here, moved(here))
    expect(holds(place.replica)).toEqual({ d: '/', 'd/x': '/', 'd/x/s': '/', 'd/x/s/z': 'z', 'd/x/y': 'y' })
  })

  it.each(['EXDEV', 'EACCES', 'ENOSPC'])('stays where that fails (%s)', errno => {
    const here = moving([{ side: 'replica', call: 'rename', path: 'd/x', errno }])
    expect(failureOf(() => make(here, moved(here)))).toContain(errno)
    expect(Object.keys(holds(place.replica))).toContain('old/s/z')
  })
})

function write(path: string): RaceStep {
  return { do: 'write', path: join(place.replica, path), content: '!' }
}

function moved(here: Ground): ChangeToMake {
  const replica = here.entry('replica', 'old')
  return { ...here.change('rename', 'd/x'), replica, linkTo: { path: 'old', entry: undefined } }
}
