/**
 * Law L3, never through a link: at each call the port makes, somebody swaps a directory of the tree for a link that
 * leads outside. Nothing outside the replica changes, and nothing outside the source is read.
 *
 * A first run without a swap counts the calls; then each of them is struck once. Directories that are named by path
 * cannot stand against this, which is documented; so this is about those that are held.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '@facsimile/core'
import { expect, it } from 'vitest'
import { syncWith } from '../support/core.mjs'
import { type Fault, type Faulty, faulty, swapForLink, type TreeCall } from '../support/faulty.js'
import { holding, type Setting, settings, stagedIn, useFolders } from '../support/mirror.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const held = settings.filter(way => way.held === holding)

const calls: readonly TreeCall[] = [
  'openDirectory',
  'openParent',
  'list',
  'stat',
  'readLink',
  'openFile',
  'pin',
  'createFile',
  'makeDirectory',
  'makeLink',
  'link',
  'rename',
  'unlink',
  'removeDirectory',
  'handle.stat',
  'handle.read',
  'handle.write',
  'handle.setMode',
  'handle.setMtime',
]

const source: TreeLiteral = {
  d: {
    changed: 'new content',
    mode: file('m', { mode: 0o600 }),
    link: symlink('new'),
    kind: { was: 'a file' },
    file: 'f',
    one: 'one',
    sub: {
      deep: 'new content',
      mode: file('m', { mode: 0o600 }),
      more: { most: 'x' },
      one: hardLink('d/one'),
    },
  },
  one: hardLink('d/one'),
  z: 'z',
}
const replica: TreeLiteral = {
  d: {
    changed: 'old',
    mode: 'm',
    link: symlink('old'),
    kind: 'f',
    file: { was: 'full' },
    gone: 'g',
    empty: {},
    sub: { deep: 'old', mode: 'm', gone: { x: 'x', y: 'y' } },
  },
  z: 'z',
}
const secrets: TreeLiteral = {
  one: 'secret',
  deep: 'secret',
  mode: 'secret',
  gone: { x: 'secret', y: 'secret' },
  more: { most: 'secret' },
}
/** The same names, with other things in them: whoever comes here by the link would find what it looks for. */
const outside: TreeLiteral = {
  ...secrets,
  changed: 'secret',
  link: symlink('secret'),
  kind: 'secret',
  file: { was: 'secret' },
  gone: { x: 'secret', y: 'secret' },
  empty: {},
  sub: secrets,
}

function write(): Snapshot {
  rmSync(folders.path, { recursive: true })
  writeTree(folders.source, source)
  writeTree(folders.replica, replica)
  writeTree(join(folders.path, 'outside'), outside)
  return readTree(join(folders.path, 'outside'))
}

async function run(
  setting: Setting,
  planted: readonly Fault[],
): Promise<{ faults: Faulty; exitCode: number }> {
  const faults = faulty(planted, setting.concurrency > 1)
  const { source, replica } = folders
  const stateFolder = join(folders.path, 'state')
  const options = { source, replica, stateFolder, ...setting, reject: false }
  const { exitCode } = await syncWith(options, faults.internals)
  expect(faults.openHandles).toBe(0)
  return { faults, exitCode }
}

/** Each call that a run makes on a side, by its number; in threads, which cost much to start, one in forty. */
async function callsOf(
  setting: Setting,
  side: Side,
): Promise<readonly (readonly [call: TreeCall, nth: number])[]> {
  write()
  const { faults, exitCode } = await run(
    setting,
    calls.map(call => ({ side, call })),
  )
  expect(exitCode).toBe(0)
  const all = calls.flatMap((call, index) =>
    Array.from({ length: faults.struck[index] ?? 0 }, (_, nth) => [call, nth + 1] as const),
  )
  expect(all.length).toBeGreaterThan(20)
  return setting.concurrency === 1 ? all : all.filter((_, index) => index % 40 === 7)
}

it.each(held.flatMap(setting => ['d', 'd/sub'].map(path => ({ ...setting, path }))))(
  'X01, X02: a directory of the replica ($path) swapped for a link at any call: nothing outside changes ($concurrency)',
  async ({ path, ...setting }) => {
    for (const [call, nth] of await callsOf(setting, 'replica')) {
      const before = write()
      const race = swapForLink(join(folders.replica, path), join(folders.path, 'outside'))
      const { exitCode } = await run(setting, [{ side: 'replica', call, nth, times: 1, race }])
      expect(readTree(join(folders.path, 'outside')), `${call} ${nth}`).toEqual(before)
      expect([0, 23, 24], `${call} ${nth}`).toContain(exitCode)
      expect(stagedIn(folders.replica)).toEqual([])
    }
  },
)

it.each(held.flatMap(setting => ['d', 'd/sub'].map(path => ({ ...setting, path }))))(
  'C07, X06: a directory of the source ($path) swapped for a link at any call: nothing outside is read ($concurrency)',
  async ({ path, ...setting }) => {
    for (const [call, nth] of await callsOf(setting, 'source')) {
      write()
      const race = swapForLink(join(folders.source, path), join(folders.path, 'outside'))
      const { exitCode } = await run(setting, [{ side: 'source', call, nth, times: 1, race }])
      const found = Object.values(readTree(folders.replica)).filter(
        ({ content, target }) => content === 'secret' || target === 'secret',
      )
      expect(found, `${call} ${nth}`).toEqual([])
      expect([0, 23, 24], `${call} ${nth}`).toContain(exitCode)
    }
  },
)

it.each(settings)(
  'X01, X06: a directory swapped for a link before anything is done is not followed ($held, $concurrency)',
  async setting => {
    for (const path of ['d', 'd/sub']) {
      for (const side of ['source', 'replica'] as const) {
        const before = write()
        const race = swapForLink(join(folders[side], path), join(folders.path, 'outside'))
        const first: Fault = { side: 'replica', call: 'createFile', times: 1, race }
        await run(setting, [first])
        expect(readTree(join(folders.path, 'outside'))).toEqual(before)
        const found = Object.values(readTree(folders.replica)).filter(({ content }) => content === 'secret')
        expect([side, path, ...found]).toEqual([side, path])
      }
    }
  },
)
