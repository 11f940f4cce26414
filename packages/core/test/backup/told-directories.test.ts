import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { ToldDirectories } from '../../src/backup/told-directories.js'
import { name, openTree } from '../support/trees.js'

const temporary = useTemporaryDirectory()

function fail(): never {
  throw new Error('the journal is full')
}

it('tells of each directory once, by what it is', () => {
  const at = (path: string): string => join(temporary.path, path)
  mkdirSync(at('d'))
  mkdirSync(at('y'))
  using opened = openTree(temporary.path)
  const { tree } = opened
  const told = new ToldDirectories()
  const tellOf = (directory: string): number => {
    let times = 0
    const handle = tree.openDirectory(tree.root, name(directory))
    for (const _ of [1, 2]) told.around(handle, () => void (times += 1))
    handle.close()
    return times
  }
  expect([tellOf('d'), tellOf('d')]).toEqual([1, 0])
  renameSync(at('d'), at('e'))
  renameSync(at('y'), at('d'))
  expect([tellOf('e'), tellOf('d')]).toEqual([0, 1])
})

it('does not take one for told of that could not be told', () => {
  using opened = openTree(temporary.path)
  const told = new ToldDirectories()
  const { root } = opened.tree
  expect(() => told.around(root, fail)).toThrow('full')
  expect(() => told.around(root, fail)).toThrow('full')
})
