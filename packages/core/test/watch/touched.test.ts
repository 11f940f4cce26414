import { describe, expect, it } from 'vitest'
import { Touched } from '../../src/watch/touched.js'

function touched(...directories: string[]): Touched {
  const all = new Touched()
  for (const [at, directory] of directories.entries()) all.add(directory, at)
  return all
}

describe('touched directories', () => {
  it('are known, and the ways to them', () => {
    const some = touched('a/b/c', 'a/d', 'e')
    expect(['a/b/c', 'a/d', 'e', 'a', 'a/b', ''].map(path => some.has(path))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(some.onWay('')).toEqual(['a', 'e'])
    expect(some.onWay('a')).toEqual(['b', 'd'])
    expect(some.onWay('a/b')).toEqual(['c'])
    expect(some.onWay('a/b/c')).toBeUndefined()
    expect(some.onWay('x')).toBeUndefined()
  })

  it('are found on the ways when more are added', () => {
    const some = touched('a/b')
    expect(some.onWay('a')).toEqual(['b'])
    some.add('a/c', 1)
    expect(some.onWay('a')).toEqual(['b', 'c'])
  })

  it('say when the first and the last of them were', () => {
    const some = touched('a', 'b', 'a')
    expect([some.since, some.last, some.size]).toEqual([0, 2, 2])
    expect(new Touched().since).toBeUndefined()
    expect(new Touched().isEmpty).toBe(true)
  })

  it('the root among them leads nowhere', () => {
    expect(touched('').onWay('')).toBeUndefined()
    expect(touched('').has('')).toBe(true)
  })

  it('that are too many are all there is, and stay so', () => {
    const many = new Touched()
    for (let at = 0; at < 4096; at++) many.add(`d${at}`, at)
    expect([many.isAll, many.size]).toEqual([false, 4096])
    many.add('one more', 5000)
    expect([many.isAll, many.size, many.isEmpty, many.since, many.last]).toEqual([true, 0, false, 0, 5000])
    many.add('another', 6000)
    expect([many.size, many.last]).toEqual([0, 6000])
  })
})
