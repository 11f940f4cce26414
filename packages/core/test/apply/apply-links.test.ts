/** Names of one file in one batch: in a new directory that is built in staging, in two of them, and in place. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hardLink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { applied, type Line } from './batches.js'
import { holds, leftStaged, useGround } from './ground.js'
import { type Planted, plantedInReplica } from './new-directories.js'

const place = useGround()
const source: TreeLiteral = {
  a: 'one',
  n: { x: hardLink('a'), e: { y: hardLink('a') } },
  o: { z: hardLink('a') },
  p: hardLink('a'),
}
const paths = ['a', 'n/x', 'n/e/y', 'o/z', 'p']

type Row = [what: string, lines: readonly Line[], whole: readonly string[]]
const batches: readonly Row[] = [
  [
    'in place',
    [
      'create a',
      'create n',
      'create n/e',
      'link n/e/y => a',
      'link n/x => a',
      'create o',
      'link o/z => a',
      'link p => a',
    ],
    [],
  ],
  [
    'the first in place',
    [
      'create a',
      'create n',
      'create n/e',
      'link n/e/y => a',
      'link n/x => a',
      'create o',
      'link o/z => a',
      'link p => a',
    ],
    ['n', 'n/e', 'o'],
  ],
  [
    'the first in staging',
    [
      'create n',
      'create n/e',
      'create n/e/y',
      'link n/x => n/e/y',
      'create o',
      'link o/z => n/e/y',
      'link p => n/e/y',
      'link a => n/e/y',
    ],
    ['n', 'n/e', 'o'],
  ],
]

function inodes(): number {
  return new Set(paths.map(path => lstatSync(join(place.replica, path)).ino)).size
}

describe.each(batches)('hard links, %s', (_, lines, whole) => {
  it('are one file', () => {
    const here = place.open({ source })
    const { states, result } = applied(here, lines, whole)
    expect(states).toEqual(lines.map(() => 'done'))
    expect([...result.bytes].reduce((sum, each) => sum + each, 0)).toBe(3)
    expect([inodes(), result.residuals]).toEqual([1, []])
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it.each<[what: string, faults: Planted[], apart: number]>([
    ['are copied where the system refuses', [{ call: 'link', errno: 'EPERM' }], 4],
    [
      'are one file when directories are made in place',
      [{ call: 'rename', path: /^[no]$/, errno: 'EXDEV' }],
      0,
    ],
  ])('%s', (what, faults, apart) => {
    const unmet = what.includes('in place') && whole.length === 0
    const here = place.open({ source, faults: unmet ? [] : plantedInReplica(faults) })
    const { states, result } = applied(here, lines, whole)
    expect(states).toEqual(lines.map(() => 'done'))
    expect(result.residuals.filter(([, attribute]) => attribute === 'hard links')).toHaveLength(apart)
    expect(paths.map(path => holds(place.replica)[path])).toEqual(paths.map(() => 'one'))
    expect(leftStaged(place.replica, here)).toEqual([])
  })

  it('are copied when the first cannot be made', () => {
    const first = lines.find(line => line.startsWith('create') && paths.includes(line.slice(7))) ?? ''
    const path = first.slice(7)
    const faults = [{ side: 'source', call: 'openFile', path, errno: 'EIO' } as const]
    const here = place.open({ source, faults })
    const { states, result } = applied(here, lines, whole)
    expect(states).toEqual(lines.map(line => (line === first ? 'failed' : 'done')))
    expect(result.residuals).toEqual([])
    const others = paths.filter(each => each !== path)
    expect(others.map(each => holds(place.replica)[each])).toEqual(others.map(() => 'one'))
  })
})
