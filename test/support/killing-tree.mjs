// A decorator that kills the process before, or after, the n-th call of a kind on the trees of the replica's side.

/** @typedef {import('../../packages/core/dist/tree/tree.js').Tree} Tree */

let count = 0

/** @param {Tree} tree @param {unknown} data @returns {Tree} */
export function decorate(tree, data) {
  const { call, nth, after } = /** @type {{ call: string, nth: number, after: boolean }} */ (data)
  if (tree.side !== 'replica') return tree
  return new Proxy(tree, {
    get: (target, name) => {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (/** @type {unknown[]} */ ...args) => {
        const isDue = name === call && ++count === nth
        if (isDue && !after) process.kill(process.pid, 'SIGKILL')
        const result = value.apply(target, args)
        if (isDue) process.kill(process.pid, 'SIGKILL')
        return result
      }
    },
  })
}
