/** Runs that are undone: what is refused, what a kill leaves, backups on another file system, and what is kept how long. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { canStrace } from '../support/can-strace.js'
import { exactly, expectEqualTrees } from '../support/compare-trees.js'
import { undoRun } from '../support/core.mjs'
import type { Fault } from '../support/faulty.js'
import { describeEachWay, holding, mirror, type Setting, useFolders } from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import { randomTree } from '../support/random-tree.js'
import { runProcess } from '../support/run.js'
import { directory, file, hardLink, symlink } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const setting: Setting = { held: holding, concurrency: 1 }
const allowed = { allowEmptySource: true, maxDelete: '100%' } as const
const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
const judged = holding === 'libc' ? exactly : { ...exactly, precisionNs: 1000n }
/** Attributes of special files take the C library. */
const kinds = holding === 'libc' ? { fifos: true, hardLinks: true } : { hardLinks: true }

function snapshot(): string {
  const copy = join(folders.path, 'before')
  execFileSync('cp', ['-a', folders.replica, copy])
  return copy
}

/** The replica as it is undone to, the runs in the backup, and an undo. */
async function changed(how: Setting = setting, seed = 7): Promise<{ before: string; backupDir: string }> {
  randomTree(folders.source, { seed, entries: 40, ...kinds })
  await mirror(folders, how, allowed)
  const before = snapshot()
  randomEdits(folders.source, { seed, count: 30, largestRemoved: 40, ...kinds })
  const backupDir = join(folders.path, 'backup')
  return { before, backupDir }
}

const undo = async (backupDir: string, more: object = {}): ReturnType<typeof undoRun> =>
  await undoRun({
    replica: folders.replica,
    backupDir,
    held: holding,
    stateFolder: join(folders.path, 'state'),
    ...more,
  })

describe('a backup on another file system', () => {
  const linking = { side: 'replica', call: 'link', path: /^kept-/, errno: 'EXDEV' } as const
  const renaming = { side: 'replica', call: 'rename', path: /^kept-/, errno: 'EXDEV' } as const

  it.each([7, 8, 9])('is made of copies, from which the replica comes back (seed %i)', async seed => {
    const { before, backupDir } = await changed(setting, seed)
    const { report } = await mirror(folders, setting, { ...allowed, backupDir }, [linking, renaming])
    expect(report.exitCode).toBe(0)
    const { problems } = await undo(backupDir)
    expectEqualTrees(before, folders.replica, judged)
    expect(problems).toEqual([])
  })

  const names = { one: 'of three', d: { two: hardLink('one') }, three: hardLink('one'), other: 'o' }
  it.each<[what: string, planted: readonly Fault[], change: (at: (path: string) => string) => void]>([
    ['are all lost', [renaming], at => ['one', 'd/two', 'three'].forEach(path => rmSync(at(path)))],
    ['are lost but for one', [renaming], at => ['one', 'd/two'].forEach(path => rmSync(at(path)))],
    [
      'are replaced, one of them',
      [linking],
      at => {
        rmSync(at('one'))
        writeFileSync(at('one'), 'is another file')
      },
    ],
    ['are changed', [linking], at => writeFileSync(at('one'), 'is longer by now')],
    [
      'are lost, and the directory of the one that is left is renamed',
      [renaming],
      at => {
        for (const path of ['one', 'three']) rmSync(at(path))
        renameSync(at('d'), at('e'))
      },
    ],
    [
      'are lost, one of them with its directory',
      [renaming],
      at => {
        rmSync(at('d'), { recursive: true })
        rmSync(at('three'))
      },
    ],
  ])('gives back a file with three names that %s', async (_what, planted, change) => {
    writeTree(folders.source, directory(names))
    await mirror(folders, setting, allowed)
    const before = snapshot()
    change(path => join(folders.source, path))
    const backupDir = join(folders.path, 'backup')
    await mirror(folders, setting, { ...allowed, backupDir }, planted)
    const { problems } = await undo(backupDir)
    expect(problems).toEqual([])
    expectEqualTrees(before, folders.replica, judged)
  })

  it('says where a name outside of the replica makes it less', async () => {
    writeTree(folders.source, directory({ one: '1', other: 'o' }))
    await mirror(folders, setting, allowed)
    const outside = join(folders.path, 'outside')
    linkSync(join(folders.replica, 'one'), outside)
    rmSync(join(folders.source, 'one'))
    const backupDir = join(folders.path, 'backup')
    await mirror(folders, setting, { ...allowed, backupDir }, [renaming])
    const { problems } = await undo(backupDir)
    expect(problems).toMatchObject([{ code: 'notice', path: 'one' }])
    expect(problems[0]?.message).toContain('was one file with 2 names, and is one with 1 now')
  })

  it('takes no file for another that was changed since', async () => {
    writeTree(folders.source, directory(names))
    await mirror(folders, setting, allowed)
    rmSync(join(folders.source, 'one'))
    const backupDir = join(folders.path, 'backup')
    await mirror(folders, setting, { ...allowed, backupDir }, [renaming])
    // The run has not touched it, so this is no reason to refuse the undo.
    writeFileSync(join(folders.replica, 'three'), 'of THREE')
    const { problems } = await undo(backupDir)
    expect(problems).toMatchObject([{ code: 'notice', path: 'one' }])
    expect(readFileSync(join(folders.replica, 'one'), 'utf8')).toBe('of three')
    expect(readFileSync(join(folders.replica, 'd/two'), 'utf8')).toBe('of THREE')
  })
})

