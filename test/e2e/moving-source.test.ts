/** A source that is written while it is read: tried again, then left with its old version, and named. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { type Fault, type RaceStep, type TreeCall, swapForLink } from '../support/faulty.js'
import {
  describeEachSetting,
  mirror,
  settings,
  shownProblem,
  sampled,
  useFolders,
} from '../support/mirror.js'
import { canMount, useMounts } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders({ renames: false })
const mounts = useMounts()
const tries = 4

function write(): string {
  writeTree(folders.source, { f: 'new content', g: 'g' })
  writeTree(folders.replica, { f: 'old', old: 'o' })
  return join(folders.source, 'f')
}

type Move = readonly [what: string, steps: (path: string) => readonly RaceStep[]]
const moves: readonly Move[] = [
  ['grows', path => [{ do: 'append', path, content: 'x' }]],
  [
    'shrinks',
    path => [
      { do: 'truncate', path, size: 3 },
      { do: 'append', path, content: '' },
    ],
  ],
  ['is rewritten with as many bytes', path => [{ do: 'write', path, content: 'newer conte' }]],
  [
    'is replaced',
    path => [
      { do: 'write', path: `${path}.new`, content: 'replaced it' },
      { do: 'rename', from: `${path}.new`, to: path },
    ],
  ],
]

describeEachSetting('a file that', setting => {
  it.each(sampled(moves, setting))(
    'C02, C03, C04, C05: %s once while it is copied is copied as it then is',
    async (_, steps) => {
      const path = write()
      const planted: Fault = { side: 'source', call: 'handle.read', path: 'f', times: 1, race: steps(path) }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(problems).toEqual([])
      expect(report.exitCode).toBe(0)
      expect(readTree(folders.replica)['f']).toEqual(readTree(folders.source)['f'])
    },
  )

  it.each(sampled(moves, setting))(
    'C02, C03, C04, C05: %s whenever it is copied keeps its old version, is named, and ends with 24',
    async (_, steps) => {
      const path = write()
      const planted: Fault = {
        side: 'source',
        call: 'handle.read',
        path: 'f',
        race: steps(path),
        after: true,
      }
      const opened: Fault = { side: 'source', call: 'openFile', path: 'f' }
      const { report, problems, faults } = await mirror(folders, setting, {}, [planted, opened])
      expect(report.exitCode).toBe(24)
      expect(problems.map(shownProblem)).toEqual(['source-changed f'])
      expect(faults.struck[1]).toBe(tries)
      expect(readTree(folders.replica)['f']).toMatchObject({ content: 'old' })
      expect(readTree(folders.replica)['old']).toBeUndefined()
      expect(readTree(folders.replica)['g']).toMatchObject({ content: 'g' })
    },
  )

  const becomes: readonly Move[] = [
    [
      'a directory',
      path => [
        { do: 'remove', path },
        { do: 'mkdir', path },
      ],
    ],
    ['a link to a file', path => swapForLink(path, 'g')],
    [
      'a FIFO',
      path => [
        { do: 'remove', path },
        { do: 'fifo', path },
      ],
    ],
  ]
  it.each(sampled(becomes, setting))(
    'C06, C08, C09: becomes %s before it is opened is left for the next run (24)',
    async (_, steps) => {
      const path = write()
      const planted: Fault = { side: 'source', call: 'openFile', path: 'f', times: 1, race: steps(path) }
      const { report, problems } = await mirror(folders, setting, {}, [planted])
      expect(report.exitCode).toBe(24)
      expect(problems.map(shownProblem)).toEqual(['source-changed f'])
      expect(readTree(folders.replica)['f']).toMatchObject({ content: 'old' })
      expect((await mirror(folders, setting)).report.exitCode).toBe(0)
    },
  )

  it('was a link and is none when it is read is left for the next run (24)', async () => {
    write()
    writeTree(folders.source, { link: symlink('g') })
    const path = join(folders.source, 'link')
    const race: readonly RaceStep[] = [
      { do: 'remove', path },
      { do: 'write', path, content: 'a file' },
    ]
    const planted: Fault = { side: 'source', call: 'stat', path: 'link', nth: 2, times: 1, race }
    const { report } = await mirror(folders, setting, {}, [planted])
    expect(report.exitCode).toBe(24)
    await mirror(folders, setting)
    expectEqualTrees(folders.source, folders.replica)
  })
})

const busy = ['EBUSY', 'ETXTBSY', 'EPERM', 'EACCES']
const places: readonly (readonly [side: 'source' | 'replica', call: TreeCall, path: string | RegExp])[] = [
  ['source', 'openFile', 'f'],
  ['source', 'handle.read', 'f'],
  ['replica', 'rename', 'f'],
  ['replica', 'unlink', 'old'],
]

describeEachSetting('what is in use', setting => {
  const inUse = places.map((place, index) => [...place, busy[index] ?? 'EBUSY'] as const)
  it.each(sampled(inUse, setting))(
    'in the %s (%s of %s, %s) is tried again until it is free',
    async (side, call, path, errno) => {
      write()
      const { report, problems } = await mirror(folders, setting, {}, [{ side, call, path, errno, times: 2 }])
      expect(problems).toEqual([])
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
    },
  )
})

describe('what is in use for good', () => {
  it.each(places.flatMap(([side, call, path]) => busy.map(errno => [side, call, path, errno] as const)))(
    'in the %s (%s of %s, %s) is named (23), and everything else is done',
    async (side, call, path, errno) => {
      write()
      const [setting] = settings
      if (setting === undefined) throw new Error('no setting')
      const { report, problems, faults } = await mirror(folders, setting, {}, [{ side, call, path, errno }])
      expect(report.exitCode).toBe(23)
      expect(faults.struck).toEqual([tries])
      expect(problems[0]).toMatchObject({
        side,
        path,
        errno,
        code: side === 'source' ? 'source-unreadable' : 'replica-failed',
      })
      const after = readTree(folders.replica)
      expect(after['g']).toMatchObject({ content: 'g' })
      expect(after['f']).toMatchObject({ content: path === 'f' ? 'old' : 'new content' })
      expect(after['old'] === undefined).toBe(side === 'replica' && call === 'rename')
    },
  )
})

describe.skipIf(!canMount)('a file whose size is not that of its content (needs mount)', () => {
  it.each(settings)('T10: is read to its end, and ends the run ($held, $concurrency)', async setting => {
    writeTree(folders.source, { version: '', g: 'g' })
    mounts.bind('/proc/version', join(folders.source, 'version'))
    const { report, problems } = await mirror(folders, setting)
    const named = report.exitCode === 0 ? [] : ['source-changed version']
    expect([report.exitCode, problems.map(shownProblem)]).toEqual([report.exitCode === 0 ? 0 : 24, named])
    expect(readTree(folders.replica)['g']).toMatchObject({ content: 'g' })
  })
})
