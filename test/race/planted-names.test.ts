/**
 * Law L3 for files: another name of a file outside, or a link to it, put in the place of what a run is about to set
 * attributes of, or of what it has just made. Also where what is new is made beside its target, because that lies on
 * another file system: there the directory may be somebody else's.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '@facsimile/core'
import { expect, it } from 'vitest'
import { makeStaging } from '../../packages/core/dist/apply/staging.js'
import { syncWith } from '../support/core.mjs'
import { ownerRights } from '../../packages/core/dist/tree/attributes.js'
import { openRoot } from '../../packages/core/dist/tree/local.js'
import { openTree } from '../../packages/core/dist/tree/open-tree.js'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { type Fault, faulty, type RaceStep, swapForLink, type TreeCall } from '../support/faulty.js'
import { holding, mirror, settings, useFolders } from '../support/mirror.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import {
  directory,
  type EntryLiteral,
  fifo,
  file,
  symlink,
  type TreeLiteral,
} from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const held = settings.filter(way => way.held === holding)
const inline = held.filter(({ concurrency }) => concurrency === 1)
const inReplica = (path: string): string => join(folders.replica, path)
const outside = (path = ''): string => join(folders.path, 'outside', path)
const theirs = isRoot ? { uid: 65_534, gid: 65_534 } : {}

function write(source: TreeLiteral, replica: TreeLiteral): Snapshot {
  rmSync(folders.path, { recursive: true })
  writeTree(folders.source, source)
  writeTree(folders.replica, replica)
  writeTree(outside(), {
    secret: file('secret', { mode: 0o600, mtime: '2001-02-03T04:05:06Z' }),
    bait: { 0: { 1: 'theirs', 2: { 1: 'theirs' } }, precious: 'p' },
  })
  return readTree(outside())
}

/** What lies outside, without what a trap has moved there or away. */
function withoutBait(snapshot: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(snapshot).filter(([path]) => path === 'secret'))
}

async function run(faults: readonly Fault[]): Promise<readonly number[]> {
  const planted = faulty(faults)
  const { source, replica } = folders
  await syncWith({ source, replica, held: holding, concurrency: 1, reject: false }, planted.internals)
  expect(planted.openHandles).toBe(0)
  return planted.struck
}

const onFiles: readonly TreeCall[] = [
  'stat',
  'pin',
  'createFile',
  'rename',
  'unlink',
  'handle.stat',
  'handle.setOwner',
  'handle.setMode',
  'handle.setXattr',
  'handle.setMtime',
  'handle.write',
  'handle.close',
]

it.runIf(inline.length > 0)(
  'X02, X03: a file swapped for a link to a file outside, or another name of it, at any call: that stays as it is',
  async () => {
    const source: TreeLiteral = {
      m: file('m', { mode: 0o666, ...theirs }),
      c: file('new', { mode: 0o666, ...theirs }),
    }
    const replica: TreeLiteral = { m: file('m', { mode: 0o640 }), c: 'old' }
    for (const name of ['m', 'c']) {
      const races: readonly (readonly RaceStep[])[] = [
        swapForLink(inReplica(name), outside('secret')),
        [{ do: 'trap', path: inReplica(name), with: outside('secret') }],
      ]
      write(source, replica)
      const counts = await run(onFiles.map(call => ({ side: 'replica', call })))
      for (const [index, call] of onFiles.entries()) {
        for (let nth = 1; nth <= (counts[index] ?? 0); nth++) {
          for (const race of races) {
            const before = write(source, replica)
            await run([{ side: 'replica', call, nth, times: 1, race }])
            expect(withoutBait(readTree(outside())), `${call} ${nth}`).toEqual(withoutBait(before))
          }
        }
      }
    }
  },
)

/** A temporary beside its target. */
const beside = /(?:^|\/)\.facsimile-[0-9a-f]{32}$/
const elsewhere: Fault = { side: 'replica', call: 'rename', times: 1, errno: 'EXDEV' }

it.runIf(inline.length > 0).each<[what: string, source: TreeLiteral]>([
  ['a FIFO', { made: fifo({ mode: 0o666, ...theirs }) }],
  ['a link', { made: symlink('x', theirs) }],
])(
  'X02, X04: another name of a file outside, put in the place of %s just made beside its target, stays as it is',
  async (_, source) => {
    const before = write(source, {})
    const race: readonly RaceStep[] = [
      { do: 'trap', path: inReplica('.facsimile-*'), with: outside('secret') },
    ]
    await run([elsewhere, { side: 'replica', call: 'pin', path: beside, times: 1, race }])
    expect(withoutBait(readTree(outside()))).toEqual(withoutBait(before))
  },
)

