import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { sharingLists } from '../../src/compare/shared-listing.js'
import type { Entry } from '../../src/model/entry.js'
import type { Name } from '../../src/model/path.js'
import { makeSharedMemory, SharedMemory } from '../../src/tree/shared-memory.js'
import type { Directory, Tree } from '../../src/tree/tree.js'

const entry: Entry = {
  kind: 'directory',
  size: 10,
  allocated: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtimeNs: 1n,
  ctimeNs: 1n,
  device: 1n,
  inode: 2n,
  links: 2,
  deviceNumber: 0,
}

/** A directory whose names, and whose time, are what the test says. */
class Folder {
  names: readonly string[]
  mtimeNs = 1n
  listed = 0

  constructor(names: readonly string[]) {
    this.names = names
  }

  *list(): Generator<readonly Name[], void> {
    this.listed += 1
    for (const name of this.names) yield [name as Name]
  }

  readonly directory = { stat: (): Entry => ({ ...entry, mtimeNs: this.mtimeNs }) } as Directory
  readonly side = {
    tree: {
      listInParts: (): Generator<readonly Name[], void> => this.list(),
    } as unknown as Tree,
  }
}

function lists(count: number): ReturnType<typeof sharingLists>[] {
  const memory = makeSharedMemory(1 << 16)
  return Array.from({ length: count }, () => sharingLists(new SharedMemory(memory, false)))
}

function toEnd(steps: Generator<void, Name[]>): Name[] {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

describe('sharingLists', () => {
  it.each([[[]], [['a']], [['a', 'é', '\udcff\udc80', 'line\nend', '\\']]])('lists %j once', names => {
    const folder = new Folder(names)
    const all = lists(3).map(list => toEnd(list(folder.side, folder.directory)))
    expect(all).toEqual([names, names, names])
    expect(folder.listed).toBe(1)
  })

  it('lists again what was changed since', () => {
    const folder = new Folder(['a'])
    const [one, other] = lists(2)
    expect(one && toEnd(one(folder.side, folder.directory))).toEqual(['a'])
    Object.assign(folder, { names: ['a', 'b'], mtimeNs: 2n })
    expect(other && toEnd(other(folder.side, folder.directory))).toEqual(['a', 'b'])
  })

  it('keeps no list of a directory that was changed while it was listed', () => {
    const folder = new Folder(['a', 'b'])
    const [one, other] = lists(2)
    const steps = one?.(folder.side, folder.directory)
    steps?.next()
    folder.mtimeNs = 2n
    expect(steps && toEnd(steps)).toEqual(['a', 'b'])
    folder.mtimeNs = 1n
    expect(other && toEnd(other(folder.side, folder.directory))).toEqual(['a', 'b'])
    expect(folder.listed).toBe(2)
  })

  it('keeps no list that fails, and lets the next one try', () => {
    const folder = new Folder(['a', 'b'])
    const [one, other] = lists(2)
    const steps = one?.(folder.side, folder.directory)
    steps?.next()
    expect(() => steps?.throw(new Error('EIO'))).toThrow('EIO')
    expect(other && toEnd(other(folder.side, folder.directory))).toEqual(['a', 'b'])
    expect(folder.listed).toBe(2)
  })

  it('waits its turn while another one lists, but not for ever', () => {
    const folder = new Folder(['a', 'b'])
    const [one, other] = lists(2)
    one?.(folder.side, folder.directory).next()
    expect(other && toEnd(other(folder.side, folder.directory))).toEqual(['a', 'b'])
    expect(folder.listed).toBe(2)
  })

  it('shares no list that would take the room of most', () => {
    const name = Buffer.alloc(1 << 15, 'n').toString()
    const folder = new Folder([name])
    for (const list of lists(2)) expect(toEnd(list(folder.side, folder.directory))).toEqual([name])
    expect(folder.listed).toBe(2)
  })
})
