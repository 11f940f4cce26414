/** Kills a run at its n-th system call of a name, and judges what it leaves. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { hasAttributes } from '../support/extended-attributes.js'
import { isRoot } from '../support/entry-kind.js'
import { driveKilled } from '../support/drive.js'
import { expectNothingLeft, type Folders, mirror, type Setting, stagedIn } from '../support/mirror.js'
import { expectOldOrNew } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { settled, writeChanges } from './every-change.js'

/** Each changes something in the replica; Node itself makes few of them. */
const byAnyWay = [
  'mkdir',
  'rename',
  'unlink',
  'rmdir',
  'symlink',
  'link',
  'write',
  'fchmod',
  'utimensat',
  ...(isRoot ? ['fchown'] : []),
]
const byLibcOnly = ['mknod', 'copy_file_range', ...(hasAttributes ? ['setxattr'] : [])]

export function killedCalls({ held }: Setting): readonly string[] {
  // By the C library a directory is removed by the call that removes a file.
  if (held === 'libc') return [...byAnyWay.filter(call => call !== 'rmdir'), ...byLibcOnly]
  return byAnyWay
}

/** Returns false when the run ended before that call. */
export async function killAt(
  folders: Folders,
  setting: Setting,
  call: string,
  nth: number,
): Promise<boolean> {
  const { before, wanted } = writeChanges(folders, setting)
  const outside = readdirSync(folders.path)
  const killed = await driveKilled(folders, setting, call, nth)
  if (!killed) expectEqualTrees(folders.source, folders.replica)
  const left = stagedIn(folders.replica)
  expect(left.length, 'staging directories').toBeLessThanOrEqual(killed ? 1 : 0)
  expect(readdirSync(folders.path).filter(name => name !== 'state')).toEqual(outside)
  expect(readTree(folders.source)).toEqual(wanted)
  expectOldOrNew(settled(readTree(folders.replica)), settled(before), settled(wanted))
  const unmarked = left.filter(name => !isMarked(join(folders.replica, name)))
  await mirror(folders, setting, { delete: false })
  // Without deletions what says whose it is goes too. Before it can say so, and after, it holds nothing else.
  expect(stagedIn(folders.replica)).toEqual(unmarked)
  for (const name of unmarked) expect(contentOf(join(folders.replica, name))).toEqual([])
  const { report } = await mirror(folders, setting)
  expect(report.exitCode).toBe(0)
  expectEqualTrees(folders.source, folders.replica)
  await expectNothingLeft(folders, setting)
  return killed
}

const marker = 'facsimile-staging.json'

function isMarked(staging: string): boolean {
  return (statSync(join(staging, marker), { throwIfNoEntry: false })?.size ?? 0) > 0
}

function contentOf(staging: string): readonly string[] {
  return readdirSync(staging).filter(name => name !== marker)
}
