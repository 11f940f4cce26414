/** Lets one call on a tree fail, whichever it is, and judges the run and what it leaves. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '@facsimile/core'
import { expect } from 'vitest'
import { syncWith } from '../support/core.mjs'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { type Faulty, faulty, type TreeCall } from '../support/faulty.js'
import { expectNothingLeft, type Folders, mirror, type Setting, stagedIn } from '../support/mirror.js'
import { expectOldOrNew } from '../support/old-or-new.js'
import { readTree } from '../support/read-tree.js'
import { settled, writeChanges } from './every-change.js'

export const errnos = ['EIO', 'ENOSPC', 'EDQUOT', 'EACCES', 'ENOENT', 'EMFILE'] as const

const ofSource: readonly TreeCall[] = [
  'openDirectory',
  'list',
  'stat',
  'xattrs',
  'readLink',
  'openFile',
  'handle.stat',
  'handle.xattrs',
  'handle.read',
  'handle.close',
]
const ofReplica: readonly TreeCall[] = [
  'openDirectory',
  'list',
  'stat',
  'xattrs',
  'readLink',
  'pin',
  'createFile',
  'makeDirectory',
  'makeLink',
  'link',
  'makeSpecial',
  'rename',
  'unlink',
  'removeDirectory',
  'flush',
  'handle.stat',
  'handle.setOwner',
  'handle.setMode',
  'handle.setMtime',
  'handle.xattrs',
  'handle.setXattr',
  'handle.write',
  'handle.close',
]
const byLibcOnly: readonly TreeCall[] = ['makeSpecial', 'xattrs', 'handle.xattrs', 'handle.setXattr']
const byRootOnly: readonly TreeCall[] = ['handle.setOwner']

export type Failing = { readonly side: Side; readonly call: TreeCall }

/** What a run over the two trees of {@link writeChanges} calls. */
export function callsOf({ held }: Setting): readonly Failing[] {
  const all = [
    ...ofSource.map(call => ({ side: 'source', call }) as const),
    ...ofReplica.map(call => ({ side: 'replica', call }) as const),
  ]
  const without = [...(held === 'libc' ? [] : byLibcOnly), ...(isRoot ? [] : byRootOnly)]
  return all.filter(({ call }) => !without.includes(call))
}

/** Lets the n-th of these calls fail. Returns false when the run does not make so many. */
export async function failAt(
  folders: Folders,
  setting: Setting,
  { side, call }: Failing,
  errno: string,
  nth: number,
): Promise<boolean> {
  for (const root of [folders.source, folders.replica]) rmSync(root, { recursive: true, force: true })
  const { before, wanted } = writeChanges(folders, setting)
  const outside = readdirSync(folders.path)
  const planted = faulty([{ side, call, errno, nth, times: 1 }], setting.concurrency > 1)
  const exitCode = await runWith(folders, setting, planted)
  // What is in the way may be tried again, and what changes nothing may fail.
  expect([0, 11, 23, 24, 26]).toContain(exitCode)
  expect(planted.openHandles, 'handles left open').toBe(0)
  expect(stagedIn(folders.replica)).toEqual([])
  expect(readdirSync(folders.path).filter(name => name !== 'state')).toEqual(
    outside.filter(name => name !== 'state'),
  )
  expect(readTree(folders.source)).toEqual(wanted)
  expectOldOrNew(settled(readTree(folders.replica)), settled(before), settled(wanted))
  if (exitCode === 0) expectEqualTrees(folders.source, folders.replica)
  const { report } = await mirror(folders, setting)
  expect(report.exitCode).toBe(0)
  expectEqualTrees(folders.source, folders.replica)
  await expectNothingLeft(folders, setting)
  return planted.struck[0] === 1
}

async function runWith(
  { source, replica, path }: Folders,
  setting: Setting,
  planted: Faulty,
): Promise<number> {
  const stateFolder = join(path, 'state')
  const options = { source, replica, stateFolder, ...setting, durable: true, reject: false }
  const { exitCode } = await syncWith(options, { ...planted.internals, flush: 'whole' })
  return exitCode
}
