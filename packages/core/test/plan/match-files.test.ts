import { describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/model/entry.js'
import { type AlikeFiles, matchByContent, matchFiles, type MatchRules } from '../../src/plan/match-files.js'
import { orderRows } from '../../src/plan/order.js'
import { markScope } from '../../src/plan/scope.js'
import {
  buildPairs,
  created,
  deleted,
  finish,
  type PairLiteral,
  type PairsLiteral,
} from '../support/pairs.js'

const time = 1_600_000_000_123_456_789n

const rules: MatchRules = { timeStepNs: 1n, links: true, fits: () => true }

function arriving(some: Partial<Entry> = {}): PairLiteral {
  return { ...created(), source: { kind: 'file', size: 5, mtimeNs: time, ...some } }
}

function leaving(some: Partial<Entry> = {}): PairLiteral {
  return { ...deleted(), replica: { kind: 'file', size: 5, mtimeNs: time, ...some } }
}

/** `d`, which goes with the `a` in it. */
function from(some: Partial<Entry> = {}): PairLiteral {
  return deleted({ below: { a: leaving(some) } })
}

function overwritten(source: Partial<Entry>, replica: Partial<Entry>): PairLiteral {
  const base = { kind: 'file', size: 5, mtimeNs: time } as const
  return {
    action: 'update',
    reasons: ['content'],
    source: { ...base, ...source },
    replica: { ...base, ...replica },
  }
}

/** `old, old -> new, new` */
function matched(
  literal: PairsLiteral,
  some: Partial<MatchRules> = {},
  withheld: readonly string[] = [],
): readonly string[] {
  const { pairs, root, row, paths } = buildPairs(literal)
  const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
  const kept = new Set(withheld.map(row))
  const groups = finish(matchFiles(pairs, order, kept, { ...rules, ...some }))
  return groups.map(group => `${paths(group.leaving).join()} -> ${paths(group.arriving).join()}`)
}

describe('a file that is to be written may be one that is to go', () => {
  it.each<[what: string, literal: PairsLiteral, some?: Partial<MatchRules>]>([
    ['name, size and time are equal', { d: from(), a: arriving() }],
    [
      'times are, as far as they are kept',
      { d: from({ mtimeNs: time - 3n }), a: arriving() },
      { timeStepNs: 1000n },
    ],
    ['it takes the place of another file', { d: from(), a: overwritten({}, { size: 9 }) }],
  ])('where %s', (_, literal, some) => {
    expect(matched(literal, some)).toEqual(['d/a -> a'])
  })

  it.each<[what: string, literal: PairsLiteral]>([
    ['of another size', { a: leaving({ size: 6 }), b: arriving() }],
    ['of another time', { a: leaving({ mtimeNs: time + 1n }), b: arriving() }],
    ['of another kind', { a: leaving({ kind: 'symlink' }), b: arriving() }],
    ['empty', { a: leaving({ size: 0 }), b: arriving({ size: 0 }) }],
    ['of several names in the source', { a: leaving(), b: arriving({ links: 2 }) }],
    ['of several names in the replica', { a: leaving({ links: 2 }), b: arriving() }],
    ['the very same', { a: overwritten({}, {}) }],
  ])('not %s', (_, literal) => {
    expect(matched(literal)).toEqual([])
  })

  it('not where it stays', () => {
    expect(matched({ a: leaving(), b: arriving() }, {}, ['a'])).toEqual([])
  })

  it('also where something else comes to the old name, if it can have both for a while', () => {
    const literal = { a: overwritten({ size: 9 }, {}), d: created({ below: { a: arriving() } }) }
    expect(matched(literal)).toEqual(['a -> d/a'])
    expect(matched(literal, { links: false })).toEqual([])
  })

  it('and several that are alike are one question', () => {
    const literal = { a: leaving(), b: leaving(), x: arriving(), y: arriving(), z: arriving({ size: 6 }) }
    expect(matched(literal)).toEqual(['a,b -> x,y'])
  })
})

describe('content settles it', () => {
  const { pairs, row, paths } = buildPairs({
    d: { ...deleted({ below: { x: leaving(), y: leaving() } }) },
    e: { ...created({ below: { x: arriving(), y: arriving() } }) },
    z: arriving(),
  })
  const group: AlikeFiles = {
    arriving: ['e/x', 'e/y', 'z'].map(row),
    leaving: ['d/x', 'd/y'].map(row),
  }

  function settled(digests: Readonly<Record<string, string>>, fits = rules.fits): readonly string[] {
    const of = (rows: readonly number[]): ReadonlyMap<number, string> =>
      new Map(
        rows.flatMap(each => {
          const digest = digests[paths([each])[0] ?? '']
          return digest === undefined ? [] : [[each, digest]]
        }),
      )
    const both = { source: of(group.arriving), replica: of(group.leaving) }
    const matches = matchByContent(pairs, group, both, { fits })
    return [...matches].map(([to, from]) => paths([from, to]).join(' -> ')).sort()
  }

  it('each goes where the same is, and only once', () => {
    const digests = { 'd/x': '1', 'd/y': '2', 'e/x': '2', 'e/y': '1', z: '1' }
    expect(settled(digests)).toEqual(['d/x -> e/y', 'd/y -> e/x'])
  })

  it('of several that are the same, the one of the same name comes first', () => {
    const digests = { 'd/x': '1', 'd/y': '1', 'e/x': '1', 'e/y': '1', z: '1' }
    expect(settled(digests)).toEqual(['d/x -> e/x', 'd/y -> e/y'])
  })

  it('not what could not be read, or would have to be made anew', () => {
    expect(settled({ 'd/x': '1', 'd/y': '1' })).toEqual([])
    expect(settled({ 'd/x': '1', 'e/x': '1' }, () => false)).toEqual([])
  })

  it('what is overwritten has two contents', () => {
    const both = buildPairs({ a: overwritten({}, {}), b: arriving() })
    const [a, b] = [both.row('a'), both.row('b')]
    const digests = {
      source: new Map([
        [a, 'new'],
        [b, 'new'],
      ]),
      replica: new Map([[a, 'old']]),
    }
    const alike = { arriving: [a, b], leaving: [a] }
    expect(matchByContent(both.pairs, alike, digests, rules).size).toBe(0)
    digests.source.set(b, 'old')
    expect([...matchByContent(both.pairs, alike, digests, rules)]).toEqual([[b, a]])
  })
})

describe('of very many that are alike', () => {
  const many = 2000
  const names = Array.from({ length: many }, (_, index) => `n${index}`)

  it('each is looked at a few times', () => {
    const { pairs, root } = buildPairs({
      a: deleted({ below: Object.fromEntries(names.map(name => [name, leaving()])) }),
      b: created({ below: Object.fromEntries(names.map(name => [name, arriving()])) }),
    })
    const order = finish(orderRows(pairs, root, finish(markScope(pairs, root)), true))
    const looks = vi.spyOn(pairs, 'replica')
    const groups = finish(matchFiles(pairs, order, new Set(), rules))
    expect(groups.map(group => [group.leaving.length, group.arriving.length])).toEqual([[many, many]])
    expect(looks.mock.calls.length).toBeLessThan(10 * many)
  })

  it('each is asked for its content a few times', () => {
    const { pairs } = buildPairs(Object.fromEntries(names.map(name => [name, overwritten({}, {})])))
    const rows = names.map((_, index) => index + 1)
    // The last of the one are the first of the other, and none of them keeps its name.
    const group: AlikeFiles = { arriving: rows, leaving: rows }
    let asked = 0
    const same = new Map(rows.map(row => [row, 'same']))
    same.get = () => {
      asked += 1
      return 'same'
    }
    const matches = matchByContent(pairs, group, { source: same, replica: same }, rules)
    expect(matches.size).toBe(many)
    expect(asked).toBeLessThan(10 * many)
  })
})
