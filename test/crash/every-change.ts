/** Two trees between which every kind of change is to be made, and what must hold of the replica at every moment. */
import { isRoot } from '../support/entry-kind.js'
import { hasAttributes } from '../support/extended-attributes.js'
import type { Folders, Setting } from '../support/mirror.js'
import { readTree, type Snapshot } from '../support/read-tree.js'
import { directory, fifo, file, hardLink, symlink, type TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const old = { mtime: '2012-12-12T12:12:12Z' }
const source: TreeLiteral = {
  changed: 'new content',
  d: { new: 'n', deep: { er: 'x' }, again: hardLink('changed') },
  link: symlink('new'),
  full: 'was a directory',
  was: { a: 'file' },
  mode: file('m', { mode: 0o600 }),
  there: { one: 'the first that was moved', two: 'the second that was moved' },
  after: 'what was called otherwise before',
  left: 'what was on the right',
  right: 'what was on the left',
}
const replica: TreeLiteral = {
  changed: 'old',
  link: symlink('old'),
  full: { x: 'x', sub: { y: 'y' } },
  was: 'a file',
  mode: 'm',
  moved: { one: 'the first that was moved', two: 'the second that was moved' },
  before: 'what was called otherwise before',
  left: 'what was on the left',
  right: 'what was on the right',
  old: directory({ a: 'a', sub: { b: 'b' } }, old),
}
/** What only the C library can make. */
const byLibcOnly: TreeLiteral = {
  pipe: fifo(),
  large: 'copied by the system '.repeat(5000),
  ...(hasAttributes ? { tagged: file('t', { xattrs: { 'user.tag': 'new' } }) } : {}),
}

export type BeforeAndAfter = { readonly before: Snapshot; readonly wanted: Snapshot }

/** Writes both trees. */
export function writeChanges(folders: Folders, { held }: Setting): BeforeAndAfter {
  const owned: TreeLiteral = isRoot ? { owned: file('o', { uid: 4321, gid: 4321 }) } : {}
  const all = { ...source, ...owned, ...(held === 'libc' ? byLibcOnly : {}) }
  writeTree(folders.source, directory(all, { mtime: '2011-11-11T11:11:11Z' }))
  writeTree(folders.replica, directory(replica, old))
  return { before: readTree(folders.replica), wanted: readTree(folders.source) }
}

/** A directory that a file replaces loses its content first, and a file that a directory replaces is moved aside. */
function isInBetween(path: string): boolean {
  return path === 'was' || path === 'full' || path.startsWith('full/')
}

/** Without staging directories, what is absent for one call, and the names that a file has besides. */
export function settled(tree: Snapshot): Snapshot {
  const shown = Object.entries(tree).filter(([path]) => !path.startsWith('.facsimile-') && !isInBetween(path))
  return Object.fromEntries(shown.map(([path, { hardLinks: _names, ...entry }]) => [path, entry]))
}
