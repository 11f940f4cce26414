import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseName, isWithin, joinPath, type Name, parentPath, splitPath } from '../../src/model/path.js'

describe('a path', () => {
  it.each<[path: string, names: readonly string[], parent: string, base: string]>([
    ['', [], '', ''],
    ['a', ['a'], '', 'a'],
    ['a/b', ['a', 'b'], 'a', 'b'],
    ['a/b/c', ['a', 'b', 'c'], 'a/b', 'c'],
    ['.../\\', ['...', '\\'], '...', '\\'],
    ['\udcff/\n', ['\udcff', '\n'], '\udcff', '\n'],
  ])('%j', (path, names, parent, base) => {
    expect([splitPath(path), parentPath(path), baseName(path)]).toEqual([names, parent, base])
    expect(names.reduce((joined, name) => joinPath(joined, name as Name), '')).toBe(path)
  })
})

describe('within a directory', () => {
  it.each<[path: string, directory: string, within: boolean]>([
    ['', '', true],
    ['a', '', true],
    ['a/b', '', true],
    ['a', 'a', true],
    ['a/b', 'a', true],
    ['a/b/c', 'a', true],
    ['a/b/c', 'a/b', true],
    ['ab', 'a', false],
    ['ab/c', 'a', false],
    ['a', 'a/b', false],
    ['', 'a', false],
    ['b', 'a', false],
    ['b/x', 'a', false],
    ['a!b', 'a', false],
    ['a/bc', 'a/b', false],
    ['x/b', 'a/b', false],
  ])('%j lies in %j: %s', (path, directory, within) => {
    expect(isWithin(path, directory)).toBe(within)
  })

  it('is to have its names before one’s own', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'a!'), { maxLength: 4 })
    fc.assert(
      fc.property(path, path, (one, other) => {
        const expected = other.every((name, index) => one[index] === name)
        expect(isWithin(one.join('/'), other.join('/'))).toBe(expected)
      }),
      { numRuns: 1000 },
    )
  })
})
