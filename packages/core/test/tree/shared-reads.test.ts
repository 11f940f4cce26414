import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { holding } from '../../../../test/support/mirror.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import type { Name } from '../../src/model/path.js'
import { openRoot } from '../../src/tree/local.js'
import { openTree } from '../../src/tree/open-tree.js'
import { makeSharedMemory, SharedMemory } from '../../src/tree/shared-memory.js'
import { keyOf, sharingReads } from '../../src/tree/shared-reads.js'
import type { FileHandle, Tree } from '../../src/tree/tree.js'

const temporary = useTemporaryDirectory()
const name = 'file' as Name
let tree: Tree
let reads: number[]
let close: () => void

/** The tree of the test, with a note of each read of a file. */
function counted(): Tree {
  return Object.assign(Object.create(tree) as Tree, {
    openFile: (...args: Parameters<Tree['openFile']>): FileHandle => {
      const file = tree.openFile(...args)
      return Object.assign(Object.create(file) as FileHandle, {
        read: (into: Uint8Array, length: number) => {
          const count = file.read(into, length)
          reads.push(count)
          return count
        },
        seek: (position: number) => file.seek(position),
        close: () => file.close(),
      })
    },
  })
}

/** Files are shared when the clock has gone on since they were written. */
function settle(): void {
  for (;;) {
    const file = tree.openFile(tree.root, name)
    const key = keyOf(file.stat(), 0)
    file.close()
    if (key !== undefined) return
  }
}

function write(content: string): void {
  writeFileSync(join(temporary.path, 'root', name), content)
  settle()
}

function readAll(file: FileHandle, size: number): string {
  const into = Buffer.alloc(size)
  let text = ''
  for (let count = file.read(into, size); count > 0; count = file.read(into, size))
    text += into.toString('latin1', 0, count)
  return text
}

beforeEach(() => {
  mkdirSync(join(temporary.path, 'root'))
  const root = openRoot('source', join(temporary.path, 'root'), holding)
  reads = []
  tree = openTree(root.spec)
  close = () => root.close()
  return () => close()
})

describe('sharingReads', () => {
  it('reads once what several want, piece by piece, in whatever order they come', () => {
    write('one two three')
    const memory = new SharedMemory(makeSharedMemory(), false)
    const [a, b] = [1, 2].map(() => sharingReads(counted(), memory).openFile(tree.root, name))
    if (a === undefined || b === undefined) throw new Error('two files')
    const into = Buffer.alloc(4)
    expect([a.read(into, 4), into.toString()]).toEqual([4, 'one '])
    expect(readAll(b, 4)).toBe('one two three')
    expect(readAll(a, 4)).toBe('two three')
    expect(reads).toEqual([4, 4, 4, 1, 0])
    for (const file of [a, b]) file.close()
  })

  it('goes on behind what others have read', () => {
    write('one two three')
    const memory = new SharedMemory(makeSharedMemory(), false)
    const [a, b] = [1, 2].map(() => sharingReads(counted(), memory).openFile(tree.root, name))
    const into = Buffer.alloc(4)
    a?.read(into, 4)
    b?.read(into, 4)
    b?.seek(8)
    b?.read(into, 4)
    expect(into.toString()).toBe('thre')
    a?.seek(8)
    a?.read(into, 4)
    expect(into.toString()).toBe('thre')
    expect(reads).toEqual([4, 4])
    for (const file of [a, b]) file?.close()
  })

  it('gives nothing that was read before the file was changed', () => {
    write('old')
    const memory = new SharedMemory(makeSharedMemory(), false)
    const shared = sharingReads(counted(), memory)
    const before = shared.openFile(tree.root, name)
    expect(readAll(before, 8)).toBe('old')
    before.close()
    write('new')
    // Not even where its time is put back: what the system notes of each change cannot be.
    utimesSync(join(temporary.path, 'root', name), 1, 1)
    settle()
    const after = shared.openFile(tree.root, name)
    expect(readAll(after, 8)).toBe('new')
    after.close()
  })

  it('shares nothing of a file that was changed a moment ago', () => {
    write('content')
    appendFileSync(join(temporary.path, 'root', name), '!')
    const memory = new SharedMemory(makeSharedMemory(), false)
    const soon = new Date(Date.now() + 60_000)
    utimesSync(join(temporary.path, 'root', name), soon, soon)
    for (const text of ['content!', 'content!']) {
      const file = sharingReads(counted(), memory).openFile(tree.root, name)
      expect(readAll(file, 16)).toBe(text)
      file.close()
    }
    expect(reads).toEqual([8, 0, 8, 0])
  })
})
