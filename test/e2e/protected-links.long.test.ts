/** Linux can refuse root, too, what lies in a folder like /tmp: everything works whatever the system is set to. */
import { chmodSync, linkSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { expectNothingLeft, holding, mirror, useFolders } from '../support/mirror.js'
import { directory, fifo, file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const switches = ['regular', 'fifos', 'symlinks', 'hardlinks'].map(name => `/proc/sys/fs/protected_${name}`)
const before = switches.map(readOrNothing)

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}

function canSet(): boolean {
  if (!isRoot || before.includes(undefined)) return false
  try {
    for (const [index, path] of switches.entries()) writeFileSync(path, before[index] ?? '')
    return true
  } catch {
    return false
  }
}

const isAble = canSet()
afterEach(() => {
  if (isAble) for (const [index, path] of switches.entries()) writeFileSync(path, before[index] ?? '')
})

it.runIf(isAble).each([0, 1, 2])(
  'X15: files, FIFOs and links of another user in folders like /tmp, with fs.protected_* at %i (needs root)',
  async level => {
    for (const path of switches)
      writeFileSync(path, String(path.endsWith('links') ? Math.min(level, 1) : level))
    const theirs = { uid: 65_534, gid: 65_534 }
    const shared = (content: string): TreeLiteral => ({
      f: file(content, { mode: 0o666, ...theirs }),
      again: hardLink('tmp/f'),
      link: symlink('f', theirs),
      pipe: fifo({ mode: 0o666, ...theirs }),
      private: file(content, { mode: 0o600, ...theirs }),
    })
    const tmp = (content: string): TreeLiteral => ({
      tmp: directory(shared(content), { mode: 0o1777, ...theirs }),
    })
    writeTree(folders.source, tmp('newer'))
    writeTree(folders.replica, tmp('old'))
    for (const side of [folders.source, folders.replica]) chmodSync(side, 0o1777)
    linkSync(join(folders.replica, 'tmp', 'private'), join(folders.path, 'outside'))
    const setting = { held: holding, concurrency: 1 }
    const { report } = await mirror(folders, setting)
    expect(report.exitCode).toBe(0)
    if (holding === 'libc') expectEqualTrees(folders.source, folders.replica, { hardLinks: true })
    expect(readFileSync(join(folders.path, 'outside'), 'utf8')).toBe('old')
    await expectNothingLeft(folders, setting)
  },
)
