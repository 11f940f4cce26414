/** FIFOs, sockets and devices, where they can be created. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { mirror, settings, shownChange, useFolders } from '../support/mirror.js'
import { readTree } from '../support/read-tree.js'
import { fifo } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()

function makeNode(at: string, name: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync('mknod', [join(at, name), ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const native = settings.filter(({ held }) => held === 'libc')
const plain = settings.filter(({ held }) => held !== 'libc')

describe.each(native)('special files ($held, $concurrency)', setting => {
  it('T01, T02: are made, with mode, owner and time, and nothing is left to do', async () => {
    const owner = isRoot ? { uid: 1234, gid: 4321 } : {}
    const pipe = fifo({ mode: 0o640, mtime: '2001-02-03T04:05:06.123456789Z', ...owner })
    writeTree(folders.source, { d: { pipe }, pipe })
    const socket = createServer().listen(join(folders.source, 'socket'))
    try {
      const { report } = await mirror(folders, setting)
      expect(report.exitCode).toBe(0)
      expectEqualTrees(folders.source, folders.replica)
      expect(readTree(folders.replica)['socket']?.kind).toBe('socket')
      expect((await mirror(folders, setting)).changes).toEqual([])
    } finally {
      socket.close()
    }
  })

  it('get their attributes repaired in place', async () => {
    writeTree(folders.source, { pipe: fifo({ mode: 0o640 }) })
    writeTree(folders.replica, { pipe: fifo({ mode: 0o600 }) })
    const before = readTree(folders.replica)['pipe']
    const { changes } = await mirror(folders, setting)
    expect(changes.map(shownChange)).toContain('metadata pipe')
    expect(before?.kind).toBe('fifo')
    expectEqualTrees(folders.source, folders.replica)
  })

  it.runIf(isRoot)('T03: that are another device are made anew (needs root)', async () => {
    for (const [side, minor] of [
      [folders.source, '3'],
      [folders.replica, '5'],
    ] as const) {
      mkdirSync(side)
      makeNode(side, 'device', 'c', '1', minor)
      makeNode(side, 'large', 'b', '4095', minor === '3' ? '1048575' : '300')
    }
    const { report } = await mirror(folders, setting)
    expect(report.changes.update.done).toBe(2)
    expectEqualTrees(folders.source, folders.replica)
    expect((await mirror(folders, setting)).changes).toEqual([])
  })
})

it.each(plain)(
  'T01: special files are a residual without the C library ($held, $concurrency)',
  async setting => {
    writeTree(folders.source, { pipe: fifo(), f: '' })
    const { report } = await mirror(folders, setting)
    expect(report.residuals.find(({ attribute }) => attribute === 'special files')?.count).toBe(1)
  },
)

it.each(plain)('a source of special files alone is empty without it ($held, $concurrency)', async setting => {
  writeTree(folders.source, { pipe: fifo() })
  writeTree(folders.replica, { precious: 'p' })
  const { report } = await mirror(folders, setting)
  expect(report.exitCode).toBe(26)
  expect(readTree(folders.replica)['precious']?.content).toBe('p')
})
