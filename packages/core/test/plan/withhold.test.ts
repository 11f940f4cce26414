import { describe, expect, it } from 'vitest'
import type { Withholding } from '../../src/model/change.js'
import { NodeMark } from '../../src/model/node-mark.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import { withholdRemovals } from '../../src/plan/withhold.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  type PairsLiteral,
  repaired,
  replaced,
  same,
} from '../support/pairs.js'

function withheld(
  literal: PairsLiteral,
  { hasHoles = false, deletes = true, movedFrom = [] as readonly string[] } = {},
): Record<string, Withholding> {
  const { pairs, root, paths } = buildPairs(literal)
  const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), deletes))
  const moved = new Set([...order.remove].filter(row => movedFrom.includes(paths([row])[0] ?? '')))
  const found = finish(withholdRemovals(pairs, order, { hasHoles, moved, settings: { delete: deletes } }))
  return Object.fromEntries([...found].map(([row, why]) => [paths([row])[0], why]))
}

const not = { matched: false } as const
const dir = { kind: 'directory' } as const
const { protects, mounted, replicaHole } = NodeMark

describe('nothing is withheld', () => {
  it.each<[what: string, literal: PairsLiteral]>([
    ['of files and links', { a: deleted(), b: deleted({ kind: 'symlink' }) }],
    ['of an empty directory', { d: deleted(dir) }],
    [
      'of a full directory that goes as a whole',
      { d: deleted({ below: { e: deleted({ below: { f: deleted() } }) } }) },
    ],
    ['of what is created', { d: created({ below: { x: created() } }) }],
    [
      'of a full directory that is replaced',
      { d: replaced('file', 'directory', { below: { x: deleted() } }) },
    ],
    [
      'beside a directory that holds protected entries',
      { d: same({ marks: protects, below: { x: deleted() } }) },
    ],
    ['in a directory that could not be listed whole, if it stays', { d: same({ marks: replicaHole }) }],
    ['of attributes in a mounted file system', { d: same({ marks: mounted, below: { x: repaired(dir) } }) }],
  ])('%s', (_, literal) => {
    expect(withheld(literal)).toEqual({})
  })
})

describe('a hole in the source', () => {
  it('withholds every removal, and nothing else', () => {
    const literal = {
      a: deleted(),
      d: deleted({ below: { x: deleted() } }),
      k: replaced('file', 'directory', { below: { x: deleted() } }),
      link: replaced('symlink', 'file'),
      empty: replaced('file', 'directory'),
      n: created(),
      r: repaired(dir),
    }
    const why = 'source not wholly read'
    expect(withheld(literal, { hasHoles: true })).toEqual({ a: why, d: why, 'd/x': why, k: why, 'k/x': why })
  })

  it('is the reason given, whatever other there is', () => {
    expect(withheld({ d: deleted({ marks: protects | mounted }) }, { hasHoles: true })).toEqual({
      d: 'source not wholly read',
    })
  })
})

describe('a directory is kept', () => {
  const outOfScope = 'holds entries out of scope'
  it.each<[what: string, details: Parameters<typeof deleted>[0], why: Withholding]>([
    ['when it holds protected entries', { marks: protects }, 'holds protected entries'],
    ['when another file system is mounted on it', { marks: mounted }, 'mounted file system'],
    ['when it was not listed', { listed: false }, outOfScope],
    ['when it could not be listed', { marks: replicaHole }, outOfScope],
    ['for a file out of scope', { below: { x: deleted(not) } }, outOfScope],
    ['for a directory out of scope', { below: { x: deleted({ ...not, ...dir }) } }, outOfScope],
    [
      'for its protected entries first',
      { marks: protects | mounted, listed: false },
      'holds protected entries',
    ],
    ['for the mount before the listing', { marks: mounted, listed: false }, 'mounted file system'],
  ])('%s', (_, details, why) => {
    expect(withheld({ d: deleted(details) })).toEqual({ d: why })
    expect(withheld({ d: replaced('file', 'directory', details) })).toEqual({ d: why })
    expect(withheld({ d: replaced('symlink', 'directory', details) })).toEqual({ d: why })
  })

  it.each<[what: string, literal: PairsLiteral, expected: Record<string, Withholding>]>([
    [
      'with all above it, but not what lies beside',
      {
        a: deleted({
          below: {
            b: deleted({ below: { c: deleted({ marks: protects, below: { x: deleted() } }), y: deleted() } }),
            e: deleted({ below: { z: deleted() } }),
          },
        }),
        f: deleted(dir),
      },
      {
        'a/b/c': 'holds protected entries',
        'a/b': 'holds protected entries',
        a: 'holds protected entries',
      },
    ],
    [
      'above an entry out of scope, at any depth',
      { a: deleted({ below: { b: deleted({ below: { c: deleted({ below: { x: deleted(not) } }) } }) } }) },
      { 'a/b/c': outOfScope, 'a/b': outOfScope, a: outOfScope },
    ],
    [
      'above a directory out of scope, though that one is emptied',
      { a: deleted({ below: { b: deleted({ ...not, below: { x: deleted() } }) } }) },
      { a: outOfScope },
    ],
    [
      'when a file takes its place and one below it is kept',
      { a: replaced('file', 'directory', { below: { b: deleted({ marks: protects }), x: deleted() } }) },
      { 'a/b': 'holds protected entries', a: 'holds protected entries' },
    ],
    [
      'for any other reason before protected entries, with which it could be renamed',
      { a: deleted({ below: { b: deleted({ marks: mounted }), c: deleted({ marks: protects }) } }) },
      { 'a/b': 'mounted file system', 'a/c': 'holds protected entries', a: 'mounted file system' },
    ],
    [
      'for the reason of the first that is kept in it',
      {
        a: deleted({ below: { x: deleted({ marks: protects }), y: deleted({ marks: mounted }) } }),
      },
      { 'a/x': 'holds protected entries', 'a/y': 'mounted file system', a: 'mounted file system' },
    ],
  ])('%s', (_, literal, expected) => {
    expect(withheld(literal)).toEqual(expected)
  })
})