describe('an entry that cannot be kept', () => {
  it('is neither overwritten nor deleted', async () => {
    writeTree(folders.source, directory({ changed: 'old', gone: 'old' }))
    await mirror(folders, setting)
    writeTree(join(folders.path, 'other'), directory({ changed: 'newer' }))
    const source = join(folders.path, 'other')
    const full = [{ side: 'replica', call: 'link', path: /^kept-/, errno: 'ENOSPC' }] as const
    const backupDir = join(folders.path, 'backup')
    const { report, problems } = await mirror(
      { ...folders, source, path: folders.path, replica: folders.replica },
      setting,
      { ...allowed, backupDir, allowNewSource: true },
      full,
    )
    expect(report.exitCode).toBe(23)
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('cannot be kept in the backup folder'),
    )
    expect(readFileSync(join(folders.replica, 'changed'), 'utf8')).toBe('old')
  })
})

describe('an undo is refused', () => {
  it('where a file was changed since, its time put back or not, and touches nothing', async () => {
    const { backupDir } = await changed()
    writeFileSync(join(folders.source, 'mine'), 'one')
    await mirror(folders, setting, { ...allowed, backupDir })
    const path = join(folders.replica, 'mine')
    const then = new Date(1_000_000_000_000)
    utimesSync(path, then, then)
    writeFileSync(path, 'two')
    const now = snapshotTo('now')
    await expect(undo(backupDir)).rejects.toMatchObject({
      exitCode: 26,
      message: expect.stringContaining('"mine"'),
    })
    expectEqualTrees(now, folders.replica, exactly)
  })

  it('where something was added to a directory', async () => {
    const { backupDir } = await changed()
    await mirror(folders, setting, { ...allowed, backupDir })
    writeFileSync(join(folders.replica, 'added'), '')
    await expect(undo(backupDir)).rejects.toMatchObject({ exitCode: 26 })
  })

  it('where there is no such run, or it was undone', async () => {
    const { backupDir } = await changed()
    await mirror(folders, setting, { ...allowed, backupDir })
    await expect(undo(backupDir, { run: 'none' })).rejects.toMatchObject({ exitCode: 2 })
    const { run } = await undo(backupDir)
    await expect(undo(backupDir, { run })).rejects.toMatchObject({ exitCode: 2 })
    await expect(undo(backupDir)).rejects.toMatchObject({ exitCode: 2 })
  })
})

function snapshotTo(name: string): string {
  const copy = join(folders.path, name)
  execFileSync('cp', ['-a', folders.replica, copy])
  return copy
}

describe('a backup folder', () => {
  it.each(['source', 'replica'] as const)('is refused inside the %s, and not made', async side => {
    writeTree(folders.source, directory({ a: 'a' }))
    const backupDir = join(folders[side], 'backup')
    const { report } = await mirror(folders, setting, { backupDir })
    expect(report.exitCode).toBe(26)
    expect(existsSync(backupDir)).toBe(false)
  })

  it('is private, holds nothing of runs that change nothing, and is not made by a dry run', async () => {
    const { backupDir } = await changed()
    await mirror(folders, setting, { ...allowed, backupDir, dryRun: true })
    expect(existsSync(backupDir)).toBe(false)
    await mirror(folders, setting, { ...allowed, backupDir })
    await mirror(folders, setting, { ...allowed, backupDir })
    expect(readdirSync(backupDir)).toHaveLength(1)
    expect(execFileSync('stat', ['-c', '%a', backupDir], { encoding: 'utf8' }).trim()).toBe('700')
  })

  it('keeps as many runs as it is told to', async () => {
    writeTree(folders.source, directory({ a: 'a' }))
    const backupDir = join(folders.path, 'backup')
    for (const round of [1, 2, 3, 4]) {
      writeFileSync(join(folders.source, `file${round}`), '')
      await mirror(folders, setting, { backupDir, keep: 2 })
    }
    expect(readdirSync(backupDir)).toHaveLength(2)
    await undo(backupDir)
    await undo(backupDir)
    expect(readdirSync(folders.replica).sort()).toEqual(['a', 'file1', 'file2'])
  })
})

