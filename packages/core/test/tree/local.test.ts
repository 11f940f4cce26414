/** What the contract for all trees (test/contract) does not ask: opening roots, and the choice of a way. */
import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canHoldByProc } from '../../src/tree/hold-by-proc.js'
import { openLocalTree, openRoot } from '../../src/tree/local.js'
import { errnoOf } from '../../src/model/errno.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { fifo, file, symlink } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { name, openTree, ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()

function failure(call: () => unknown): string | undefined {
  try {
    call()
  } catch (error) {
    return errnoOf(error)
  }
  return 'none'
}

describe.each(ways)('a root by %s', way => {
  it('is the folder a path leads to, through links', () => {
    writeTree(temporary.path, { real: { x: '' }, link: symlink('real'), further: symlink('link') })
    const inode = lstatSync(join(temporary.path, 'real'), { bigint: true }).ino
    for (const path of ['real', 'link', 'further', 'real/', 'link/.', 'real/../link']) {
      using opened = openTree(join(temporary.path, path), way, 'source')
      expect(opened.opened).toMatchObject({
        spec: { side: 'source', way },
        entry: { kind: 'directory', inode },
      })
      expect(opened.tree).toMatchObject({ side: 'source', way })
      expect(opened.tree.list(opened.tree.root)).toEqual(['x'])
    }
  })

  it('fails where nothing is', () => {
    writeTree(temporary.path, { dangling: symlink('nowhere'), loop: symlink('loop') })
    expect(failure(() => openRoot('source', join(temporary.path, 'none'), way))).toBe('ENOENT')
    expect(failure(() => openRoot('source', join(temporary.path, 'dangling'), way))).toBe('ENOENT')
    expect(failure(() => openRoot('source', join(temporary.path, 'loop'), way))).toBe('ELOOP')
  })

  it('goes to another thread as plain data', () => {
    writeTree(temporary.path, { x: '' })
    using opened = openTree(temporary.path, way)
    const again = openLocalTree(structuredClone(opened.opened.spec))
    expect(again.list(again.root)).toEqual(['x'])
    // The root is the first thread's to close.
    again.root.close()
    expect(opened.tree.list(opened.tree.root)).toEqual(['x'])
  })

  it('M12: does not move the access time of what it reads, where the system lets it', () => {
    writeTree(temporary.path, { f: file('content', { mtime: '2001-01-01T00:00:00Z' }) })
    const before = lstatSync(join(temporary.path, 'f'), { bigint: true }).atimeNs
    using opened = openTree(temporary.path, way)
    const handle = opened.tree.openFile(opened.tree.root, name('f'))
    handle.read(new Uint8Array(4), 4)
    handle.close()
    expect(lstatSync(join(temporary.path, 'f'), { bigint: true }).atimeNs).toBe(before)
  })
})

describe.runIf(ways.includes('proc'))('by proc', () => {
  it('a root that is moved, or replaced by a link, stays the folder it was', () => {
    writeTree(temporary.path, { root: { mine: '' }, outside: { not: '' } })
    using opened = openTree(join(temporary.path, 'root'), 'proc')
    renameSync(join(temporary.path, 'root'), join(temporary.path, 'moved'))
    symlinkSync('outside', join(temporary.path, 'root'))
    expect(opened.tree.list(opened.tree.root)).toEqual(['mine'])
    expect(readlinkSync(`/proc/self/fd/${opened.opened.spec.fd}`)).toBe(
      join(realpathSync(temporary.path), 'moved'),
    )
  })

  it('a file or FIFO is no root', () => {
    writeTree(temporary.path, { f: '', p: fifo() })
    expect(failure(() => openRoot('source', join(temporary.path, 'f'), 'proc'))).toBe('ENOTDIR')
    expect(failure(() => openRoot('source', join(temporary.path, 'p'), 'proc'))).toBe('ENOTDIR')
  })

  it('closing gives the descriptor back', () => {
    const root = openRoot('source', temporary.path, 'proc')
    expect(fstatSync(root.spec.fd).isDirectory()).toBe(true)
    root.close()
    expect(failure(() => fstatSync(root.spec.fd))).toBe('EBADF')
  })

  it('is to be had here', () => {
    expect(canHoldByProc()).toBe(true)
  })
})

it('by paths a root needs no descriptor, and what it is can be seen', () => {
  mkdirSync(join(temporary.path, 'd'))
  writeTree(temporary.path, { f: '' })
  const opened = openRoot('source', join(temporary.path, 'f'), 'paths')
  expect(opened).toMatchObject({ spec: { fd: -1 }, entry: { kind: 'file' } })
  opened.close()
  expect(failure(() => closeSync(-1))).not.toBe('none')
})
