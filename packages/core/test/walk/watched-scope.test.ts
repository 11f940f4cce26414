import { describe, expect, it } from 'vitest'
import type { RelativePath } from '../../src/model/path.js'
import { Touched } from '../../src/watch/touched.js'
import { walkFakes } from './fake-walk.js'

const tree = { a: { b: { x: null }, c: { y: null } }, d: { z: null } }

interface Seen {
  readonly listed: readonly RelativePath[]
  readonly entered: readonly RelativePath[]
}

/** What a walk of equal trees looks at, where so much was touched and all but so much is watched. */
async function looksAt(
  touched: readonly RelativePath[] | undefined,
  notWatched: readonly RelativePath[] = [],
): Promise<Seen> {
  const paths = new Touched()
  for (const path of touched ?? []) paths.add(path, 0)
  const entered: RelativePath[] = []
  const { listed } = await walkFakes({
    source: tree,
    replica: tree,
    watching: {
      touched: touched === undefined ? undefined : paths,
      enter: path => void entered.push(path),
      isWatched: path => !notWatched.includes(path),
      meetsLinks: () => {},
    },
  })
  return { listed, entered: entered.sort() }
}

describe('a walk of a watched source', () => {
  it('of all there is enters each directory', async () => {
    const { listed, entered } = await looksAt(undefined)
    expect(entered).toEqual(['', 'a', 'a/b', 'a/c', 'd'])
    expect([...listed].sort()).toEqual(entered)
  })

  it('looks at what was touched, and at the way to it', async () => {
    expect((await looksAt(['a/b'])).listed).toEqual(['', 'a', 'a/b'])
    expect((await looksAt(['d'])).listed).toEqual(['', 'd'])
  })

  it('does not look below what was touched, where that is watched', async () => {
    expect((await looksAt([''])).listed).toEqual([''])
    expect((await looksAt(['a'])).listed).toEqual(['', 'a'])
  })

  it('looks at what is not watched with all below it', async () => {
    expect((await looksAt([''], ['a'])).listed).toEqual(['', 'a'])
    expect((await looksAt([''], ['a', 'a/b'])).listed).toEqual(['', 'a', 'a/b'])
  })

  it('looks at nothing where nothing was touched', async () => {
    expect((await looksAt([])).listed).toEqual([])
  })
})
