import { describe, expect, it } from 'vitest'
import { isWhatWasPlanned, recheck } from '../../src/apply/recheck.js'
import type { Entry } from '../../src/model/entry.js'
import type { Name } from '../../src/model/path.js'
import type { Directory, Tree } from '../../src/tree/tree.js'
import { entry } from '../support/pairs.js'
import { failureOf } from './ground.js'

const asked: unknown[] = []
const directory = {} as Directory

function recheckFinds(found: Entry | undefined, planned: Entry | undefined): string {
  asked.length = 0
  const tree: Pick<Tree, 'stat'> = { stat: (...what) => (asked.push(...what), found) }
  return failureOf(() => recheck(tree as Tree, directory, 'x' as Name, planned))
}

const file = entry({ size: 3, inode: 7n, device: 2n, ctimeNs: 5n })
/** A name of it that goes moves the change time of the others. */
const shared = { ...file, mtimeNs: 4n, links: 3 }
const folder = entry({ kind: 'directory', inode: 8n, device: 2n, ctimeNs: 5n })

describe('what is there is what was planned', () => {
  it.each<[what: string, planned: Entry, found: Partial<Entry>]>([
    ['the same file', file, {}],
    ['a file of which another name went', shared, { ctimeNs: 6n, links: 2 }],
    // The change of any of these moves the change time, which is looked at.
    [
      'a file of which only what the change time covers differs',
      file,
      { mode: 0, uid: 9, mtimeNs: 1n, links: 2 },
    ],
    [
      'a directory in which something was done',
      folder,
      { ctimeNs: 6n, mtimeNs: 6n, size: 99, links: 7, mode: 0 },
    ],
  ])('%s', (_, planned, found) => {
    expect(isWhatWasPlanned({ ...planned, ...found }, planned)).toBe(true)
    expect(recheckFinds({ ...planned, ...found }, planned)).toBe('none')
  })

  it('nothing, where nothing was', () => {
    expect(recheckFinds(undefined, undefined)).toBe('none')
    expect(asked).toEqual([directory, 'x'])
  })
})

describe('what is there is something else', () => {
  it.each<[what: string, planned: Entry, found: Partial<Entry>]>([
    ['another file', file, { inode: 6n }],
    ['the same number on another device', file, { device: 3n }],
    ['changed since', file, { ctimeNs: 6n }],
    ['changed since, if the clock went back', file, { ctimeNs: 4n }],
    ['of another size', file, { size: 4 }],
    ['written to under another name', shared, { ctimeNs: 6n, mtimeNs: 5n }],
    ['made longer under another name', shared, { ctimeNs: 6n, size: 4 }],
    ['of another kind', file, { kind: 'symlink' }],
    ['a directory no more', folder, { kind: 'file' }],
    ['another directory', folder, { inode: 6n }],
    ['a directory of another device', folder, { device: 3n }],
  ])('%s', (_, planned, found) => {
    expect(isWhatWasPlanned({ ...planned, ...found }, planned)).toBe(false)
    expect(recheckFinds({ ...planned, ...found }, planned)).toBe('replica changed')
  })

  it.each<[what: string, planned: Entry | undefined, found: Entry | undefined, message: string]>([
    ['gone', file, undefined, 'is no longer in the replica'],
    ['a directory that is gone', folder, undefined, 'is no longer in the replica'],
    ['where nothing was', undefined, file, 'appeared in the replica meanwhile'],
    ['a directory where nothing was', undefined, folder, 'appeared in the replica meanwhile'],
    ['changed', file, folder, 'was changed in the replica meanwhile'],
  ])('%s', (_, planned, found, message) => {
    const tree = { stat: () => found } as Partial<Tree> as Tree
    expect(() => recheck(tree, directory, 'x' as Name, planned)).toThrow(message)
    expect(recheckFinds(found, planned)).toBe('replica changed')
  })
})
