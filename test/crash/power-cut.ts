/** Runs whose power is cut: what the kernel holds in memory alone is lost, and the file system is mounted again. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { compareTrees, exactly, expectEqualTrees } from '../support/compare-trees.js'
import { syncWith, undoRun } from '../support/core.mjs'
import { faulty, type TreeCall } from '../support/faulty.js'
import { canMake, type FileSystem, fileSystems } from '../support/file-systems.js'
import { expectNothingLeft, type Folders, mirror, type Setting } from '../support/mirror.js'
import { type Mounted, mountFileSystem } from '../support/mounted.js'
import { run } from '../support/mounts.js'
import { expectOldOrNew } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { settled, writeChanges } from './every-change.js'

const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
const env = { ...process.env, PATH: path }

/** Those that can be asked to forget what is not on the disk. */
export const journaling = ['ext4', 'xfs'] as const

/** Whether power can be cut here. */
export const canCutPower: boolean =
  spawnSync('xfs_io', ['-V'], { env }).status === 0 && journaling.every(name => canMake(fileSystemOf(name)))

function fileSystemOf(name: (typeof journaling)[number]): FileSystem {
  const found = fileSystems.find(fileSystem => fileSystem.name === name)
  if (found === undefined) throw new Error(`no file system is called ${name}`)
  return found
}

export function mountJournaling(name: (typeof journaling)[number]): Mounted {
  return mountFileSystem(fileSystemOf(name))
}

export function cutPower({ path: at }: Mounted): void {
  run('xfs_io', ['-x', '-c', 'shutdown', at], env)
}

/** As after a cut of the power: the journal is replayed. */
export function mountAgain({ path: at }: Mounted): void {
  const image = join(dirname(at), 'beside', 'image')
  run('umount', [at])
  // What the device of the old mount is about to be taken from would be found, used again, and then taken.
  const deadline = Date.now() + 10_000
  const devices = (): string => spawnSync('losetup', ['-j', image], { encoding: 'utf8' }).stdout
  while (devices() !== '' && Date.now() < deadline);
  run('mount', ['-o', 'loop', image, at])
}

/** The source in memory, the replica on a file system of its own. */
export function foldersOn(folders: Folders, mounted: Mounted): Folders {
  return { path: folders.path, source: folders.source, replica: join(mounted.path, 'replica') }
}

/**
 * Cuts the power at the n-th call of a durable run, and judges what the disk has. Returns false when the run ended
 * before that call.
 */
export async function cutAt(
  folders: Folders,
  mounted: Mounted,
  setting: Setting,
  call: TreeCall,
  nth: number,
): Promise<boolean> {
  for (const root of [folders.source, folders.replica]) rmSync(root, { recursive: true, force: true })
  const { before, wanted } = writeChanges(folders, setting)
  run('sync', ['-f', mounted.path])
  const cut = { do: 'cut power', path: mounted.path } as const
  const faults = faulty([{ side: 'replica', call, nth, times: 1, race: [cut] }], setting.concurrency > 1)
  const { source, replica } = folders
  const stateFolder = join(folders.path, 'state')
  const options = { ...setting, source, replica, stateFolder, durable: true, reject: false }
  const report = await syncWith(options, faults.internals)
  const isCut = faults.struck[0] === 1
  expect(faults.openHandles).toBe(0)
  if (isCut) {
    // After the last flush nothing more can be lost.
    expect([0, 11, 23]).toContain(report.exitCode)
    expect(report.problems.filter(({ exitCode }) => exitCode === 11).length).toBeLessThanOrEqual(1)
    mountAgain(mounted)
    if (report.exitCode === 0) expectEqualTrees(source, replica)
    expectOldOrNew(settled(readTree(replica)), settled(before), settled(wanted))
  }
  expect(readTree(source)).toEqual(wanted)
  await mirror(folders, setting)
  expectEqualTrees(source, replica)
  await expectNothingLeft(folders, setting)
  return isCut
}

/**
 * Cuts the power at the n-th call of a durable run that keeps what it overwrites on a file system, and shows that it can be
 * undone. The replica lies there too, or in memory, as on a file system that has all on its disk by then. Returns false when
 * the run ended before that call.
 */
export async function cutAndUndoAt(
  folders: Folders,
  mounted: Mounted,
  setting: Setting,
  call: TreeCall,
  nth: number,
): Promise<boolean> {
  const { source, replica } = folders
  const [before, backupDir] = [join(folders.path, 'before'), join(mounted.path, 'backup')]
  for (const path of [source, replica, before, backupDir]) rmSync(path, { recursive: true, force: true })
  writeChanges(folders, setting)
  run('cp', ['-a', replica, before])
  run('sync', ['-f', mounted.path])
  const cut = { do: 'cut power', path: mounted.path } as const
  const faults = faulty([{ side: 'replica', call, nth, times: 1, race: [cut] }], setting.concurrency > 1)
  const stateFolder = join(folders.path, 'state')
  const options = { ...setting, source, replica, stateFolder, backupDir, durable: true, reject: false }
  await syncWith(options, faults.internals)
  const isCut = faults.struck[0] === 1
  if (!isCut) cutPower(mounted)
  mountAgain(mounted)
  const judged = setting.held === 'libc' ? exactly : { ...exactly, precisionNs: 1000n }
  // What was cut before the first change left no run.
  if (compareTrees(before, replica, judged).length > 0)
    await undoRun({ replica, backupDir, held: setting.held, stateFolder })
  expectEqualTrees(before, replica, judged)
  return isCut
}
