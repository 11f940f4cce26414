/** The contract for extended attributes, of trees that have them. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bytes } from '../support/byte-names.js'
import { fifo, symlink } from '../support/tree-literal.js'
import { isRoot } from '../support/entry-kind.js'
import { failure, itIf, name, type Stage } from './tree-stage.js'

/** By the system's own tool. */
function xattrsByTool(path: string): Readonly<Record<string, string>> {
  const told = execFileSync('getfattr', ['-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', path], {
    encoding: 'latin1',
  })
  const lines = told.split('\n').filter(line => line.includes('='))
  return Object.fromEntries(lines.map(line => line.split('=', 2) as [string, string]))
}

const large = Buffer.alloc(3000, 'large')
const acl = Buffer.from(
  '0200000001000600ffffffff020007000700000004000400ffffffff10000700ffffffff20000400ffffffff',
  'hex',
)

export function treeXattrs(stage: Stage): void {
  const suite = stage.promises.native ? withTheLibrary : withoutTheLibrary
  suite(stage)
}

function withoutTheLibrary({ open }: Stage): void {
  it('there are none, and none is set', () => {
    const { tree, root } = open({ f: 'x' })
    using held = closing(tree.pin(root, name('f')))
    expect([tree.xattrs(root, name('f')).size, held.xattrs().size]).toEqual([0, 0])
    expect(failure(() => held.setXattr('user.a', Buffer.from('1')))).toBe('ENOSYS')
  })
}

function withTheLibrary({ open, promises: { keeps } }: Stage): void {
  itIf(keeps.longestAttribute > 0)('are set, read and removed, whatever bytes they are', () => {
    const { tree, root, path } = open({ f: 'x' })
    const values = {
      'user.empty': Buffer.alloc(0),
      'user.zeros': Buffer.from([0, 1, 0]),
      'user.large': large,
    }
    using held = closing(tree.pin(root, name('f')))
    for (const [each, value] of Object.entries(values)) held.setXattr(each, value)
    held.setXattr('user.gone', Buffer.from('x'))
    held.setXattr('user.gone', undefined)
    held.setXattr('user.never', undefined)
    expect(xattrsByTool(join(path, 'f'))).toMatchObject({
      'user.empty': expect.stringMatching(/^(?:0x)?$/) as string,
      'user.zeros': '0x000100',
      'user.large': `0x${large.toString('hex')}`,
    })
    using file = closing(tree.openFile(root, name('f')))
    for (const found of [tree.xattrs(root, name('f')), held.xattrs(), file.xattrs()]) {
      const read = [...found].map(([each, value]) => [each, Buffer.from(value ?? 'none')] as const)
      expect(Object.fromEntries(read)).toEqual(values)
    }
  })

  itIf(keeps.names === 'bytes')('have names of any bytes', () => {
    const { tree, root } = open({ [bytes('6eff')]: 'x' })
    const odd = bytes('757365722eff0a3d')
    using held = closing(tree.pin(root, name(bytes('6eff'))))
    held.setXattr(odd, Buffer.from('1'))
    expect([...tree.xattrs(root, name(bytes('6eff'))).keys()]).toEqual([odd])
  })

  itIf(keeps.acls)('of directories and access control lists too', () => {
    const { tree, root, path, enter } = open({ d: { in: '' } })
    const d = enter('d')
    d.setXattr('user.a', Buffer.from('1'))
    d.setXattr('system.posix_acl_default', acl)
    d.setXattr('system.posix_acl_access', acl)
    expect([...d.xattrs().keys()].toSorted()).toEqual(Object.keys(xattrsByTool(join(path, 'd'))).toSorted())
    expect(Buffer.from(tree.xattrs(root, name('d')).get('system.posix_acl_default') ?? '')).toEqual(acl)
    d.setXattr('system.posix_acl_default', undefined)
    expect(d.xattrs().has('system.posix_acl_default')).toBe(false)
  })

  itIf(keeps.acls && isRoot)('of links and FIFOs, which are neither followed nor opened', () => {
    const { tree, root } = open({ f: '', l: symlink('f'), p: fifo() })
    for (const each of ['l', 'p']) {
      using held = closing(tree.pin(root, name(each)))
      held.setXattr('trusted.a', Buffer.from(each))
      expect(Buffer.from(held.xattrs().get('trusted.a') ?? '').toString()).toBe(each)
      expect(Buffer.from(tree.xattrs(root, name(each)).get('trusted.a') ?? '').toString()).toBe(each)
    }
    expect(tree.xattrs(root, name('f')).size).toBe(0)
  })

  it('of what is gone are none', () => {
    const { tree, root } = open({})
    expect(tree.xattrs(root, name('gone')).size).toBe(0)
  })
}

function closing<H extends { close(): void }>(handle: H): H & Disposable {
  return Object.assign(handle, { [Symbol.dispose]: () => handle.close() })
}
