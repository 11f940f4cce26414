import { Buffer } from 'node:buffer'
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { errnoOf } from '../../packages/core/src/model/errno.js'
import { isSameTime } from '../../packages/core/src/tree/times.js'
import { bufferOf, bytes, bytesOfText } from '../support/byte-names.js'
import { isRoot } from '../support/entry-kind.js'
import { namesFor } from '../support/file-systems.js'
import { readTree } from '../support/read-tree.js'
import { directory, fifo, file, symlink } from '../support/tree-literal.js'
import { failure, itIf, kept, name, type Stage } from './tree-stage.js'

/** XFS, and FAT through FUSE, have errors of their own for it. */
const notEmpty = /^E(?:NOTEMPTY|EXIST|PERM)$/

export function treeWrites({ open, promises }: Stage): void {
  const { keeps } = promises
  const names = namesFor(keeps)
  const itLinks = itIf(keeps.links)
  const itModes = itIf(keeps.modes)
  const mode = (wanted: number): object => (keeps.modes ? { mode: wanted } : {})
  const owner = isRoot && keeps.owners ? { uid: 7, gid: 8 } : undefined

  it('a file that did not exist, private, and reads it back', () => {
    const { tree, root, path } = open({})
    const handle = tree.createFile(root, name('f'))
    expect(handle.stat()).toMatchObject({ kind: 'file', size: 0, ...mode(0o600) })
    handle.write(Buffer.from('hello, '), 5)
    handle.write(Buffer.from(' world'), 6)
    handle.close()
    expect(readFileSync(join(path, 'f'), 'utf8')).toBe('hello world')
    expect(failure(() => tree.createFile(root, name('f')))).toBe('EEXIST')
  })

  it('all of a large buffer', () => {
    const { tree, root, path } = open({})
    const content = Buffer.alloc(3_000_001, 'content')
    const handle = tree.createFile(root, name('f'))
    handle.write(content, content.length)
    handle.close()
    handle.close()
    expect(readFileSync(join(path, 'f')).equals(content)).toBe(true)
  })

  it('every name', () => {
    const { tree, enter } = open({ d: {} })
    const d = enter('d')
    for (const each of names) tree.createFile(d, name(each)).close()
    expect(tree.list(d).sort()).toEqual([...names].sort())
    for (const each of names) {
      tree.rename(d, name(each), d, name('moved'))
      tree.rename(d, name('moved'), d, name(each))
      tree.unlink(d, name(each))
      tree.makeDirectory(d, name(each))
      tree.removeDirectory(d, name(each))
    }
    expect(tree.list(d)).toEqual([])
  })

  itLinks('links and modes of every name', () => {
    const { tree, enter } = open({ d: Object.fromEntries(names.map(each => [each, ''])) })
    const d = enter('d')
    for (const each of names) {
      const pinned = tree.pin(d, name(each))
      pinned.setMode(0o640)
      pinned.close()
      expect(tree.stat(d, name(each))).toMatchObject(mode(0o640))
      tree.unlink(d, name(each))
      tree.makeLink(d, name(each), each)
      expect(tree.readLink(d, name(each))).toBe(each)
    }
  })

  it('a directory that did not exist, private', () => {
    const { tree, root } = open({ f: '', d: {} })
    tree.makeDirectory(root, name('new'))
    expect(tree.stat(root, name('new'))).toMatchObject({ kind: 'directory', ...mode(0o700) })
    expect(['f', 'd', 'new'].map(each => failure(() => tree.makeDirectory(root, name(each))))).toEqual([
      'EEXIST',
      'EEXIST',
      'EEXIST',
    ])
  })

  itLinks('links, to whatever they lead', () => {
    const { tree, root, path } = open({ f: '' })
    const byte = keeps.names === 'bytes' ? bytes('fe') : 'é'
    const targets = ['nowhere', '/', '..', 'a\nb', `x${byte}`, 't'.repeat(1000)]
    for (const [index, target] of targets.entries()) {
      tree.makeLink(root, name(`l${index}`), target)
      expect(tree.readLink(root, name(`l${index}`))).toBe(target)
    }
    expect(readlinkSync(join(path, 'l4'), 'buffer')).toEqual(bufferOf(bytesOfText(`x${byte}`)))
    expect(failure(() => tree.makeLink(root, name('f'), 'x'))).toBe('EEXIST')
  })

  itIf(keeps.hardLinks && keeps.links && keeps.specials)(
    'a second name for what is there, and follows no link',
    () => {
      const { tree, root, path, enter } = open({
        f: 'f',
        l: symlink('f'),
        p: fifo(),
        d: { taken: '' },
        e: {},
      })
      const [d, e] = [enter('d'), enter('e')]
      for (const each of ['f', 'l', 'p'].map(name)) tree.link(root, each, d, each)
      for (const each of names.map(name)) {
        tree.link(d, name('f'), e, each)
        tree.link(e, each, root, name('again'))
        expect(tree.stat(e, each)).toEqual(tree.stat(root, name('f')))
        tree.unlink(root, name('again'))
        tree.unlink(e, each)
      }
      const found = readTree(path)
      expect(['f', 'l', 'p'].map(each => found[each]?.hardLinks)).toEqual([
        ['d/f', 'f'],
        ['d/l', 'l'],
        ['d/p', 'p'],
      ])
      const into = (each: string, as: string) => (): void => tree.link(root, name(each), d, name(as))
      expect(failure(into('f', 'taken'))).toBe('EEXIST')
      expect(failure(into('f', 'l'))).toBe('EEXIST')
      expect(failure(into('none', 'new'))).toBe('ENOENT')
      expect(failure(into('d', 'new'))).toMatch(/^E(?:PERM|ACCES)$/)
      expect(tree.list(d).sort()).toEqual(['f', 'l', 'p', 'taken'])
    },
  )

  itIf(keeps.links && keeps.specials)(
    'names anew, in one directory and in another, over what is no directory',
    () => {
      const { tree, root, path, enter } = open({
        a: 'a',
        b: 'b',
        l: symlink('x'),
        d: { inner: '' },
        e: {},
        p: fifo(),
      })
      tree.rename(root, name('a'), enter('d'), name('a'))
      tree.rename(root, name('b'), enter('d'), name('inner'))
      tree.rename(root, name('l'), root, name('p'))
      tree.rename(root, name('d'), root, name('e'))
      expect(Object.keys(readTree(path))).toEqual(['.', 'e', 'e/a', 'e/inner', 'p'])
      expect(readFileSync(join(path, 'e/inner'), 'utf8')).toBe('b')
      expect(tree.readLink(root, name('p'))).toBe('x')
    },
  )

  itIf(keeps.specials).each(['fifo', 'socket'] as const)('creates a %s, or says that it cannot', kind => {
    const { tree, root } = open({ taken: '' })
    const make = (at: string) => (): void => tree.makeSpecial(root, name(at), { kind, deviceNumber: 0 })
    expect(failureOr(make('new'))).toBe(promises.native ? undefined : 'ENOSYS')
    expect(failureOr(make('taken'))).toBe(promises.native ? 'EEXIST' : 'ENOSYS')
    const found = tree.stat(root, name('new'))
    expect(found).toEqual(promises.native ? expect.objectContaining({ kind, ...mode(0o600) }) : undefined)
  })

  itLinks.each([0n, -1n, -1_000_000_001n, 1_234_567_890_123_456_789n, 2n ** 32n * 1_000_000_000n + 1n])(
    'M01: sets a time to what it says: %s',
    time => {
      const { tree, root } = open({ f: '', d: {}, l: symlink('x') })
      const held = [tree.openDirectory(root, name('d')), tree.pin(root, name('l')), tree.pin(root, name('f'))]
      for (const handle of held) {
        handle.setMtime(time)
        const { mtimeNs } = handle.stat()
        const wanted = kept(keeps, time)
        expect(promises.native ? mtimeNs : isSameTime(mtimeNs, wanted)).toBe(promises.native ? wanted : true)
        handle.close()
      }
    },
  )

  it('no name over a directory, but that of another to an empty one', () => {
    const { tree, root, path } = open({ f: '', full: { x: '' }, empty: {}, other: { y: '' } })
    expect(failure(() => tree.rename(root, name('f'), root, name('empty')))).toBe('EISDIR')
    expect(failure(() => tree.rename(root, name('f'), root, name('full')))).toMatch(
      /^E(?:ISDIR|NOTEMPTY|EXIST)$/,
    )
    expect(failure(() => tree.rename(root, name('other'), root, name('full')))).toMatch(notEmpty)
    expect(failure(() => tree.rename(root, name('other'), root, name('f')))).toBe('ENOTDIR')
    expect(failure(() => tree.rename(root, name('none'), root, name('f')))).toBe('ENOENT')
    expect(Object.keys(readTree(path))).toEqual(['.', 'empty', 'f', 'full', 'full/x', 'other', 'other/y'])
  })

  itIf(keeps.links && keeps.specials)('off what is no directory', () => {
    const { tree, root, path } = open({ f: '', p: fifo(), l: symlink('f'), d: { x: '' }, e: {} })
    for (const each of ['f', 'p', 'l']) tree.unlink(root, name(each))
    for (const each of ['d', 'e'])
      expect(failure(() => tree.unlink(root, name(each)))).toMatch(/^E(?:ISDIR|PERM)$/)
    expect(failure(() => tree.unlink(root, name('none')))).toBe('ENOENT')
    expect(Object.keys(readTree(path))).toEqual(['.', 'd', 'd/x', 'e'])
  })

  it('off a directory that is empty', () => {
    const { tree, root } = open({ f: '', d: { x: '' }, e: {} })
    tree.removeDirectory(root, name('e'))
    expect(failure(() => tree.removeDirectory(root, name('d')))).toMatch(notEmpty)
    expect(failure(() => tree.removeDirectory(root, name('f')))).toBe('ENOTDIR')
    expect(failure(() => tree.removeDirectory(root, name('e')))).toBe('ENOENT')
    expect(tree.list(root).sort()).toEqual(['d', 'f'])
  })

  itModes('attributes, through what is pinned and through what is open', () => {
    const { tree, root, path, enter } = open({
      f: file('', { mode: 0o600 }),
      d: directory({}, { mode: 0o700 }),
      g: '',
    })
    const set = { f: tree.pin(root, name('f')), d: enter('d'), g: tree.openFile(root, name('g')), '.': root }
    const time = kept(keeps, -1_234_567_890_123_456_000n)
    for (const [each, handle] of Object.entries(set)) {
      if (owner !== undefined) handle.setOwner(owner.uid, owner.gid)
      handle.setMode(0o1751)
      handle.setMtime(-1_234_567_890_123_456_000n)
      expect(handle.stat()).toMatchObject({ mode: 0o1751, mtimeNs: time, ...owner })
      expect(readTree(path)[each]).toMatchObject({ mode: '1751', mtimeNs: String(time) })
    }
    set.f.close()
    set.g.close()
  })

  itModes('attributes of what cannot be read', () => {
    const { tree, root } = open({ f: file('', { mode: 0 }), d: directory({}, { mode: 0o111 }) })
    for (const each of ['f', 'd']) {
      const pinned = tree.pin(root, name(each))
      pinned.setMode(0o640)
      pinned.setMtime(5_000_000n)
      pinned.close()
      expect(tree.stat(root, name(each))).toMatchObject({ mode: 0o640, mtimeNs: kept(keeps, 5_000_000n) })
    }
  })
}

/** What a call returns, or the system's name of the error it throws. */
function failureOr<T>(call: () => T): T | string {
  try {
    return call()
  } catch (error) {
    return errnoOf(error) ?? String(error)
  }
}
