/** What was only renamed or moved in the source is renamed in the replica: nothing is copied, and nothing is lost. */
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Change } from '@facsimile/core'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import {
  describeEachSetting,
  expectNothingLeft,
  holding,
  mirror,
  type Setting,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'

const folders = useFolders()
const alone: Setting = { held: holding, concurrency: 1 }

function at(path: string): string {
  return join(folders.source, path)
}

let nth = 0

/** Writes files anew, each with content and a time of its own, which the clock of the system gives only to what is written slowly. */
function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), `what ${path} holds, which is longer for a longer path`)
    nth += 1
    const time = 1_600_000_000.123_457 + nth
    utimesSync(at(path), time, time)
  }
}

function move(from: string, to: string): void {
  mkdirSync(join(at(to), '..'), { recursive: true })
  renameSync(at(from), at(to))
}

function swap(one: string, other: string): void {
  move(one, 'aside')
  move(other, one)
  move('aside', other)
}

/** What is told of renames, and of all that is written. */
function shownMoves(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(change => {
    const { action, path, renamedFrom, bytes } = change
    if (renamedFrom !== undefined) return [`${action} ${renamedFrom} -> ${path}`]
    return bytes > 0 ? [`${shownChange(change)} (${bytes})`] : []
  })
}

interface Case {
  readonly what: string
  /** Files of the source before. */
  readonly before: readonly string[]
  readonly edit: () => void
  /** The renames, and what is written besides. */
  readonly moves: readonly string[]
}

const cases: readonly Case[] = [
  { what: 'a file', before: ['a'], edit: () => move('a', 'b'), moves: ['rename a -> b'] },
  {
    what: 'a file, into a new directory',
    before: ['a', 'k'],
    edit: () => move('a', 'd/e/a'),
    moves: ['rename a -> d/e/a'],
  },
  {
    what: 'a file, over another',
    before: ['a', 'b'],
    edit: () => move('a', 'b'),
    moves: ['rename a -> b'],
  },
  {
    what: 'a file whose mode was changed too',
    before: ['a', 'k'],
    edit: () => {
      move('a', 'b')
      chmodSync(at('b'), 0o600)
    },
    moves: ['rename a -> b'],
  },
  {
    what: 'two files that swap names',
    before: ['a', 'b'],
    edit: () => swap('a', 'b'),
    moves: ['rename b -> a', 'rename a -> b'],
  },
  {
    what: 'three in a cycle',
    before: ['a', 'b', 'c'],
    edit: () => {
      swap('a', 'b')
      swap('a', 'c')
    },
    moves: ['rename c -> a', 'rename a -> b', 'rename b -> c'],
  },
  {
    what: 'a chain whose end is written anew',
    before: ['a', 'b'],
    edit: () => {
      move('b', 'c')
      move('a', 'b')
      write('a')
      appendFileSync(at('a'), '!')
    },
    moves: ['update a (48)', 'rename a -> b', 'rename b -> c'],
  },
  {
    what: 'a file in the place of a full directory',
    before: ['a', 'd/x', 'd/y'],
    edit: () => {
      rmSync(at('d'), { recursive: true })
      move('a', 'd')
    },
    moves: ['replace a -> d'],
  },
  {
    what: 'what a directory held, in whose place is a file',
    before: ['d/x', 'n/k', 'n/l'],
    edit: () => {
      move('d/x', 'n/x')
      rmSync(at('d'), { recursive: true })
      write('d')
    },
    moves: ['rename d/x -> n/x', 'replace d (47)'],
  },
  {
    what: 'a file whose old name is a directory by now',
    before: ['a', 'k'],
    edit: () => {
      move('a', 'b')
      write('a/x')
    },
    moves: ['create a/x (49)', 'rename a -> b'],
  },
  {
    what: 'a directory',
    before: ['a/x', 'a/y', 'a/s/z'],
    edit: () => move('a', 'b'),
    moves: ['rename a -> b'],
  },
  {
    what: 'a directory, to elsewhere',
    before: ['a/x', 'a/y', 'k/k'],
    edit: () => move('a', 'k/n/b'),
    moves: ['rename a -> k/n/b'],
  },
  {
    what: 'a directory that was edited too',
    before: ['a/x', 'a/y', 'a/z', 'a/u', 'a/v'],
    edit: () => {
      move('a', 'b')
      rmSync(at('b/x'))
      write('b/new')
      appendFileSync(at('b/y'), '!')
    },
    moves: ['rename a -> b', 'create b/new (51)', 'update b/y (50)'],
  },
  {
    what: 'a directory in one that was renamed itself, twice',
    before: ['a/x', 'a/y', 'a/s/z', 'a/s/zz'],
    edit: () => {
      move('a/s', 'a/t')
      move('a', 'b')
    },
    moves: ['rename a -> b', 'rename a/s -> b/t'],
  },
  {
    what: 'a directory out of one that was moved',
    before: ['a/x', 'a/y', 'a/s/z', 'a/s/zz', 'k'],
    edit: () => {
      move('a', 'm/b')
      move('m/b/s', 'c')
    },
    moves: ['rename a/s -> c', 'rename a -> m/b'],
  },
  {
    what: 'a directory that goes into what was in it',
    before: ['a/x', 'a/y', 'a/s/z', 'a/s/zz', 'k'],
    edit: () => {
      move('a/s', 'c')
      move('a', 'c/d')
    },
    moves: ['rename a/s -> c', 'rename a -> c/d'],
  },
  {
    what: 'two directories that swap names',
    before: ['a/x', 'a/y', 'b/u', 'b/v'],
    edit: () => swap('a', 'b'),
    moves: ['rename b/u -> a/u', 'rename b/v -> a/v', 'rename a/x -> b/x', 'rename a/y -> b/y'],
  },
  {
    what: 'a file and a full directory that swap names',
    before: ['a/x', 'b'],
    edit: () => swap('a', 'b'),
    moves: ['rename a/x -> b/x', 'replace b -> a'],
  },
  {
    what: 'a name of which only the case changed',
    before: ['Readme', 'Docs/x'],
    edit: () => {
      move('Readme', 'README')
      move('Docs', 'docs')
    },
    moves: ['rename Docs -> docs', 'rename Readme -> README'],
  },
  {
    what: 'a file out of a directory that was renamed',
    before: ['a/x', 'a/y', 'a/z', 'k'],
    edit: () => {
      move('a', 'b')
      move('b/x', 'x')
    },
    moves: ['rename a -> b', 'rename a/x -> x'],
  },
]

