import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import {
  hasSteps,
  lastInForce,
  listRuns,
  newRunId,
  openRun,
  type Run,
  timeOfRun,
} from '../../src/backup/run-folder.js'
import { openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()
const at = (path: string): string => join(temporary.path, path)

function write(id: string, ...records: readonly object[]): void {
  mkdirSync(at(id))
  writeFileSync(at(`${id}/journal-main`), records.map(record => `${JSON.stringify(record)}\n`).join(''))
}

/** `a`; `-a` undoes `a`; `?` was killed. */
function runs(...shown: readonly string[]): readonly Run[] {
  return shown.map((text, index) => {
    const [what = '', undoes] = text.replace('?', '').split('-')
    return { id: what === '' ? `u${index}` : what, replica: '/r', undoes, isEnded: !text.includes('?') }
  })
}

describe('lastInForce', () => {
  it.each<[runs: readonly string[], last: string | undefined]>([
    [[], undefined],
    [['a'], 'a'],
    [['a', 'b'], 'b'],
    [['a', 'b', '-b'], 'a'],
    [['a', 'b', '-b', '-a'], undefined],
    [['a', 'b', '-a'], 'b'],
    // What undoes an undo brings back what that took.
    [['a', 'b', '-b', '-u2'], 'u3'],
    [['a', 'b', '-b', '-u2', '-u3'], 'a'],
    // One that was killed comes first, an undo too.
    [['a', 'b?'], 'b'],
    [['a', 'b', '-b?'], 'u2'],
    // Half an undo is undone, and the run is in force again.
    [['a', 'b', '-b?', '-u2'], 'b'],
    [['a', 'b?', 'c'], 'c'],
  ])('of %j is %s', (shown, last) => {
    expect(lastInForce(runs(...shown))?.id).toBe(last)
  })
})

describe('newRunId', () => {
  const noon = Date.parse('2026-01-02T12:00:00.123Z')

  it('says when the run began', () => {
    using opened = openTree(temporary.path)
    const id = newRunId(opened.tree, noon)
    expect(id).toMatch(/^20260102T120000123Z-[0-9a-f]{6}$/)
    expect(timeOfRun(id)).toBe(noon)
  })

  it('is later than all that are there, also where the clock was put back', () => {
    using opened = openTree(temporary.path)
    mkdirSync(at('20260102T120000123Z-ffffff'))
    mkdirSync(at('99 is no run'))
    for (const now of [noon, noon - 86_400_000]) {
      const id = newRunId(opened.tree, now)
      expect(timeOfRun(id)).toBe(noon + 1)
      expect(id > '20260102T120000123Z-ffffff').toBe(true)
    }
  })
})

describe('listRuns', () => {
  const there = { path: '/r', device: 5n, inode: 7n }
  const begin = { at: '1', op: 'begin', version: 1, replica: '/r', device: '5', root: '7' }

  function listed(): readonly string[] {
    using opened = openTree(temporary.path)
    return listRuns(opened.opened.spec, there).map(({ id, isEnded }) => `${id.slice(0, 8)} ${isEnded}`)
  }

  it('lists the runs of a replica by its path, or its root where it was moved, oldest first', () => {
    write('20260103T000000000Z-000000', { ...begin, device: '1' }, { at: '2', op: 'end' })
    write('20260102T000000000Z-000000', { ...begin, replica: '/moved' })
    write('20260104T000000000Z-000000', { ...begin, replica: '/other', device: '6' })
    write('20260105T000000000Z-000000', { ...begin, replica: '/other', root: '8' })
    expect(listed()).toEqual(['20260102 false', '20260103 true'])
  })

  it('takes nothing else for a run', () => {
    write('20260101T000000000Z-00000g', begin)
    write('other', begin)
    mkdirSync(at('20260101T000000000Z-000001'))
    writeFileSync(at('20260101T000000000Z-000002'), '')
    mkdirSync(at('20260101T000000000Z-000003/journal-main'), { recursive: true })
    mkdirSync(at('20260101T000000000Z-000004'))
    writeFileSync(at('20260101T000000000Z-000004/journal-main'), 'damaged\n')
    write('20260101T000000000Z-000005', { at: '1', op: 'end' })
    expect(listed()).toEqual([])
  })
})

it('hasSteps: the journal of the run as a whole tells of none', () => {
  mkdirSync(at('run'))
  using opened = openTree(temporary.path)
  const run = openRun(opened.opened.spec, 'run')
  writeFileSync(at('run/journal-main'), '')
  expect(hasSteps(run.tree)).toBe(false)
  writeFileSync(at('run/journal-0'), '')
  expect(hasSteps(run.tree)).toBe(true)
  run.close()
})
