import { Buffer } from 'node:buffer'
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bytes } from '../support/byte-names.js'
import { isRoot } from '../support/entry-kind.js'
import { namesFor } from '../support/file-systems.js'
import { device, fifo, file, socket, symlink } from '../support/tree-literal.js'
import { attempt, failure, itIf, kept, links, name, type Stage } from './tree-stage.js'

const posix = process.platform !== 'win32'

export function treeReads({ open, promises: { keeps, holdsDirectories } }: Stage): void {
  const names = namesFor(keeps)
  const itLinks = itIf(keeps.links)
  const itSpecials = itIf(keeps.specials && posix)

  it('every name', () => {
    const literal = Object.fromEntries(names.map(each => [each, '']))
    const { tree, root, enter } = open({ ...literal, sub: literal })
    expect(tree.list(root).sort()).toEqual([...names, 'sub'].sort())
    const sub = enter('sub')
    expect(tree.list(sub).sort()).toEqual([...names].sort())
    expect(names.map(each => tree.stat(sub, name(each))?.kind)).toEqual(names.map(() => 'file'))
  })

  it('directories of every name', () => {
    const { tree, enter } = open(Object.fromEntries(names.map(each => [each, { [each]: 'x' }])))
    for (const each of names) {
      expect(tree.list(enter(each))).toEqual([each])
      expect(tree.stat(enter(each), name(each))?.size).toBe(1)
    }
  })

  it('a directory again, whoever lists it meanwhile', () => {
    const { tree, root, enter } = open({ sub: { a: '', b: '' } })
    for (const [directory, all] of [
      [enter('sub'), ['a', 'b']],
      [root, ['sub']],
    ] as const) {
      for (let nth = 0; nth < 3; nth += 1) expect(tree.list(directory).sort()).toEqual(all)
      for (const part of tree.listInParts(directory)) {
        expect([...part].sort()).toEqual(all)
        break
      }
      expect([...tree.listInParts(directory)].flat().sort()).toEqual(all)
    }
    const [first, second] = [tree.listInParts(root), tree.listInParts(root)]
    expect([first.next().value, second.next().value, first.next().done]).toEqual([['sub'], ['sub'], true])
  })

  it('what has come to a directory since it was opened', () => {
    const { tree, enter } = open({ sub: { a: '' } })
    const sub = enter('sub')
    for (const each of ['b', 'c']) tree.createFile(sub, name(each)).close()
    expect(tree.list(sub).sort()).toEqual(['a', 'b', 'c'])
    expect([...tree.listInParts(sub)].flat().sort()).toEqual(['a', 'b', 'c'])
  })

  it('a directory that was removed while it was held', () => {
    const { tree, root, enter } = open({ sub: {} })
    const sub = enter('sub')
    tree.removeDirectory(root, name('sub'))
    const listed = attempt(() => tree.list(sub))
    // Who holds it by path can tell that it is gone, and so can what is served by a program.
    const isServed = !keeps.hardLinks || !keeps.modes
    expect(isServed ? [[], 'ENOENT'] : [holdsDirectories ? [] : 'ENOENT']).toContainEqual(listed)
  })

  itIf(keeps.links && keeps.modes)('what an entry is', () => {
    const mtime = '2001-02-03T04:05:06.789012Z'
    const { tree, root, path } = open({
      f: file('four', { mode: 0o4751, mtime }),
      l: symlink('x', { mtime }),
    })
    const { dev, ino, uid, gid, ctimeNs, blocks } = lstatSync(join(path, 'f'), { bigint: true })
    expect(tree.stat(root, name('f'))).toEqual({
      kind: 'file',
      size: 4,
      allocated: Number(blocks) * 512,
      mode: 0o4751,
      uid: Number(uid),
      gid: Number(gid),
      mtimeNs: kept(keeps, 981_173_106_789_012_000n),
      ctimeNs,
      device: dev,
      inode: ino,
      links: 1,
      deviceNumber: 0,
    })
    expect(tree.stat(root, name('l'))).toMatchObject({
      kind: 'symlink',
      size: 1,
      mtimeNs: kept(keeps, 981_173_106_789_012_000n),
    })
  })

  it('the root', () => {
    const { root, path } = open({})
    expect(root.stat()).toMatchObject({ kind: 'directory', inode: lstatSync(path, { bigint: true }).ino })
  })

  it('the parent of a directory', () => {
    const { tree, root, enter } = open({ a: { b: {} } })
    const [a, b] = [enter('a'), enter('a', 'b')]
    const [above, root2] = [tree.openParent(b), tree.openParent(a)]
    expect(above.stat().inode).toBe(a.stat().inode)
    expect(tree.list(above)).toEqual(['b'])
    expect(root2.stat().inode).toBe(root.stat().inode)
    above.close()
    root2.close()
  })

  it('nothing where there is nothing', () => {
    const { tree, root } = open({})
    expect(tree.stat(root, name('x'))).toBeUndefined()
    expect(tree.list(root)).toEqual([])
    const calls = [
      () => tree.readLink(root, name('x')),
      () => tree.openFile(root, name('x')),
      () => tree.openDirectory(root, name('x')),
      () => tree.pin(root, name('x')),
    ]
    expect(calls.map(failure)).toEqual(calls.map(() => 'ENOENT'))
  })

  itSpecials('each kind, without opening it', () => {
    const devices = isRoot
      ? { c: device('character device', [1, 3]), b: device('block device', [7, 200]) }
      : {}
    const { tree, root } = open({ f: '', d: {}, p: fifo(), s: socket(), ...links, ...devices })
    const found = Object.fromEntries(tree.list(root).map(each => [each, tree.stat(root, each)?.kind]))
    expect(found).toEqual({
      f: 'file',
      d: 'directory',
      p: 'fifo',
      s: 'socket',
      toFile: 'symlink',
      toFolder: 'symlink',
      dangling: 'symlink',
      loop: 'symlink',
      ...(isRoot ? { c: 'characterDevice', b: 'blockDevice' } : {}),
    })
  })

  itSpecials('T01: a FIFO or socket without waiting for anybody', () => {
    const { tree, root } = open({ p: fifo(), s: socket() })
    const opened = tree.openFile(root, name('p'))
    expect(opened.stat().kind).toBe('fifo')
    opened.close()
    expect(failure(() => tree.openFile(root, name('s')))).toBe('ENXIO')
    for (const [each, kind] of [
      ['p', 'fifo'],
      ['s', 'socket'],
    ] as const) {
      expect(failure(() => tree.openDirectory(root, name(each)))).toBe('ENOTDIR')
      const pinned = tree.pin(root, name(each))
      expect(pinned.stat().kind).toBe(kind)
      pinned.close()
    }
  })

  itLinks('T05: targets of links, as they are', () => {
    const byte = keeps.names === 'bytes' ? [`x${bytes('ff')}`] : []
    const targets = ['nowhere', '../..', '/', 'a\nb', 'é', 't'.repeat(1000), ...byte]
    const { tree, root } = open(
      Object.fromEntries(targets.map((target, index) => [`l${index}`, symlink(target)])),
    )
    expect(targets.map((_, index) => tree.readLink(root, name(`l${index}`)))).toEqual(targets)
  })

  itLinks('a target of nothing but links', () => {
    const { tree, root } = open({ f: '', d: {} })
    expect(['f', 'd'].map(each => failure(() => tree.readLink(root, name(each))))).toEqual([
      'EINVAL',
      'EINVAL',
    ])
  })

  it('a file from where it stopped, to its end', () => {
    const { tree, root } = open({ f: 'abcdefg' })
    const handle = tree.openFile(root, name('f'))
    const into = new Uint8Array(4)
    const read = (length: number): unknown[] => [handle.read(into, length), Buffer.from(into).toString()]
    expect([read(4), read(2), read(4), read(4)]).toEqual([
      [4, 'abcd'],
      [2, 'efcd'],
      [1, 'gfcd'],
      [0, 'gfcd'],
    ])
    expect(handle.stat()).toMatchObject({ kind: 'file', size: 7 })
    handle.close()
  })

  it('a directory only where one is', () => {
    const { tree, root } = open({ f: '' })
    expect(failure(() => tree.openDirectory(root, name('f')))).toBe('ENOTDIR')
  })

  it('how much room there is', () => {
    const free = open({}).tree.freeBytes()
    expect(free).toBeGreaterThan(0)
    expect(Number.isSafeInteger(free)).toBe(true)
  })
}
