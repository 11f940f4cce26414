/** A file system that answers late gets more threads; one that does not gets none. */
import { describe, expect, it } from 'vitest'
import { syncWith } from '../support/core.mjs'
import { expectEqualTrees } from '../support/compare-trees.js'
import { useFolders } from '../support/mirror.js'
import type { TreeLiteral } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const module = new URL('../support/slow-tree.mjs', import.meta.url).href

/** How many threads looked at something, when each look takes so long. */
async function threadsOf(delayMs: number, concurrency: 'auto' | number): Promise<number> {
  const directory = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, '']))
  const tree: TreeLiteral = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`d${index}`, directory]),
  )
  writeTree(folders.source, tree)
  const seen = new SharedArrayBuffer(256 * Int32Array.BYTES_PER_ELEMENT)
  const { source, replica, path } = folders
  const options = { source, replica, concurrency, stateFolder: `${path}/state` }
  await syncWith(options, { decorator: { module, data: { delayMs, seen } }, threadsAtOnce: true })
  expectEqualTrees(source, replica)
  return new Int32Array(seen).filter(count => count > 0).length
}

describe('threads', () => {
  it('are more where they wait for storage', async () => {
    expect(await threadsOf(3, 'auto')).toBeGreaterThan(await threadsOf(0, 'auto'))
  })

  it('are not more where only the program that mirrors waits, however often', async () => {
    const awake = setInterval(() => undefined, 1)
    try {
      expect(await threadsOf(0, 'auto')).toBeLessThanOrEqual(2 + 1)
    } finally {
      clearInterval(awake)
    }
  })

  it('are as many as was asked for, however long they wait', async () => {
    expect(await threadsOf(3, 2)).toBeLessThanOrEqual(3)
  })
})