describe('a mounted file system', () => {
  const why = 'mounted file system'
  it.each<[what: string, literal: PairsLiteral, expected: Record<string, Withholding>]>([
    [
      'keeps all that is in it, in a directory both sides have',
      {
        m: same({ marks: mounted, below: { x: deleted(), d: deleted({ below: { y: deleted() } }) } }),
        z: deleted(),
      },
      { 'm/x': why, 'm/d': why, 'm/d/y': why },
    ],
    [
      'is kept with the directories above it',
      { a: deleted({ below: { m: deleted({ marks: mounted, listed: false }), x: deleted() } }) },
      { 'a/m': why, a: why },
    ],
    [
      'in another one is no different',
      { m: same({ marks: mounted, below: { n: same({ marks: mounted, below: { x: deleted() } }) } }) },
      { 'm/n/x': why },
    ],
    [
      'in another one, below a directory to be deleted',
      {
        a: deleted({
          below: { m: deleted({ marks: mounted, below: { n: deleted({ marks: mounted }), x: deleted() } }) },
        }),
      },
      { 'a/m/n': why, 'a/m/x': why, 'a/m': why, a: why },
    ],
    [
      'keeps a full directory that would be replaced in it',
      {
        m: same({ marks: mounted, below: { k: replaced('file', 'directory', { below: { x: deleted() } }) } }),
      },
      { 'm/k': why, 'm/k/x': why },
    ],
  ])('%s', (_, literal, expected) => {
    expect(withheld(literal)).toEqual(expected)
  })

  it('that is the whole replica is nothing special', () => {
    const { pairs, root, paths } = buildPairs({ x: deleted(), d: deleted({ below: { y: deleted() } }) })
    root.marks |= mounted
    const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
    const found = finish(
      withholdRemovals(pairs, order, { hasHoles: false, moved: new Set(), settings: { delete: true } }),
    )
    expect(paths(found.keys())).toEqual([])
  })
})

describe('what may have moved in the source', () => {
  const why = 'moved in the source'
  const literal = {
    a: deleted(),
    d: deleted({ below: { e: deleted({ below: { f: deleted() } }), g: deleted() } }),
    k: replaced('file', 'directory', { below: { x: deleted() } }),
  }

  it.each<[what: string, movedFrom: readonly string[], expected: Record<string, Withholding>]>([
    ['stays alone where it is a file', ['a'], { a: why }],
    ['stays with all it holds, and keeps those above', ['d/e'], { 'd/e/f': why, 'd/e': why, d: why }],
    ['stays with the directory it is in', ['d/e/f'], { 'd/e/f': why, 'd/e': why, d: why }],
    ['is not replaced', ['k'], { 'k/x': why, k: why }],
  ])('%s', (_, movedFrom, expected) => {
    expect(withheld(literal, { movedFrom })).toEqual(expected)
  })

  it('does not hide that the source could not be read', () => {
    const found = withheld({ a: deleted() }, { movedFrom: ['a'], hasHoles: true })
    expect(found).toEqual({ a: 'source not wholly read' })
  })
})

describe('deletions that are switched off', () => {
  it.each<[what: string, literal: PairsLiteral, expected: Record<string, Withholding>]>([
    ['leave nothing to withhold', { a: deleted(), d: deleted({ below: { x: deleted() } }) }, {}],
    [
      'refuse to replace a directory that holds something',
      { k: replaced('file', 'directory', { below: { x: deleted() } }) },
      { k: 'deletions are switched off' },
    ],
    ['do not refuse to replace an empty directory', { k: replaced('file', 'directory') }, {}],
    [
      'do not refuse to replace a file',
      { k: replaced('directory', 'file', { below: { x: created() } }) },
      {},
    ],
    [
      'come after what must not be touched anyway',
      { k: replaced('file', 'directory', { marks: protects, below: { x: deleted() } }) },
      { k: 'holds protected entries' },
    ],
  ])('%s', (_, literal, expected) => {
    expect(withheld(literal, { deletes: false })).toEqual(expected)
  })
})
