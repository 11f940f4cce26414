import { mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isRoot } from '../support/entry-kind.js'
import { failure, itIf, kept, linkNames, links, name, type Stage } from './tree-stage.js'

const aTime = 1_000_000_000_123_456_000n

export function treeRefusesLinks({ open, expectOutsideUntouched, promises }: Stage): void {
  const { keeps } = promises
  const someTime = kept(keeps, aTime)
  const mode = (wanted: number): object => (keeps.modes ? { mode: wanted } : {})

  it.each(linkNames)('%s: when it reads', each => {
    const { tree, root } = open(links)
    expect(tree.stat(root, name(each))?.kind).toBe('symlink')
    expect(failure(() => tree.openFile(root, name(each)))).toBe('ELOOP')
    expect(failure(() => tree.openDirectory(root, name(each)))).toMatch(/^E(?:LOOP|NOTDIR)$/)
    const pinned = tree.pin(root, name(each))
    expect(pinned.stat().kind).toBe('symlink')
    pinned.close()
  })

  it.each(linkNames)('%s: when it creates', each => {
    const { tree, root, path } = open(links)
    const before = tree.readLink(root, name(each))
    expect(failure(() => tree.createFile(root, name(each)))).toMatch(/^E(?:EXIST|LOOP)$/)
    expect(failure(() => tree.makeDirectory(root, name(each)))).toBe('EEXIST')
    expect(failure(() => tree.makeLink(root, name(each), 'x'))).toBe('EEXIST')
    expect(tree.readLink(root, name(each))).toBe(before)
    expect(readdirSync(path).sort()).toEqual([...linkNames].sort())
    expectOutsideUntouched()
  })

  it.each(linkNames)('%s: when it moves', each => {
    const { tree, root, path } = open({ ...links, file: 'new', folder: {} })
    const before = tree.readLink(root, name(each))
    tree.rename(root, name(each), root, name('moved'))
    expect(tree.readLink(root, name('moved'))).toBe(before)
    expect(failure(() => tree.rename(root, name('folder'), root, name('moved')))).toBe('ENOTDIR')
    tree.rename(root, name('file'), root, name('moved'))
    expect(readFileSync(join(path, 'moved'), 'utf8')).toBe('new')
    expectOutsideUntouched()
  })

  it.each(linkNames)('%s: when it sets attributes', each => {
    const { tree, root } = open(links)
    const pinned = tree.pin(root, name(each))
    if (isRoot) pinned.setOwner(12, 34)
    pinned.setMtime(someTime)
    pinned.close()
    const owner = isRoot && keeps.owners ? { uid: 12, gid: 34 } : {}
    expect(tree.stat(root, name(each))).toMatchObject({ kind: 'symlink', mtimeNs: someTime, ...owner })
    expectOutsideUntouched()
  })

  it.each(linkNames)('%s: when it removes', each => {
    const { tree, root } = open(links)
    expect(failure(() => tree.removeDirectory(root, name(each)))).toBe('ENOTDIR')
    tree.unlink(root, name(each))
    expect(tree.stat(root, name(each))).toBeUndefined()
    expectOutsideUntouched()
  })

  it('that a directory was swapped for before it was opened', () => {
    const { tree, root, path } = open({ d: { inner: '' } })
    renameSync(join(path, 'd'), join(path, 'was'))
    symlinkSync('../outside/folder', join(path, 'd'))
    expect(failure(() => tree.openDirectory(root, name('d')))).toMatch(/^E(?:LOOP|NOTDIR)$/)
  })

  itIf(promises.holdsDirectories)('that a held directory was swapped for: it works on where it is', () => {
    const { tree, root, path, enter } = open({ d: { inner: 'mine', old: '', sub: {} } })
    const held = enter('d')
    renameSync(join(path, 'd'), join(path, 'was'))
    symlinkSync('../outside/folder', join(path, 'd'))
    expect(tree.list(held).sort()).toEqual(['inner', 'old', 'sub'])
    tree.createFile(held, name('made')).close()
    tree.makeDirectory(held, name('folder'))
    tree.makeLink(held, name('link'), 'x')
    tree.unlink(held, name('inner'))
    tree.removeDirectory(held, name('sub'))
    tree.rename(held, name('old'), held, name('new'))
    held.setMode(0o711)
    held.setMtime(someTime)
    expect(readdirSync(join(path, 'was')).sort()).toEqual(['folder', 'link', 'made', 'new'])
    expect(tree.stat(root, name('was'))).toMatchObject({ ...mode(0o711), mtimeNs: someTime })
    expectOutsideUntouched()
  })

  it.each(['f', 'd', 'l'])('that held %s was swapped for, when it sets its attributes', each => {
    const { tree, root, path } = open({ f: '', d: {}, l: links.dangling, victim: '' })
    const before = tree.stat(root, name('victim'))
    const pinned = tree.pin(root, name(each))
    renameSync(join(path, each), join(path, 'was'))
    symlinkSync('victim', join(path, each))
    const calls = [
      () => pinned.setMtime(someTime),
      ...(each === 'l' ? [] : [() => pinned.setMode(0o700)]),
      ...(isRoot ? [() => pinned.setOwner(1, 2)] : []),
    ]
    const expected = promises.holdsDirectories ? 'none' : 'ELOOP'
    expect(calls.map(failure)).toEqual(calls.map(() => expected))
    pinned.close()
    expect(tree.stat(root, name('victim'))).toEqual(before)
    expect(tree.stat(root, name('was'))?.mtimeNs === someTime).toBe(promises.holdsDirectories)
  })

  it('and takes no directory for the one that was there', () => {
    const { tree, root, path } = open({ d: {} })
    const pinned = tree.pin(root, name('d'))
    renameSync(join(path, 'd'), join(path, 'was'))
    mkdirSync(join(path, 'd'), 0o755)
    expect(failure(() => pinned.setMode(0o700))).toBe(promises.holdsDirectories ? 'none' : 'ELOOP')
    pinned.close()
    expect(tree.stat(root, name('d'))).toMatchObject(mode(0o755))
  })
}