it.runIf(inline.length > 0)(
  'X02: another name of a file outside, put in the place of an empty directory that is put back, stays as it is',
  async () => {
    const before = write({ e: 'a file now' }, { e: directory({}, { mode: 0o777, ...theirs }) })
    const race: readonly RaceStep[] = [{ do: 'trap', path: inReplica('e'), with: outside('secret') }]
    await run([
      { side: 'replica', call: 'rename', path: 'e', times: 1, errno: 'EPERM' },
      { side: 'replica', call: 'pin', path: 'e', times: 1, race },
    ])
    expect(withoutBait(readTree(outside()))).toEqual(withoutBait(before))
  },
)

const onStaging: readonly TreeCall[] = [
  'openDirectory',
  'list',
  'stat',
  'createFile',
  'makeDirectory',
  'makeLink',
  'link',
  'rename',
  'unlink',
  'removeDirectory',
  'pin',
]

it.runIf(inline.length > 0)(
  'X05: the staging directory swapped for another one at any call: what took its place is left alone',
  async () => {
    const source: TreeLiteral = {
      f: 'new',
      l: symlink('new'),
      d: { f: 'f', l: symlink('x'), e: { f: 'f' } },
      full: 'a file now',
    }
    const replica: TreeLiteral = { f: 'old', l: symlink('old'), full: { x: 'x' } }
    write(source, replica)
    const counts = await run(onStaging.map(call => ({ side: 'replica', call })))
    for (const [index, call] of onStaging.entries()) {
      for (let nth = 1; nth <= (counts[index] ?? 0); nth++) {
        write(source, replica)
        const bait = readTree(outside('bait'))
        const race: readonly RaceStep[] = [
          { do: 'trap', path: inReplica('.facsimile-*'), with: outside('bait') },
        ]
        await run([{ side: 'replica', call, nth, times: 1, race }])
        expect(baitNow(), `${call} ${nth}`).toEqual([bait])
      }
    }
  },
)

/** Wherever it is: outside still, or where the staging directory was. */
function baitNow(): readonly Snapshot[] {
  const found = [...Object.keys(readTree(folders.replica)), '../outside/bait'].filter(path =>
    /^(?:\.facsimile-[0-9a-f]{32}|\.\.\/outside\/bait)$/.test(path),
  )
  return found.flatMap(path => {
    try {
      return [readTree(join(folders.replica, path))]
    } catch {
      return []
    }
  })
}

const otherDirectories: readonly (readonly [what: string, literal: EntryLiteral])[] = [
  ['that holds something', directory({ 0: { more: 'm' }, precious: 'p' }, { mode: 0o700 })],
  ['that others may write to', directory({}, { mode: 0o777 })],
  ...(isRoot ? ([["that is another user's", directory({}, { mode: 0o700, ...theirs })]] as const) : []),
]

it.runIf(inline.length > 0).each(otherDirectories)(
  'X04, X05: a directory %s, put in the place of the staging directory before it is opened, is not used',
  (_, other) => {
    write({}, { other })
    const root = openRoot('replica', folders.replica, holding)
    try {
      const tree = openTree(root.spec)
      const open = tree.openDirectory.bind(tree)
      const before = Object.values(readTree(inReplica('other'))).length
      let name = ''
      tree.openDirectory = (parent, opened) => {
        name = opened
        renameSync(inReplica(opened), outside('taken'))
        renameSync(inReplica('other'), inReplica(opened))
        return open(parent, opened)
      }
      expect(() => makeStaging(tree, ownerRights())).toThrow(/somebody put something else in the place/)
      const left = existsSync(inReplica(name)) ? Object.values(readTree(inReplica(name))).length : 1
      expect(left).toBe(before)
    } finally {
      root.close()
    }
  },
)

it.each(settings)(
  'X01, X06: links that are meant are mirrored as they are, and roots are reached through them ($held, $concurrency)',
  async setting => {
    writeTree(outside(), { source: {}, replica: {}, target: { deep: 'd' }, secret: 's' })
    const links: TreeLiteral = {
      directory: symlink('../target'),
      file: symlink('../secret'),
      absolute: symlink(outside('target')),
      nowhere: symlink('nowhere'),
      d: { up: symlink('..') },
    }
    writeTree(outside('source'), links)
    writeTree(outside('replica'), { directory: symlink('../source'), d: { up: symlink('../../target') } })
    writeTree(folders.path, { source: symlink('outside/source'), replica: symlink('outside/replica') })
    const before = readTree(outside('target'))
    const { report } = await mirror(folders, setting)
    expect(report.exitCode).toBe(0)
    for (const side of ['source', 'replica'] satisfies readonly Side[])
      expect(readTree(folders.path)[side]?.kind).toBe('symlink')
    expectEqualTrees(outside('source'), outside('replica'))
    expect(readTree(outside('target'))).toEqual(before)
  },
)
