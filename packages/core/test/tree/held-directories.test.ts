import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import type { Directory } from '../../src/tree/tree.js'
import { makeDeepTree } from '../../../../test/support/deep-tree.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import type { TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { Descriptors, openTree, systemError, ways, withOperations } from '../support/trees.js'

const temporary = useTemporaryDirectory()

/** A chain of directories `d/d/d` of which the deepest holds `end`. */
function chain(depth: number): TreeLiteral {
  let literal: TreeLiteral = { end: {} }
  for (let level = 0; level < depth; level += 1) literal = { d: literal }
  return literal
}

function pathOf(depth: number): string {
  return Array.from({ length: depth }, () => 'd').join('/')
}

function inodeOf(directory: Directory): bigint {
  return directory.stat().inode
}

/** The inode that a path leads to. */
function real(path: string): bigint {
  return lstatSync(join(temporary.path, path), { bigint: true }).ino
}

describe.each(ways)('by %s', way => {
  function open(literal: TreeLiteral) {
    writeTree(temporary.path, literal)
    const local = openTree(temporary.path, way)
    const descriptors = new Descriptors()
    const tree = descriptors.watch(local.tree)
    const opens: string[] = []
    const watched = withOperations(tree, {
      openDirectory: (parent, each) => {
        opens.push(each)
        return tree.openDirectory(parent, each)
      },
      openParent: directory => {
        opens.push('..')
        return tree.openParent(directory)
      },
    })
    return { ...local, held: new HeldDirectories(watched), tree: watched, descriptors, opens }
  }

  it('the root is held already', () => {
    const { held, tree, opens } = open({})
    expect(held.enter('')).toBe(tree.root)
    held.close()
    expect(opens).toEqual([])
  })

  it('opens only what the last path did not share', () => {
    const { held, opens, descriptors } = open({ a: { b: { c: {} }, ab: {}, x: {} }, ab: { c: {} } })
    const steps: [path: string, opened: readonly string[]][] = [
      ['a/b', ['a', 'b']],
      ['a/b', []],
      ['a/b/c', ['c']],
      ['a/b', []],
      ['a/x', ['x']],
      ['a', []],
      // A name that another begins with is another name.
      ['a/ab', ['ab']],
      ['ab', ['ab']],
      ['a/b/c', ['a', 'b', 'c']],
      ['ab/c', ['ab', 'c']],
      ['', []],
    ]
    for (const [path, opened] of steps) {
      opens.length = 0
      const inode = inodeOf(held.enter(path))
      // What is held by path is looked at anew each time, for it may be another directory by now.
      const expected = way === 'paths' ? path.split('/').filter(name => name !== '') : opened
      expect([path, opens]).toEqual([path, expected])
      expect(inode).toBe(real(path))
      expect(descriptors.open).toBe(path === '' ? 0 : path.split('/').length)
    }
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it.each(['a/none', 'link', 'link/x', 'a/file', 'a/file/x'])('fails on %s and can go on', path => {
    const { held, descriptors } = open({ a: { b: {}, file: '' } })
    symlinkSync('a', join(temporary.path, 'link'))
    expect(() => held.enter(path)).toThrow(/E(?:NOENT|NOTDIR|LOOP)|not a directory/)
    expect(inodeOf(held.enter('a/b'))).toBe(real('a/b'))
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it.each([1, 23, 24, 25, 26, 49, 100])('goes down %i levels, up one by one, and across', depth => {
    const { held, tree, descriptors } = open(chain(depth))
    expect(inodeOf(held.enter(`${pathOf(depth)}/end`))).toBe(real(`${pathOf(depth)}/end`))
    expect(descriptors.open).toBeLessThanOrEqual(25)
    for (let level = depth; level > 0; level -= 1) {
      expect(inodeOf(held.enter(pathOf(level)))).toBe(real(pathOf(level)))
      expect(descriptors.open).toBeLessThanOrEqual(25)
    }
    expect(held.enter('')).toBe(tree.root)
    expect(descriptors.open).toBe(0)
    held.enter(pathOf(depth))
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
    expect(descriptors.most).toBeLessThanOrEqual(26)
  })

  it('goes between the ends of two deep branches', () => {
    const depth = 40
    const { held, descriptors } = open({ a: chain(depth), b: chain(depth) })
    for (const path of [
      `a/${pathOf(depth)}`,
      `b/${pathOf(depth)}`,
      `a/${pathOf(30)}`,
      'b',
      `a/${pathOf(40)}/end`,
    ]) {
      expect(inodeOf(held.enter(path))).toBe(real(path))
      expect(descriptors.open).toBeLessThanOrEqual(25)
    }
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it('a directory that was moved away is left, and the way back begins at the root', () => {
    const depth = 30
    const { held, descriptors } = open({ a: chain(depth), other: {} })
    held.enter(`a/${pathOf(depth)}`)
    // The uppermost that is open by now hangs elsewhere, so `..` does not lead where it came from.
    renameSync(join(temporary.path, 'a', pathOf(7)), join(temporary.path, 'other', 'd'))
    mkdirSync(join(temporary.path, 'a', pathOf(7)))
    for (const path of [`a/${pathOf(6)}`, `a/${pathOf(7)}`, `a/${pathOf(5)}`, 'a', 'other/d', 'other']) {
      expect(inodeOf(held.enter(path))).toBe(real(path))
    }
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it('what cannot be reached by its way up is reached from the root', () => {
    const depth = 40
    const { held, tree, descriptors } = open(chain(depth))
    let failing = true
    const faulty = withOperations(tree, {
      openParent: directory => {
        if (failing) throw systemError('ENOENT', -2)
        return tree.openParent(directory)
      },
    })
    const climbing = new HeldDirectories(faulty)
    climbing.enter(pathOf(depth))
    expect(inodeOf(climbing.enter(pathOf(3)))).toBe(real(pathOf(3)))
    climbing.enter(pathOf(depth))
    expect(climbing.enter('')).toBe(tree.root)
    failing = false
    climbing.close()
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it('S04: a directory that is let go is forgotten, whatever closing it says', () => {
    const { tree } = open({ a: { b: {} }, c: {} })
    const refusing = withOperations(tree, {
      openDirectory: (parent, name) => {
        const directory = tree.openDirectory(parent, name)
        return Object.assign(Object.create(directory) as Directory, {
          close: () => {
            directory.close()
            throw systemError('EIO')
          },
        })
      },
    })
    const held = new HeldDirectories(refusing)
    for (const path of ['a/b', 'c', 'a', 'a/b']) {
      expect(inodeOf(held.enter(path))).toBe(real(path))
    }
    held.close()
    expect(held.enter('')).toBe(tree.root)
  })

  it('closes what it opened when that cannot be looked at', () => {
    const depth = 30
    const { tree, descriptors } = open(chain(depth))
    const faulty = withOperations(tree, {
      openDirectory: (parent, each) =>
        Object.assign(Object.create(tree.openDirectory(parent, each)) as Directory, {
          stat: () => {
            throw systemError('EIO', -5)
          },
        }),
    })
    const held = new HeldDirectories(faulty)
    // Held open it stays what it is: only who lets it go, or wants to know, has to look at it.
    expect(() => [held.enter('d'), held.identity]).toThrow('EIO')
    expect(() => held.enter(pathOf(depth))).toThrow('EIO')
    expect(descriptors.open).toBeLessThanOrEqual(25)
    held.close()
    expect(held.enter('')).toBe(tree.root)
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  })

  it('tells which directory was entered last', () => {
    const { held } = open({ ...chain(30), other: {} })
    expect(held.identity).toBeUndefined()
    for (const path of ['other', pathOf(30), pathOf(2), pathOf(29), 'other']) {
      const entered = held.enter(path)
      const { device, inode } = entered.stat()
      for (const _ of [1, 2]) expect(held.identity).toEqual({ device, inode })
    }
    held.enter('')
    expect(held.identity).toBeUndefined()
  })
})

describe.runIf(ways.includes('proc'))('held by descriptor', () => {
  it('a directory that is removed meanwhile does not shut the others off', () => {
    const depth = 30
    writeTree(temporary.path, { ...chain(depth), other: {} })
    using opened = openTree(temporary.path, 'proc')
    const held = new HeldDirectories(opened.tree)
    held.enter(pathOf(depth))
    rmdirSync(join(temporary.path, pathOf(depth), 'end'))
    for (let level = depth; level > 0; level -= 1) rmdirSync(join(temporary.path, pathOf(level)))
    expect(opened.tree.list(held.enter('other'))).toEqual([])
    expect(opened.tree.list(held.enter(''))).toEqual(['other'])
    held.close()
  })

  it('a path far longer than the system takes is no matter', () => {
    makeDeepTree(join(temporary.path, 'deep'), 3000)
    using opened = openTree(join(temporary.path, 'deep'), 'proc')
    const descriptors = new Descriptors()
    const held = new HeldDirectories(descriptors.watch(opened.tree))
    let path = ''
    const begun = performance.now()
    for (let depth = 0; ; depth += 1) {
      const [below, ...more] = opened.tree.list(held.enter(path))
      expect(more).toEqual([])
      if (below === undefined || depth === 3000) break
      path = path === '' ? below : `${path}/${below}`
    }
    expect(path.length).toBeGreaterThan(60_000)
    expect(performance.now() - begun).toBeLessThan(5000)
    held.close()
    expect(descriptors).toMatchObject({ open: 0, twice: 0 })
    expect(readdirSync(temporary.path)).toEqual(['deep'])
  })
})
