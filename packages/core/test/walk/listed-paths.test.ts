import { describe, expect, it } from 'vitest'
import { ListedPaths, parseListed } from '../../src/walk/listed-paths.js'

function namesOf(listed: ListedPaths, directory: string): string | undefined {
  const found = listed.of(directory)
  return found && `${found.names} ${found.ends.join('')}`
}

describe('listed paths', () => {
  it('are known by directory, with what only leads on', () => {
    const listed = new ListedPaths(['a/b/x', 'a/b/y', 'a/c', 'd', 'd/e/f', 'a/c/deep/er'])
    expect(['', 'a', 'a/b'].map(path => namesOf(listed, path))).toEqual(['a/d 01', 'b/c 01', 'x/y 11'])
    expect(['d', 'd/e', 'a/c', 'other'].map(path => namesOf(listed, path))).toEqual(Array(4).fill(undefined))
  })

  it('are told below a directory that is not there', () => {
    const listed = new ListedPaths(['a/b/x', 'a/c', 'd'])
    expect([...listed.from('a')].sort()).toEqual(['a/b/x', 'a/c'])
    expect([...listed.from('d')]).toEqual(['d'])
  })

  it('leave out nothing where the root is among them, and all where there are none', () => {
    expect(namesOf(new ListedPaths(['a', '']), '')).toBeUndefined()
    expect(namesOf(new ListedPaths([]), '')).toBe(' ')
  })

  it.each([
    ['a/b', 'a/b'],
    ['./a//b/./c/', 'a/b/c'],
    ['.', ''],
    ['..a/.b/c..', '..a/.b/c..'],
    [Uint8Array.of(0x61, 0xff), 'a\udcff'],
  ])('%j is %j', (given, path) => {
    expect(parseListed(given)).toBe(path)
  })
})
