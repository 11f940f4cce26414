import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Fault, swapForLink } from '../../../../test/support/faulty.js'
import { fifo, symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import { removeTree } from '../../src/apply/remove-tree.js'
import type { Tree } from '../../src/tree/tree.js'
import { failureOf, holds, useGround } from './ground.js'

const place = useGround()
const outside = { 'd/precious': 'p', d: '/' }

function treeOf(top: TreeLiteral, faults: readonly Omit<Fault, 'side'>[] = []): Tree {
  return place.open({
    source: { d: { precious: 'p' } },
    replica: { top, beside: 'b' },
    faults: faults.map(fault => ({ side: 'replica', ...fault })),
  }).context.replica.tree
}

function chain(depth: number): TreeLiteral {
  let literal: TreeLiteral = { last: '' }
  for (let level = 0; level < depth; level++) literal = { d: literal, [`f${level}`]: '' }
  return literal
}

describe('removeTree', () => {
  it.each<[what: string, literal: TreeLiteral]>([
    ['nothing', {}],
    [
      'every kind',
      { f: 'f', pipe: fifo(), dangling: symlink('x'), out: symlink('../../source/d'), up: symlink('..') },
    ],
    ['directories beside one another', { a: { x: '', y: {} }, b: { a: { x: '' } }, c: {} }],
    ['hostile names', { 'new\nline': { '\udcff': { ' ': '' } }, '-rf': {}, '...': {} }],
    ['more directories than are held at once', chain(60)],
  ])('removes a directory that holds %s', (_, literal) => {
    removeTree(treeOf(literal), 'top')
    expect(holds(place.replica)).toEqual({ beside: 'b' })
    expect(holds(place.source)).toEqual(outside)
  })

  it('removes a directory below others, and leaves those', () => {
    removeTree(treeOf({ a: { b: { c: 'c' }, x: 'x' } }), 'top/a/b')
    expect(holds(place.replica)).toEqual({ beside: 'b', top: '/', 'top/a': '/', 'top/a/x': 'x' })
  })

  it.each<[what: string, path: string, failure: RegExp]>([
    ['a file', 'beside', /^ENOTDIR$/],
    ['nothing', 'nowhere', /^ENOENT$/],
    ['a link to a directory', 'top/out', /^E(?:LOOP|NOTDIR)$/],
  ])('refuses %s', (_, path, failure) => {
    const tree = treeOf({ out: symlink('../../source/d') })
    expect(failureOf(() => removeTree(tree, path))).toMatch(failure)
    expect(holds(place.replica)).toEqual({ beside: 'b', top: '/', 'top/out': '-> ../../source/d' })
    expect(holds(place.source)).toEqual(outside)
  })

  it.each(['stat', 'openDirectory'] as const)(
    'follows no link that takes the place of a directory at %s',
    call => {
      const path = (): string => join(place.replica, 'top', 'd')
      const race = swapForLink(path(), join(place.source, 'd'))
      const tree = treeOf({ d: { x: '' } }, [{ call, path: 'top/d', times: 1, race, after: call === 'stat' }])
      expect(failureOf(() => removeTree(tree, 'top'))).toMatch(/^E(?:LOOP|NOTDIR)$/)
      expect(holds(place.source)).toEqual(outside)
      expect(readdirSync(`${path()}.was`)).toEqual(['x'])
    },
  )

  it('leaves a directory in which something appears', () => {
    const content = 'came late'
    const race = [{ do: 'write', path: join(place.replica, 'top', 'd', 'late'), content }] as const
    const tree = treeOf({ d: { x: '' } }, [{ call: 'removeDirectory', path: 'top/d', race }])
    expect(failureOf(() => removeTree(tree, 'top'))).toBe('ENOTEMPTY')
    expect(readFileSync(join(place.replica, 'top', 'd', 'late'), 'utf8')).toBe(content)
  })

  it.each<[call: Fault['call'], path: string]>([
    ['list', 'top/d'],
    ['stat', 'top/d/x'],
    ['unlink', 'top/d/x'],
    ['openDirectory', 'top/d'],
  ])('that fails at %s of %s leaves nothing open', (call, path) => {
    const tree = treeOf({ d: { x: '' } }, [{ call, path, errno: 'EIO' }])
    expect(failureOf(() => removeTree(tree, 'top'))).toBe('EIO')
    expect(holds(place.replica)['top/d/x']).toBe('')
  })
})
