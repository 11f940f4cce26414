import { describe, expect, it } from 'vitest'
import { markScope } from '../../src/plan/scope.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  onlyInSource,
  type PairsLiteral,
  repaired,
  replaced,
  same,
} from '../support/pairs.js'

function scopeOf(literal: PairsLiteral) {
  const { pairs, root, paths } = buildPairs(literal)
  const scope = finish(markScope(pairs, root))
  const inScope = paths(Array.from({ length: pairs.length }, (_, row) => row).filter(row => scope.has(row)))
  const { sourceEntries, replicaEntries, unchanged } = scope
  return { inScope, sourceEntries, replicaEntries, unchanged }
}

const not = { matched: false } as const
const dir = { kind: 'directory' } as const

describe('in scope', () => {
  it.each<[what: string, literal: PairsLiteral, inScope: readonly string[]]>([
    ['is the root, always', {}, ['']],
    ['is what is matched', { a: created(), b: created(not) }, ['', 'a']],
    [
      'is a directory above something matched in the source',
      { a: created({ ...not, below: { b: created({ ...not, below: { c: created() } }) } }) },
      ['', 'a', 'a/b', 'a/b/c'],
    ],
    [
      'is none of its other content',
      { a: same({ ...not, below: { in: created(), out: created(not), old: deleted(not) } }) },
      ['', 'a', 'a/in'],
    ],
    [
      'is no directory above something matched in the replica only',
      { a: deleted({ ...not, below: { b: deleted() } }), c: same({ ...not, below: { d: deleted() } }) },
      ['', 'a/b', 'c/d'],
    ],
    [
      'is a matched directory without what lies in it',
      { a: created({ below: { b: created(not) } }) },
      ['', 'a'],
    ],
    [
      'is a directory that takes the place of a file, for something below it',
      { a: replaced('directory', 'file', { ...not, below: { b: created() } }) },
      ['', 'a', 'a/b'],
    ],
    [
      'is no file that takes the place of a directory, for something below that',
      { a: replaced('file', 'directory', { ...not, below: { b: deleted() } }) },
      ['', 'a/b'],
    ],
  ])('%s', (_, literal, inScope) => {
    expect(scopeOf(literal).inScope).toEqual(inScope)
  })
})

describe('counts', () => {
  it.each<[what: string, literal: PairsLiteral, source: number, replica: number, unchanged: number]>([
    ['nothing', {}, 0, 0, 0],
    ['one side each', { a: created(), b: deleted() }, 1, 1, 0],
    ['both sides', { a: repaired(), b: replaced('file', 'symlink') }, 2, 2, 0],
    ['equal ones', { a: same(), d: same({ below: { b: same(dir) } }) }, 3, 3, 3],
    ['what is not created', { a: onlyInSource({ kind: 'fifo' }) }, 0, 0, 0],
    ['what stands for it', { a: onlyInSource({ kind: 'directory' }) }, 1, 0, 0],
    ['nothing out of scope', { a: created(not), b: deleted(not), c: same(not) }, 0, 0, 0],
    ['directories above', { a: same({ ...not, below: { b: created() } }) }, 2, 1, 1],
    ['a whole removed directory', { a: deleted({ below: { b: deleted(), c: deleted(dir) } }) }, 0, 3, 0],
  ])('%s', (_, literal, sourceEntries, replicaEntries, unchanged) => {
    const { inScope, ...counts } = scopeOf(literal)
    expect(counts).toEqual({ sourceEntries, replicaEntries, unchanged })
    expect(inScope[0]).toBe('')
  })

  it('no row that was dropped', () => {
    const { pairs, root } = buildPairs({ a: created(), b: created() })
    pairs.dropLast(2)
    expect(finish(markScope(pairs, root)).sourceEntries).toBe(1)
  })
})
