/**
 * Every change of kind in every direction: what the source holds at a name, against what the replica holds there.
 */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, mirror, settings, shownChange, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import {
  directory,
  type EntryLiteral,
  fifo,
  file,
  symlink,
  type TreeLiteral,
} from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const kinds: Readonly<Record<string, EntryLiteral | undefined>> = {
  absent: undefined,
  file: file('content', { mode: 0o640 }),
  'other file': file('something longer'),
  'empty directory': directory({}, { mode: 0o750 }),
  'full directory': directory({ a: 'a', sub: { b: 'b', link: symlink('../a') }, 'a!': '!', none: {} }),
  'link to a file': symlink('../outside/file'),
  'link to a directory': symlink('../outside/directory'),
  'dangling link': symlink('nowhere'),
  fifo: process.platform === 'win32' ? undefined : fifo(),
}

const names = Object.keys(kinds)
const pairs = names.flatMap(inReplica => names.map(inSource => [inReplica, inSource] as const))

function treesOf(chosen: typeof pairs): { readonly source: TreeLiteral; readonly replica: TreeLiteral } {
  const source = new Map<string, EntryLiteral>()
  const replica = new Map<string, EntryLiteral>()
  for (const [inReplica, inSource] of chosen) {
    const name = `${inReplica} to ${inSource}`
    const [before, after] = [kinds[inReplica], kinds[inSource]]
    if (before !== undefined) replica.set(name, before)
    if (after !== undefined) source.set(name, after)
  }
  // Something on both sides, so that no source is empty.
  return { source: source.set('.same', ''), replica: replica.set('.same', '') }
}

const outside: TreeLiteral = { file: 'outside', directory: { keep: 'kept', sub: { deep: 'kept' } } }
const folders = useFolders()
const isOfFifo = (path: string): boolean => /^[^/]* to fifo(\/|$)/.test(path)

describeEachSetting('each kind becomes each other kind', setting => {
  it('all in one run, and the second plans nothing', async () => {
    const { source, replica } = treesOf(pairs)
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    writeTree(join(folders.path, 'outside'), outside)
    const before = readTree(join(folders.path, 'outside'))
    const sourceBefore = readTree(folders.source)
    const { report, problems } = await mirror(folders, setting)
    expect(problems).toEqual([])
    expect(report.exitCode).toBe(0)
    const ignore = setting.held === 'libc' ? {} : { ignore: isOfFifo }
    expectEqualTrees(folders.source, folders.replica, ignore)
    expect(readTree(join(folders.path, 'outside'))).toEqual(before)
    expect(readTree(folders.source)).toEqual(sourceBefore)
    expect((await mirror(folders, setting)).changes).toEqual([])
  })
})

it.each(settings.filter(({ held }) => held !== 'libc'))(
  'what is a FIFO in the source is a residual by plain Node, and the replica keeps what it has ($held, $concurrency)',
  async setting => {
    const { source, replica } = treesOf(pairs.filter(([, inSource]) => inSource === 'fifo'))
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    const before = readTree(folders.replica)
    const { report, changes } = await mirror(folders, setting)
    expect(changes.map(shownChange)).toEqual([])
    expect(readTree(folders.replica)).toEqual(before)
    expect(report).toMatchObject({ exitCode: 0, exact: false })
    const special = report.residuals.find(({ attribute }) => attribute === 'special files')
    expect(special?.count).toBe(names.length)
  },
)

const [inline] = settings

it.each(pairs.filter(([, inSource]) => inSource !== 'fifo' || inline?.held === 'libc'))(
  '%s becomes %s, by itself',
  async (...pair) => {
    const { source, replica } = treesOf([pair])
    writeTree(folders.source, source)
    writeTree(folders.replica, replica)
    writeTree(join(folders.path, 'outside'), outside)
    if (inline === undefined) throw new Error('no setting')
    const { report, changes } = await mirror(folders, inline)
    expect(report.exitCode).toBe(0)
    expectEqualTrees(folders.source, folders.replica)
    expect(changes.length > 0).toBe(pair[0] !== pair[1])
  },
)
