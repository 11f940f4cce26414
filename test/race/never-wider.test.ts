/**
 * What is new is never open to more people than it is to be, not for one call: each file and folder is made private,
 * is given its owner before its mode, and gets its name when it is complete.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { dress } from '../../packages/core/dist/tree/attributes.js'
import { openRoot } from '../../packages/core/dist/tree/local.js'
import { openTree } from '../../packages/core/dist/tree/open-tree.js'
import type { Name } from '../../packages/core/dist/model/path.js'
import type { XattrChange } from '../../packages/core/dist/tree/xattrs.js'
import { canStrace } from '../support/can-strace.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { holding, useFolders } from '../support/mirror.js'
import { strace } from '../support/strace.js'
import { directory, fifo, file, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const acl = 'system.posix_acl_access'
const driver = fileURLToPath(new URL('../support/mirror-driver.mjs', import.meta.url))
const theirs = isRoot ? { uid: 65_534, gid: 65_534 } : {}

const source: TreeLiteral = {
  program: file('p', { mode: 0o6755, ...theirs }),
  private: file('secret', { mode: 0o600 }),
  shut: directory({ open: file('secret', { mode: 0o666 }), deep: { open: 'secret' } }, { mode: 0o700 }),
  changed: file('secret', { mode: 0o600, ...theirs }),
  pipe: fifo({ mode: 0o666, ...theirs }),
  open: directory({ program: file('p', { mode: 0o4711, ...theirs }) }, { mode: 0o777, ...theirs }),
}

/** The octal number at the end of a call, as strace writes it. */
function modeOf(line: string): number {
  return Number.parseInt(/,\s*(?:S_IF\w+\|)?(0\d*)(?:, makedev.*)?\)\s+=/.exec(line)?.[1] ?? '07777', 8)
}

it.runIf(canStrace && holding === 'libc')(
  'X04, X07, X08: what is made is private until it has its owner, and is made where others cannot reach it (needs strace)',
  async () => {
    writeTree(folders.source, source)
    writeTree(folders.replica, { changed: file('old', { mode: 0o644 }) })
    const { source: from, replica } = folders
    const options = {
      source: from,
      replica,
      held: 'libc',
      concurrency: 1,
      stateFolder: join(folders.path, 's'),
    }
    const traced = await strace(process.execPath, [driver, JSON.stringify({ options })], { roots: [replica] })
    expect(traced?.result.code).toBe(0)
    const calls = (traced?.mutations ?? []).filter(({ failed }) => !failed)
    const lines = (name: RegExp): readonly string[] =>
      calls.flatMap(({ call, line }) => (name.test(call) ? [line] : []))
    const made = lines(/^openat$/).filter(line => line.includes('O_CREAT'))
    expect(made.length).toBeGreaterThan(6)
    expect(made.filter(line => !line.includes('O_EXCL|O_NOFOLLOW') || modeOf(line) !== 0o600)).toEqual([])
    const folder = lines(/^mkdirat$/)
    expect(folder.length).toBeGreaterThan(3)
    expect(folder.filter(line => modeOf(line) !== 0o700)).toEqual([])
    expect(lines(/^mknodat$/).map(modeOf)).toEqual([0o600])
    // By the descriptor, since the name says nothing.
    const owned = new Set<string>()
    const early: string[] = []
    for (const { call, line } of calls) {
      const [, at = ''] = /\((\d+)</.exec(line) ?? []
      if (/^(openat|mkdirat)$/.test(call)) owned.delete(/=\s(\d+)</.exec(line)?.[1] ?? '')
      if (call === 'fchown') owned.add(at)
      if (call === 'fchmod' && modeOf(line) >= 0o4000 && !owned.has(at)) early.push(line)
    }
    expect(isRoot ? early : []).toEqual([])
    expect(lines(/^fchmod$/).some(line => modeOf(line) === 0o6755)).toBe(true)
    expectEqualTrees(folders.source, folders.replica)
  },
)

it
  .runIf(holding === 'libc')
  .each<[what: string, uid: number | undefined, xattrs: readonly XattrChange[], calls: readonly string[]]>([
    [
      'a list that goes: who is on it has nothing until it is gone',
      undefined,
      [{ name: acl, value: undefined }],
      ['604', 'list', '664'],
    ],
    [
      'a list that comes is followed by the mode',
      undefined,
      [{ name: acl, value: Buffer.from('list') }],
      ['list', '664'],
    ],
    ['the mode is set again after the owner, which takes bits of it', 65_533, [], ['owner', '664']],
  ])('X06, X07, X08: %s', (_, uid, xattrs, expected) => {
  writeTree(folders.replica, { f: file('secret', { mode: 0o664 }) })
  const root = openRoot('replica', folders.replica, holding)
  try {
    const tree = openTree(root.spec)
    const handle = tree.pin(tree.root, 'f' as Name)
    const calls: string[] = []
    handle.setOwner = () => void calls.push('owner')
    handle.setMode = mode => void calls.push(mode.toString(8))
    handle.setXattr = () => void calls.push('list')
    const wanted = { uid, gid: undefined, mode: 0o664, mtimeNs: undefined, isExact: true }
    dress(handle, handle.stat(), wanted, xattrs)
    handle.close()
    expect(calls).toEqual(expected)
  } finally {
    root.close()
  }
})
