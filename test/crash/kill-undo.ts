/** Kills an undo at its n-th system call of a name, and shows that it can be run again to the end. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { UndoOptions } from '@facsimile/core'
import { expect } from 'vitest'
import { compareTrees, exactly, expectEqualTrees } from '../support/compare-trees.js'
import { undoRun } from '../support/core.mjs'
import { undoKilled } from '../support/drive.js'
import type { Fault } from '../support/faulty.js'
import { type Folders, mirror, type Setting, stagedIn } from '../support/mirror.js'
import { writeChanges } from './every-change.js'

/** Whether what is kept are the entries themselves, or copies of them, as where the backup lies on another file system. */
export type KeptAs = 'entries' | 'copies'

const elsewhere: readonly Fault[] = [
  { side: 'replica', call: 'link', path: /^kept-/, errno: 'EXDEV' },
  { side: 'replica', call: 'rename', path: /^kept-/, errno: 'EXDEV' },
]

/** Returns false when the undo ended before that call. */
export async function killUndoAt(
  folders: Folders,
  setting: Setting,
  keptAs: KeptAs,
  call: string,
  nth: number,
): Promise<boolean> {
  writeChanges(folders, setting)
  const before = join(folders.path, 'before')
  execFileSync('cp', ['-a', folders.replica, before])
  const backupDir = join(folders.path, 'backup')
  const { report } = await mirror(
    folders,
    setting,
    { backupDir, maxDelete: '100%' },
    keptAs === 'copies' ? elsewhere : [],
  )
  expect(report.exitCode).toBe(0)
  // By plain Node no time of a directory can be put back to the nanosecond.
  const judged = setting.held === 'libc' ? exactly : { ...exactly, precisionNs: 1000n }
  const { replica } = folders
  const options = { replica, backupDir, held: setting.held, stateFolder: join(folders.path, 'state') }
  const killed = await undoKilled(options, call, nth)
  // A half-done undo is undone first, and then begun anew: twice is enough, wherever it was killed.
  for (let times = 0; times < 2 && !isBack(options, before, judged); times += 1) await undoRun(options)
  expectEqualTrees(before, replica, judged)
  expect(stagedIn(replica)).toEqual([])
  return killed
}

function isBack({ replica }: UndoOptions, before: string, judged: typeof exactly): boolean {
  return compareTrees(before, replica, judged).length === 0
}