describeEachWay('a run that was killed', how => {
  it.each([
    ['rename', 1],
    ['rename', 4],
    ['removeDirectory', 1],
    ['makeDirectory', 2],
    ['link', 2],
  ] as const)('at its %s number %i is undone', async (call, nth) => {
    writeTree(
      folders.source,
      directory({ a: 'a', b: 'b', d: directory({ e: 'e', f: 'f' }), g: 'g', l: symlink('a') }),
    )
    await mirror(folders, how, allowed)
    const before = snapshot()
    execFileSync('rm', ['-r', join(folders.source, 'd')])
    for (const name of ['a', 'b']) writeFileSync(join(folders.source, name), `${name} is new`)
    chmodSync(join(folders.source, 'g'), 0o600)
    mkdirSync(join(folders.source, 'n'))
    mkdirSync(join(folders.source, 'n', 'm'))
    writeFileSync(join(folders.source, 'n', 'o'), 'o')
    const backupDir = join(folders.path, 'backup')
    for (const after of [false, true]) {
      const plan = {
        call,
        nth,
        after,
        options: {
          source: folders.source,
          replica: folders.replica,
          backupDir,
          held: how.held,
          concurrency: 1,
          stateFolder: join(folders.path, 'state'),
        },
      }
      const killed = await runProcess(process.execPath, [driver, JSON.stringify(plan)])
      expect(killed.signal).toBe('SIGKILL')
      await undo(backupDir, { held: how.held })
      expectEqualTrees(
        before,
        folders.replica,
        how.held === 'libc' ? exactly : { ...exactly, precisionNs: 1000n },
      )
    }
  })
})

const driver = fileURLToPath(new URL('../support/killed-run.mjs', import.meta.url))

it('the command keeps, shows, undoes, and undoes that', async () => {
  writeTree(folders.source, directory({ 'n\u{1}me': 'old', one: file('1'), two: hardLink('one') }))
  await mirror(folders, setting, allowed)
  const before = snapshot()
  writeFileSync(join(folders.source, 'one'), 'is new')
  const backupDir = join(folders.path, 'backup')
  const env = { XDG_STATE_HOME: folders.path }
  const facsimile = async (...args: readonly string[]): ReturnType<typeof runProcess> =>
    await runProcess(process.execPath, [command, ...args], { env })
  expect(await facsimile(folders.source, folders.replica, '--backup-dir', backupDir)).toMatchObject({
    code: 0,
  })
  const after = snapshotTo('after')
  const shown = await facsimile('undo', folders.replica, '--backup-dir', backupDir, '--dry-run')
  expect(shown.stdout).toContain('would be undone')
  expectEqualTrees(after, folders.replica, exactly)
  // The last run told where it kept things.
  const done = await facsimile('undo', folders.replica)
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expectEqualTrees(before, folders.replica, judged)
  const [, run = ''] = /--run (\S+)/.exec(done.stdout) ?? []
  expect(await facsimile('undo', folders.replica, '--backup-dir', backupDir, '--run', run)).toMatchObject({
    code: 0,
  })
  expectEqualTrees(after, folders.replica, judged)
  expect(await facsimile('undo', folders.source)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--backup-dir') as string,
  })
  expect(await facsimile(folders.source, folders.replica, '--run', run)).toMatchObject({ code: 2 })
})

// By plain Node a program flushes, and one that fails is taken for one that knows no better.
it.skipIf(!canStrace).each(holding === 'libc' ? [holding] : [])(
  'what a run kept stays until the storage has what was made of it (needs strace; %s)',
  async held => {
    const { backupDir } = await changed()
    await mirror(folders, setting, { ...allowed, backupDir })
    const kept = (): string =>
      execFileSync('find', [backupDir, '-name', '*', '-type', 'f'], { encoding: 'utf8' })
    const before = kept()
    const options = {
      replica: folders.replica,
      backupDir,
      held,
      stateFolder: join(folders.path, 'state'),
    }
    const trace = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=syncfs', '-e', 'inject=syncfs:error=EIO']
    const driver = fileURLToPath(new URL('../support/undo-driver.mjs', import.meta.url))
    const result = await runProcess('strace', [...trace, process.execPath, driver, JSON.stringify(options)])
    expect(result.code).not.toBe(0)
    expect(result.stderr).toMatch(
      /is undone, but the storage of the replica failed to take that: .*stays in the backup/,
    )
    for (const file of before.trim().split('\n')) expect(kept()).toContain(file)
  },
)
