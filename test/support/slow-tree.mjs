// A decorator of trees, see `Internals.decorator`: each look at an entry takes its time, as on a server far away, and says
// which thread waits. Plain JavaScript, because Node loads it by itself, in every thread.
import { threadId } from 'node:worker_threads'

/**
 * @param {import('../../packages/core/dist/tree/tree.js').Tree} tree
 * @param {unknown} data
 * @returns {import('../../packages/core/dist/tree/tree.js').Tree}
 */
export function decorate(tree, data) {
  const { delayMs, seen } = /** @type {{ delayMs: number, seen: SharedArrayBuffer }} */ (data)
  const threads = new Int32Array(seen)
  const never = new Int32Array(new SharedArrayBuffer(4))
  return Object.assign(Object.create(tree), {
    /** @type {typeof tree.stat} */
    stat: (directory, name) => {
      Atomics.add(threads, threadId % threads.length, 1)
      Atomics.wait(never, 0, 0, delayMs)
      return tree.stat(directory, name)
    },
  })
}
