import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HeldWay } from '../../src/model/report.js'
import type { Name } from '../../src/model/path.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import { openRoot } from '../../src/tree/local.js'
import { openTree } from '../../src/tree/open-tree.js'
import { directoriesAbove } from '../../src/tree/real-place.js'
import type { Tree } from '../../src/tree/tree.js'
import { Unfollowable } from '../../src/tree/unfollowable.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { fifo, symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()

describe.each(ways)('a tree that follows links, by %s,', way => {
  function withTree(literal: TreeLiteral, check: (tree: Tree) => void): void {
    writeTree(temporary.path, literal)
    const opened = openRoot('source', join(temporary.path, 'root'), way)
    try {
      check(openTree({ ...opened.spec, follows: true }))
    } finally {
      opened.close()
    }
  }

  it('shows what links lead to, and the rest as it is', () => {
    const root = { l: symlink('../out/f'), d: symlink('../out'), f: 'f', e: {} }
    withTree({ root, out: { f: 'outside' } }, tree => {
      const look = (name: string): unknown => {
        const { kind, size } = tree.stat(tree.root, name as Name) ?? {}
        return kind === 'file' ? size : kind
      }
      expect(['l', 'd', 'f', 'e', 'none'].map(look)).toEqual([7, 'directory', 1, 'directory', undefined])
    })
  })

  it.each<[what: string, links: TreeLiteral, why: string]>([
    ['nothing', { l: symlink('none') }, 'nowhere'],
    ['what lies in a file', { l: symlink('f/x'), f: 'f' }, 'nowhere'],
    ['itself', { l: symlink('l') }, 'loop'],
    ['a link that leads back', { l: symlink('m'), m: symlink('l') }, 'loop'],
  ])('tells of a link to %s', (_what, root, why) => {
    withTree({ root }, tree => {
      let found: unknown
      try {
        tree.stat(tree.root, 'l' as Name)
      } catch (error) {
        found = error
      }
      expect(found).toBeInstanceOf(Unfollowable)
      expect(found).toMatchObject({ why })
    })
  })

  it('opens files, and nothing else', () => {
    const root = { l: symlink('f'), f: 'content', p: symlink('pipe'), pipe: fifo(), d: symlink('.') }
    withTree({ root }, tree => {
      for (const name of ['l', 'f']) {
        const file = tree.openFile(tree.root, name as Name)
        const bytes = Buffer.alloc(20)
        expect(bytes.toString('utf8', 0, file.read(bytes, 20))).toBe('content')
        expect(file.stat().inode).toBe(tree.stat(tree.root, 'f' as Name)?.inode)
        file.close()
      }
      for (const name of ['p', 'd']) expect(() => tree.openFile(tree.root, name as Name)).toThrow(/./)
    })
  })

  it('pins what a link leads to', () => {
    withTree({ root: { l: symlink('f'), f: 'content' } }, tree => {
      const pinned = tree.pin(tree.root, 'l' as Name)
      expect(pinned.stat()).toMatchObject({ kind: 'file', size: 7 })
      pinned.close()
    })
  })

  it('enters directories through links, and leaves them where they were entered', () => {
    withTree({ root: { a: { l: symlink('../../out') }, b: { f: 'b' } }, out: { c: { f: 'c' } } }, tree => {
      const held = new HeldDirectories(tree)
      for (const [path, names] of [
        ['a/l/c', ['f']],
        ['a/l', ['c']],
        ['a', ['l']],
        ['a/l/c', ['f']],
        ['b', ['f']],
      ] as const)
        expect([path, tree.list(held.enter(path))]).toEqual([path, names])
      held.close()
    })
  })

  it('knows which directories are on the way, also those that it holds no more', () => {
    const depth = 40
    mkdirSync(join(temporary.path, 'out', ...Array.from({ length: depth }, () => 'd')), { recursive: true })
    withTree({ root: { l: symlink('../out'), f: 'f' } }, tree => {
      const held = new HeldDirectories(tree)
      const deep = Array.from({ length: depth }, () => 'd').join('/')
      const first = held.enter('l').stat()
      const other = tree.stat(tree.root, 'f' as Name)
      held.enter(`l/${deep}`)
      expect(held.isOnTheWay(first)).toBe(true)
      expect(other !== undefined && held.isOnTheWay(other)).toBe(false)
      // Out of the link no `..` leads: the way begins anew.
      expect(tree.list(held.enter('')).sort()).toEqual(['f', 'l'])
      expect(held.enter(`l/${deep}`).stat().kind).toBe('directory')
      held.close()
    })
  })

  it('knows what lies above the target of a link', () => {
    withTree({ root: { l: symlink('../out/c') }, out: { c: { f: 'f' } } }, tree => {
      const above = [...directoriesAbove(tree.root, 'l' as Name)].map(({ inode }) => inode)
      expect(above.slice(0, 3)).toEqual(['out/c', 'out', '.'].map(path => inodeAt(path, way)))
      expect(above).not.toContain(inodeAt('root', way))
    })
  })

  it('does not follow unless it is told to', () => {
    writeTree(temporary.path, { root: { l: symlink('../f') }, f: 'f' })
    const opened = openRoot('source', join(temporary.path, 'root'), way)
    const tree = openTree(opened.spec)
    expect(tree.stat(tree.root, 'l' as Name)?.kind).toBe('symlink')
    expect(() => tree.openFile(tree.root, 'l' as Name)).toThrow('ELOOP')
    opened.close()
  })
})

function inodeAt(path: string, way: HeldWay): bigint {
  const opened = openRoot('source', join(temporary.path, path), way)
  opened.close()
  return opened.entry.inode
}
