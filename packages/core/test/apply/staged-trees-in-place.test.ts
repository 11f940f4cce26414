/** What cannot be published, because it belongs on another file system, is made in place. */
import { describe, expect, it } from 'vitest'
import { applied, type Line } from './batches.js'
import { type Ground, holds, staged, useGround } from './ground.js'
import {
  abortedAfter,
  all,
  type Planted,
  plantedInReplica,
  source,
  statesOf,
  whole,
} from './new-directories.js'

const place = useGround()
const elsewhere: Planted = { call: 'rename', path: 'n', errno: 'EXDEV' }

function building(faults: readonly Planted[] = [], more: Partial<Ground['context']> = {}): Ground {
  return place.open({ source, faults: plantedInReplica([elsewhere, ...faults]), context: more })
}

describe('on another file system', () => {
  it.each<[what: string, more: Planted[]]>([
    ['', []],
    [', though what was staged cannot be removed', [{ call: 'unlink', path: staged('1/a'), errno: 'EIO' }]],
  ])('a new directory is made in place%s', (_, more) => {
    const here = building(more)
    expect(applied(here, all, whole).states).toEqual(all.map(() => 'done'))
    expect(holds(place.replica)).toEqual(holds(place.source))
  })

  it('what fails there is one row again', () => {
    const here = building([
      { call: 'makeDirectory', path: 'n/e', errno: 'EMLINK' },
      { call: 'handle.setMtime', path: staged('1/a!'), errno: 'ENAMETOOLONG' },
    ])
    const { states, problems } = applied(here, all, whole)
    const ofN: Record<string, string> = { 'create n/e': 'failed', 'create n/a!': 'failed' }
    expect(states).toEqual(statesOf(line => ofN[line] ?? (line.includes('n/e/') ? 'skipped' : 'done')))
    expect(Object.values(problems).sort()).toEqual(['replica-failed n/a!', 'replica-failed n/e'])
    expect(Object.keys(holds(place.replica))).toEqual(['n', 'n!', 'n/a', 'n/empty', 'other', 'other/y'])
  })

  it.each<[what: string, planted: Planted[], more: Partial<Ground['context']>, problem: string[]]>([
    ['an abort', [], { isAborted: abortedAfter(all.length + 2) }, []],
    [
      'a storage failure',
      [{ call: 'makeDirectory', path: 'n/e', errno: 'ENOSPC' }],
      {},
      ['storage-failed n/e'],
    ],
  ])('%s ends what is made in place', (_, planted, more, problem) => {
    const order = ['create n', 'create n/a', 'create n/a!', 'create n/e']
    const here = building(planted, more)
    const { states, problems, result } = applied(here, all, whole)
    const made = problem.length === 0 ? order.slice(0, 2) : order.slice(0, 3)
    const ofN = (line: Line): string =>
      made.includes(line) ? 'done' : problem.length > 0 && line === 'create n/e' ? 'failed' : 'notReached'
    expect(states.slice(0, -2)).toEqual(statesOf(ofN).slice(0, -2))
    expect(Object.values(problems)).toEqual(problem)
    expect(result.bytes[all.indexOf('create n/e/deep/x')]).toBe(0)
  })
})
