import { expect, it } from 'vitest'
import type { HeldSide, Listed } from '../../src/compare/list-sides.js'
import { matchNames, type NameFolding } from '../../src/compare/match-names.js'
import { proveAbsence } from '../../src/compare/prove-absence.js'
import type { Name } from '../../src/model/path.js'
import { finish } from '../support/pairs.js'

const exact: NameFolding = { foldsCase: false, foldsForms: false }

function named(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `n${index}`)
}

/** What is proven to be missing from listings, or why nothing is. */
function missing(
  listings: readonly (readonly string[])[],
  replica: readonly string[],
  folding: NameFolding = exact,
): { readonly gone: readonly string[]; readonly listed: number } | string {
  let nth = 0
  const list = (): readonly string[] => listings[nth++] ?? []
  const side = { tree: { listInParts: () => [list()] } } as unknown as HeldSide
  const listed = { directory: {}, names: list(), marks: 0 } as unknown as Listed
  const found = finish(
    proveAbsence(side, 'd', listed, names =>
      matchNames(names, replica as readonly Name[], folding, () => true),
    ),
  )
  return 'message' in found ? found.message : { gone: found.onlyReplica, listed: nth }
}

it('one listing is enough where nothing is missing, two where they are alike', () => {
  expect(missing([['a', 'b']], ['a'])).toEqual({ gone: [], listed: 1 })
  expect(missing([['a'], ['a']], ['a', 'x'])).toEqual({ gone: ['x'], listed: 2 })
  expect(missing([['a'], ['a', 'new']], ['a', 'x'])).toEqual({ gone: ['x'], listed: 2 })
})

it('D02: what any of three listings showed is there', () => {
  const replica = ['a', 'b', 'c', 'x']
  expect(missing([['a', 'b'], ['a', 'c'], ['a']], replica)).toEqual({ gone: ['x'], listed: 3 })
  expect(missing([['a', 'b'], ['c'], ['x']], replica)).toEqual({ gone: [], listed: 3 })
})

it('D02: names that the replica’s file system takes for one are one in later listings, too', () => {
  const folding = { foldsCase: true, foldsForms: false }
  expect(missing([['a'], ['a', 'X'], ['a']], ['a', 'x'], folding)).toEqual({ gone: [], listed: 3 })
})

const cut = expect.stringMatching(
  /^"d" was listed twice, and only the second time with "n\d+"; nothing will be deleted$/,
) as string
it.each([
  ['all of one', 0, 1, cut],
  ['one of two', 1, 2, { gone: ['x'], listed: 3 }],
  ['two of three', 1, 3, cut],
  ['three of six', 3, 6, { gone: ['x'], listed: 3 }],
  ['four of eight', 4, 8, cut],
  ['13 of 1013', 1000, 1013, { gone: ['x'], listed: 3 }],
  ['14 of 1014', 1000, 1014, cut],
] as const)('D02: a first listing without %s', (_, first, all, told) => {
  const names = named(all)
  expect(missing([names.slice(0, first), names, names], [...names, 'x'])).toEqual(told)
})
