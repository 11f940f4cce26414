import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/model/entry.js'
import { Appeared, findMoved } from '../../src/plan/find-moved.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import { buildPairs, created, deleted, finish } from '../support/pairs.js'

/** Which of the deletions of a file, a link and a directory could be of an entry that is like `base`, but for some. */
function moved(of: string, some: Partial<Entry>, isSameTime = (a: bigint, b: bigint) => a === b): string[] {
  const literal = {
    f: deleted(),
    l: deleted({ kind: 'symlink' }),
    d: deleted({ kind: 'directory' }),
    n: created(),
  }
  const { pairs, root, paths } = buildPairs(literal)
  const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
  const row = [...order.remove].find(each => paths([each])[0] === of)
  const base = row === undefined ? undefined : pairs.replica(row)
  const appeared = new Appeared()
  if (base !== undefined) appeared.add({ ...base, ...some })
  return [...paths(finish(findMoved(pairs, order, appeared, isSameTime)))]
}

describe('a removal could be of what appeared', () => {
  it.each(['f', 'l', 'd'])('where all is equal: %s', path => {
    expect(moved(path, {})).toContain(path)
  })

  it('not of another kind', () => {
    expect(moved('f', { kind: 'fifo' })).toEqual([])
  })

  it('not of another size, unless that tells nothing', () => {
    expect(moved('f', { size: 12_345 })).toEqual([])
    expect(moved('d', { size: 12_345 })).toEqual(['d'])
  })

  it('not of another time, as far as the replica can hold it', () => {
    expect(moved('f', { mtimeNs: 7n })).toEqual([])
    expect(moved('f', { mtimeNs: 7n }, () => true)).toEqual(['f'])
  })

  it('not where nothing appeared', () => {
    expect(moved('?', {})).toEqual([])
  })
})
