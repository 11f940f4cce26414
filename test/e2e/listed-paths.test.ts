/** Exactly the paths of a list are mirrored: nothing else is listed, compared or deleted. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemPath } from '../../packages/core/src/tree/names.js'
import { canStrace } from '../support/can-strace.js'
import {
  describeEachSetting,
  expectNothingLeft,
  mirror,
  settings,
  shownChange,
  shownProblem,
  useFolders,
} from '../support/mirror.js'
import { run as runProgram } from '../support/mounts.js'
import { readTree } from '../support/read-tree.js'
import { symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const main = join(import.meta.dirname, '../../packages/cli/bundle/main.js')
const folders = useFolders()
const held = (): readonly string[] => Object.keys(readTree(folders.replica)).slice(1)

describeEachSetting('listed paths', setting => {
  it('are mirrored with what lies below them and the directories on the way, and nothing else is deleted', async () => {
    writeTree(folders.source, {
      a: { b: { x: 'x', y: 'y' }, c: 'c' },
      d: { e: { f: 'f' }, g: 'g' },
      h: 'h',
      i: 'i',
    })
    writeTree(folders.replica, {
      a: { mine: 'mine', b: { z: 'zzz' } },
      d: { e: { old: 'old', deep: { x: '1' } } },
      j: 'jjjj',
    })
    const files = ['a/b/x', './d//e/', 'h']
    const { report } = await mirror(folders, setting, { files })
    expect(report).toMatchObject({ exitCode: 0, problems: [] })
    expect(held()).toEqual(['a', 'a/b', 'a/b/x', 'a/b/z', 'a/mine', 'd', 'd/e', 'd/e/f', 'h', 'j'])
    await expectNothingLeft(folders, setting, { files })
  })

  it('that the source does not have are told, stay in the replica, and keep nothing else from being deleted', async () => {
    writeTree(folders.source, { a: { x: 'x' }, f: 'f', l: symlink('a'), w: {} })
    writeTree(folders.replica, {
      gone: 'gone',
      a: { gone: 'gone' },
      no: { such: { x: 'x' } },
      f: { x: 'xx' },
      w: { old: 'old' },
    })
    const files = ['gone', 'a/gone', 'a/x', 'no/such/x', 'no/y', 'f/x', 'l/x', 'w']
    const { report, problems } = await mirror(folders, setting, { files })
    expect(report.exitCode).toBe(23)
    expect(problems.map(shownProblem).sort()).toEqual(
      ['a/gone', 'f/x', 'gone', 'l/x', 'no/such/x', 'no/y'].map(path => `source-unreadable ${path}`),
    )
    expect(held()).toEqual(['a', 'a/gone', 'a/x', 'f', 'f/x', 'gone', 'no', 'no/such', 'no/such/x', 'w'])
  })

  it('are looked at by name: directories on the way, and beside it, are never listed', async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, nth) => [`d${nth}`, { x: 'x' }]))
    writeTree(folders.source, { way: { ...many, on: { f: 'f', ...many }, whole: { x: 'x' } }, ...many })
    writeTree(folders.replica, { way: { ...many, whole: { gone: 'gone' } }, ...many })
    const listings = (['source', 'replica'] as const).flatMap(side =>
      [undefined, 'way/whole'].map(path => ({
        side,
        call: 'list' as const,
        most: 1e9,
        ...(path === undefined ? {} : { path }),
      })),
    )
    const files = ['way/on/f', 'way/whole']
    const { report, faults, changes } = await mirror(folders, setting, { files }, listings)
    expect(report.exitCode).toBe(0)
    expect(changes.map(shownChange)).toContain('delete way/whole/gone')
    const [inSource, ofWholeInSource, inReplica, ofWholeInReplica] = faults.struck
    expect([inSource, inReplica]).toEqual([ofWholeInSource, ofWholeInReplica])
  })

  it('may be anything that is no UTF-8, as bytes', async () => {
    const name = Buffer.from([0x66, 0xff, 0x0a, 0x2a])
    mkdirSync(folders.source)
    writeFileSync(Buffer.concat([Buffer.from(`${folders.source}/`), name]), 'odd')
    writeTree(folders.source, { other: 'o' })
    expect((await mirror(folders, setting, { files: [name] })).report.exitCode).toBe(0)
    expect(readFileSync(Buffer.concat([Buffer.from(`${folders.replica}/`), name]), 'utf8')).toBe('odd')
    expect(held()).toHaveLength(1)
    expect((await mirror(folders, setting, { files: ['f\udcff\n*'] })).changes).toEqual([])
    expect(systemPath('', 'f\udcff\n*')).toEqual(name)
  })

  it('are the root for all, and nothing for nothing', async () => {
    writeTree(folders.source, { a: 'a', d: { x: 'x' } })
    writeTree(folders.replica, { old: 'old' })
    expect((await mirror(folders, setting, { files: [] })).report.exitCode).toBe(0)
    expect(held()).toEqual(['old'])
    expect((await mirror(folders, setting, { files: ['a', './'] })).report.exitCode).toBe(0)
    expect(held()).toEqual(['a', 'd', 'd/x'])
  })

  it('can be excluded, and what lies only on the way is never deleted for it', async () => {
    writeTree(folders.source, { a: { x: 'x', 'y.o': 'y' }, b: { x: 'x' } })
    writeTree(folders.replica, { a: { 'y.o': 'yy' }, b: { mine: 'm' } })
    const { report } = await mirror(folders, setting, {
      files: ['a/x', 'a/y.o', 'b/x'],
      exclude: ['*.o', 'b'],
      deleteExcluded: true,
    })
    expect(report.exitCode).toBe(0)
    expect(held()).toEqual(['a', 'a/x', 'b', 'b/mine'])
  })
})

it.each([
  [['/a'], 'paths relative to the source'],
  [['a/../b'], 'paths without ".."'],
  [['..'], 'paths without ".."'],
  [['a\0'], 'paths without NUL'],
  [[''], 'paths as text that is not empty, or bytes'],
  [[5], 'paths as text'],
  ['a', 'a list'],
])('listed paths such as %j are refused', async (files, told) => {
  const [setting] = settings
  if (setting === undefined) throw new Error('no setting')
  await expect(mirror(folders, setting, { files: files as string[] })).rejects.toThrow(told)
})

it('listed paths and includes are refused', async () => {
  const [setting] = settings
  if (setting === undefined) throw new Error('no setting')
  await expect(mirror(folders, setting, { files: ['a'], include: ['**'] })).rejects.toThrow(
    '"files" and "include" contradict each other',
  )
})

describe('the command reads lists', () => {
  it('from files and from standard input, by lines or by NUL', () => {
    writeTree(folders.source, { a: 'a', 'b\nc': 'b', d: 'd', e: 'e', f: 'f', 'g\nh': 'g' })
    writeFileSync(join(folders.path, 'list'), 'a\r\n\nd')
    expect(run('', '--files-from', 'list').status).toBe(0)
    expect(held()).toEqual(['a', 'd'])
    expect(run('b\nc\0e\0', '--files-from', '-').status).toBe(0)
    expect(run('g\nh', '--files-from=-', '-0').status).toBe(0)
    expect(held()).toEqual(['a', 'b\nc', 'd', 'e', 'g\nh'])
  })

  it('and refuses what cannot be', () => {
    writeTree(folders.source, { a: 'a' })
    expect(run('', '--files-from', 'none').stderr).toContain(
      "--files-from cannot read 'none': it does not exist",
    )
    expect(run('/a\n', '--files-from', '-')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--files-from: expected paths relative to the source') as string,
    })
    expect(run('', '--from0')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--from0 needs --files-from') as string,
    })
    expect(run('a', '--files-from', '-', '--include', 'a').status).toBe(2)
  })
})

it.skipIf(!canStrace)(
  'a list that comes late is waited for, also where reading does not wait (needs strace)',
  async () => {
    writeTree(folders.source, { a: 'a', b: 'b' })
    const [fifo, trace] = [join(folders.path, 'fifo'), join(folders.path, 'trace')]
    runProgram('mkfifo', [fifo])
    writeFileSync(trace, '')
    const notWaiting = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    const writing = openSync(fifo, 'w')
    try {
      // By a shell, because Node makes what it hands on as standard input wait.
      const command = [
        'sh',
        '-c',
        'exec "$0" "$@" <&3',
        process.execPath,
        main,
        folders.source,
        folders.replica,
      ]
      const args = ['-f', '-e', 'trace=read', '-o', trace, ...command, '--files-from', '-']
      const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'ignore', notWaiting] })
      const ended = once(child, 'close')
      await expect.poll(() => readFileSync(trace, 'utf8'), { timeout: 20_000 }).toMatch(/read\(0,.*EAGAIN/)
      writeSync(writing, 'a\n')
      closeSync(writing)
      expect(await ended).toEqual([0, null])
      expect(held()).toEqual(['a'])
    } finally {
      closeSync(notWaiting)
    }
  },
)

it('100,000 listed paths are found without matching any, in seconds', async () => {
  const [setting] = settings
  if (setting === undefined) throw new Error('no setting')
  writeTree(folders.source, { d: { f: 'f' } })
  const files = Array.from({ length: 100_000 }, (_, nth) => `d/n${nth % 300}/f${nth}`)
  const begun = performance.now()
  const { report } = await mirror(folders, setting, { files: ['d/f', ...files] })
  expect(report.exitCode).toBe(23)
  expect(held()).toEqual(['d', 'd/f'])
  expect(performance.now() - begun).toBeLessThan(30_000)
})

function run(
  input: string | Uint8Array,
  ...flags: readonly string[]
): { status: number | null; stderr: string } {
  const args = [main, folders.source, folders.replica, ...flags]
  return spawnSync(process.execPath, args, { encoding: 'utf8', input, cwd: folders.path })
}
