/** Kills a run at its n-th system call of a name, and judges what it leaves. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { driveKilled } from '../support/drive.js'
import { type Folders, mirror, type Setting, stagedIn } from '../support/mirror.js'
import { expectOldOrNew } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { settled, writeChanges } from './every-change.js'

/** Returns false when the run ended before that call. */
export async function killAt(
  folders: Folders,
  setting: Setting,
  call: string,
  nth: number,
): Promise<boolean> {
  const { before, wanted } = writeChanges(folders, setting)
  const killed = await driveKilled(folders, setting, call, nth)
  if (!killed) expectEqualTrees(folders.source, folders.replica)
  const left = stagedIn(folders.replica)
  expect(left.length, 'staging directories').toBeLessThanOrEqual(killed ? 1 : 0)
  expectOldOrNew(settled(readTree(folders.replica)), settled(before), settled(wanted))
  const unmarked = left.filter(name => !isMarked(join(folders.replica, name)))
  await mirror(folders, setting, { delete: false })
  // Without deletions what says whose it is goes too. Before it can say so, and after, it holds nothing else.
  expect(stagedIn(folders.replica)).toEqual(unmarked)
  for (const name of unmarked) expect(contentOf(join(folders.replica, name))).toEqual([])
  const { report } = await mirror(folders, setting)
  expect(report.exitCode).toBe(0)
  expectEqualTrees(folders.source, folders.replica)
  return killed
}

const marker = 'facsimile-staging.json'

function isMarked(staging: string): boolean {
  return (statSync(join(staging, marker), { throwIfNoEntry: false })?.size ?? 0) > 0
}

function contentOf(staging: string): readonly string[] {
  return readdirSync(staging).filter(name => name !== marker)
}