describeEachSetting('what was renamed', setting => {
  it.each(cases)('$what', async ({ before, edit, moves }) => {
    write(...before)
    await mirror(folders, setting)
    const inodes = new Map(before.map(path => [statSync(join(folders.replica, path)).ino, path]))
    edit()
    const { report, changes, problems } = await mirror(folders, setting, { maxDelete: '100%' })
    expect(problems).toEqual([])
    expect(shownMoves(changes)).toEqual(moves)
    expect(report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    for (const { renamedFrom, path } of changes.filter(c => c.renamedFrom !== undefined && c.kind === 'file'))
      expect(inodes.get(statSync(join(folders.replica, path)).ino)).toBe(renamedFrom)
    await expectNothingLeft(folders, setting)
  })
})

describe('what is alike', () => {
  it('is told apart by content', async () => {
    write('a', 'b', 'c', 'd')
    for (const name of ['a', 'b', 'c', 'd']) {
      writeFileSync(at(name), `${name}${name}`)
      utimesSync(at(name), 1_600_000_000, 1_600_000_000)
    }
    await mirror(folders, alone)
    move('a', 'x')
    move('b', 'y')
    move('c', 'z')
    const { report, changes } = await mirror(folders, alone)
    expect(shownMoves(changes)).toEqual(['rename a -> x', 'rename b -> y', 'rename c -> z'])
    expect(report.bytes).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('is copied where the content is another, though size and time set by hand are equal', async () => {
    write('a')
    utimesSync(at('a'), 1_600_000_000, 1_600_000_000)
    await mirror(folders, alone)
    rmSync(at('a'))
    writeFileSync(at('b'), 'WHAT a holds, which is longer for a longer path')
    utimesSync(at('b'), 1_600_000_000, 1_600_000_000)
    const { changes } = await mirror(folders, alone)
    expect(changes.map(shownChange)).toEqual(['create b', 'delete a', 'metadata '])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('is copied where another content of one time and size has another name, as what is written at once has', async () => {
    write('a')
    await mirror(folders, alone)
    rmSync(at('a'))
    writeFileSync(at('b'), 'WHAT a holds, which is longer for a longer path')
    const time = 1_600_000_000.123457
    for (const path of [at('b'), join(folders.replica, 'a')]) utimesSync(path, time, time)
    const { changes } = await mirror(folders, alone)
    expect(changes.map(shownChange)).toEqual(['create b', 'delete a', 'metadata '])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('is not what an older file of one size and time held, which is overwritten', async () => {
    write('a')
    await mirror(folders, alone)
    const [old, now] = ['what a holds', 'WHAT a holds']
    for (const [path, content] of [
      [at('a'), now],
      [at('b'), now],
      [join(folders.replica, 'a'), old],
    ] as const) {
      writeFileSync(path, content)
      utimesSync(path, 1_600_000_000, 1_600_000_000)
    }
    const { changes } = await mirror(folders, alone, { compare: 'content' })
    expect(changes.map(shownChange)).toEqual(['update a', 'create b', 'metadata '])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('is read, with `compare: content`, whatever its time', async () => {
    write('a')
    await mirror(folders, alone)
    const { mtimeMs } = statSync(at('a'))
    move('a', 'b')
    writeFileSync(join(folders.replica, 'a'), 'WHAT a holds, which is longer for a longer path')
    utimesSync(join(folders.replica, 'a'), mtimeMs / 1000, mtimeMs / 1000)
    const { changes } = await mirror(folders, alone, { compare: 'content' })
    expect(changes.map(shownChange)).toEqual(['create b', 'delete a', 'metadata '])
    expectEqualTrees(folders.source, folders.replica)
  })
})

describeEachSetting('what is alike in a directory that was moved', setting => {
  it('is told apart by content, where the times were set by hand', async () => {
    const longAgo = 499_162_500
    for (const [name, version] of [
      ['a/one', '1.0.1'],
      ['a/two', 'kept'],
      ['a/sub/three', '1.0.1'],
    ] as const) {
      write(name)
      writeFileSync(at(name), version)
      utimesSync(at(name), longAgo, longAgo)
    }
    write('k/k', 'a/more', 'a/still')
    await mirror(folders, setting)
    move('a', 'k/b')
    for (const [name, version] of [
      ['k/b/one', '1.0.2'],
      ['k/b/sub/three', '2.0.0'],
    ] as const) {
      writeFileSync(at(name), version)
      utimesSync(at(name), longAgo, longAgo)
    }
    const { report, changes } = await mirror(folders, setting, { maxDelete: '100%' })
    expect(report.exitCode).toBe(0)
    expect(shownMoves(changes)).toEqual(['rename a -> k/b', 'update k/b/one (5)', 'update k/b/sub/three (5)'])
    expectEqualTrees(folders.source, folders.replica)
  })
})

describe('what is renamed', () => {
  it('is copied and deleted without `renames`', async () => {
    write('a', 'd/x')
    await mirror(folders, alone)
    move('a', 'b')
    move('d', 'e')
    const { changes } = await mirror(folders, alone, { renames: false, maxDelete: '100%' })
    expect(shownMoves(changes)).toEqual(['create b (47)', 'create e/x (49)'])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('is copied where nothing may be deleted: the old name stays', async () => {
    write('a', 'd/x')
    await mirror(folders, alone)
    move('a', 'b')
    move('d', 'e')
    const { changes, report } = await mirror(folders, alone, { delete: false })
    expect(changes.every(({ renamedFrom }) => renamedFrom === undefined)).toBe(true)
    expect(report.exitCode).toBe(0)
    expect(readdirSync(folders.replica).sort()).toEqual(['a', 'b', 'd', 'e'])
  })

  it('is no deletion, for the guards', async () => {
    write('a/x', 'a/y', 'b')
    await mirror(folders, alone)
    move('a', 'c')
    move('b', 'd')
    const { report } = await mirror(folders, alone, { maxDelete: 0 })
    expect(report.exitCode).toBe(0)
    expect(report.changes.rename.done).toBe(2)
    expect(report.changes.delete.planned).toBe(0)
  })

  it('keeps what is excluded in it, at the new name', async () => {
    write('a/x', 'a/y', 'a/z')
    await mirror(folders, alone)
    mkdirSync(join(folders.replica, 'a', 'cache'))
    utimesSync(join(folders.replica, 'a'), statSync(at('a')).atime, statSync(at('a')).mtime)
    appendFileSync(at('a/x'), '!')
    move('a', 'b')
    const { report } = await mirror(folders, alone, { exclude: ['cache'] })
    expect(report.exitCode).toBe(0)
    expect(readdirSync(folders.replica)).toEqual(['b'])
    expect(readdirSync(join(folders.replica, 'b')).sort()).toEqual(['cache', 'x', 'y', 'z'])
  })

  it('is moved file by file where a path is excluded', async () => {
    write('a/x', 'a/y', 'a/log/old')
    await mirror(folders, alone)
    move('a', 'b')
    const { changes, report } = await mirror(folders, alone, { exclude: ['b/log'], maxDelete: '100%' })
    expect(shownMoves(changes)).toEqual(['rename a/x -> b/x', 'rename a/y -> b/y'])
    expect(report.exitCode).toBe(0)
    expect(readdirSync(folders.replica)).toEqual(['b'])
  })

  it('may be a link, or hold one, and a file of several names', async () => {
    write('a/x', 'a/y')
    linkSync(at('a/x'), at('a/same'))
    symlinkSync('x', at('a/link'))
    await mirror(folders, alone)
    move('a', 'b')
    const { changes } = await mirror(folders, alone)
    expect(changes.map(shownChange)).toEqual(['rename b', 'metadata '])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('stays where a veto says so, and what it would hold is skipped', async () => {
    write('a/x', 'a/y', 'b')
    await mirror(folders, alone)
    move('a', 'c')
    move('b', 'd')
    appendFileSync(at('c/x'), '!')
    const on = { change: ({ action }: Change) => action !== 'rename' }
    const { report } = await mirror(folders, alone, { on })
    expect(report.changes.rename).toMatchObject({ planned: 2, done: 0, skipped: 2 })
    expect(readdirSync(folders.replica).sort()).toEqual(['a', 'b'])
    await mirror(folders, alone)
    expectEqualTrees(folders.source, folders.replica)
  })
})

describe('a rename that fails', () => {
  it.each(['a', 'd'])('leaves %s where it was, and the next run does it', async name => {
    write('a', 'd/x', 'd/y')
    await mirror(folders, alone)
    move(name, 'z')
    const { report, problems } = await mirror(folders, alone, {}, [
      { side: 'replica', call: 'rename', path: 'z', errno: 'ENAMETOOLONG', times: 1 },
    ])
    expect(report.exitCode).toBe(23)
    expect(problems.map(shownProblem)).toEqual(['replica-failed z'])
    expect(readdirSync(folders.replica).sort()).toEqual(['a', 'd'])
    await mirror(folders, alone)
    expectEqualTrees(folders.source, folders.replica)
  })

  it('as the file system moves no directories is done file by file', async () => {
    write('d/x', 'd/y', 'k')
    await mirror(folders, alone)
    move('d', 'z')
    const { report, problems } = await mirror(folders, alone, {}, [
      { side: 'replica', call: 'rename', path: 'z', errno: 'EXDEV', times: 1 },
    ])
    expect([report.exitCode, report.bytes]).toEqual([0, 0])
    expect(problems.map(shownProblem)).toEqual([])
    expectEqualTrees(folders.source, folders.replica)
  })

  it('as the file lies on another file system is a copy', async () => {
    write('a', 'k')
    await mirror(folders, alone)
    move('a', 'b')
    const { report } = await mirror(folders, alone, {}, [
      { side: 'replica', call: 'rename', path: 'b', errno: 'EXDEV', times: 1 },
    ])
    expect([report.exitCode, report.bytes]).toEqual([0, 47])
    expectEqualTrees(folders.source, folders.replica)
  })
})
