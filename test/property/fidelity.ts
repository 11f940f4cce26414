/**
 * All that a tree can have, in source and replica: after one run an independent comparer finds them equal, to the
 * nanosecond and with every name of every file, and a second run plans nothing.
 */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { withHardLinks } from '../support/arbitrary-links.js'
import {
  type ArbitraryTreeOptions,
  arbitraryName,
  shownAsLiteral,
  treeLiteral,
} from '../support/arbitrary-tree.js'
import { type CompareOptions, expectEqualTrees } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { hasAttributes } from '../support/extended-attributes.js'
import { fewNames, withFewNames } from '../support/few-names.js'
import { landed } from '../support/landed.js'
import { type Folders, mirror, type Setting, shownChange } from '../support/mirror.js'
import { removeTree } from '../support/remove-tree.js'
import { type LiteralNode, rootOf, stepsOf } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

export type Reach = { readonly trees: ArbitraryTreeOptions; readonly compared: CompareOptions }

/** What a way of holding directories can keep, and what is therefore made and compared. */
export function reachOf({ held }: Setting, longestAttribute = 65_536): Reach {
  const native = held === 'libc'
  const attributes = native && landed.attributes && hasAttributes && isRoot
  return {
    trees: {
      maxDepth: 3,
      before1970: true,
      owners: isRoot,
      fifos: native,
      specials: native,
      nanoseconds: native,
      holes: native,
      longestAttribute: attributes ? longestAttribute : 0,
    },
    compared: { precisionNs: native ? 1n : 1000n, hardLinks: landed.hardLinks, attributes },
  }
}

/** Trees of any names, or of the same few, so that each kind meets each other. */
export function treesFor(
  { trees }: Reach,
  few: boolean,
  names: readonly string[] = fewNames,
): fc.Arbitrary<LiteralNode> {
  const any = treeLiteral({ ...trees, ...(few ? { maxChildren: names.length } : {}) }).map(rootOf)
  const named = few ? any.map(tree => withFewNames(tree, names)) : any
  const name = few ? fc.constantFrom(...names, 'link') : arbitraryName
  return (landed.hardLinks ? withHardLinks(named, name) : named).map(shownAsLiteral)
}

const allowed = { allowEmptySource: true }

export async function expectMirrored(where: Folders, setting: Setting, { compared }: Reach): Promise<void> {
  const { report, problems } = await mirror(where, setting, allowed)
  expect(problems).toEqual([])
  expect(report.exitCode).toBe(0)
  expectEqualTrees(where.source, where.replica, compared)
  await expectNothingPlanned(where, setting)
}

export async function expectNothingPlanned(where: Folders, setting: Setting): Promise<void> {
  const { changes } = await mirror(where, setting, allowed)
  expect(changes.map(shownChange)).toEqual([])
}

export type Places = { readonly source: string; readonly replica: string }

/** Any two trees, each pair in folders of its own below two places; `expectation` is what must hold of them. */
export async function checkPairs(
  tree: fc.Arbitrary<LiteralNode>,
  places: Places,
  how: { readonly seed: number; readonly numRuns: number; readonly seconds?: number },
  expectation: (where: Folders) => Promise<void>,
): Promise<void> {
  let run = 0
  const property = fc.asyncProperty(tree, tree, async (source, replica) => {
    fc.pre(!areTakenForEqual(source, replica))
    const name = String(run++)
    const path = join(places.replica, name)
    const where = { path, source: join(places.source, name, 'source'), replica: join(path, 'replica') }
    writeTree(where.source, source)
    writeTree(where.replica, replica)
    await expectation(where)
    for (const place of new Set([join(places.source, name), path])) removeTree(place)
  })
  const { seed, numRuns, seconds = 20 } = how
  const limits = { interruptAfterTimeLimit: 1000 * seconds, markInterruptAsFailure: false }
  await fc.assert(property, { seed, numRuns, ...limits })
}

/** What comparing by metadata cannot see: other content of the same size and time, anywhere in the two trees. */
function areTakenForEqual(source: LiteralNode, replica: LiteralNode): boolean {
  const contents = new Map(filesIn(source))
  return filesIn(replica).some(([looks, content]) => (contents.get(looks) ?? content) !== content)
}

function filesIn(tree: LiteralNode): readonly (readonly [looks: string, content: string])[] {
  return [...stepsOf(tree)].flatMap(({ node: { is, common } }) =>
    is.kind === 'file'
      ? [[`${is.content.length} ${common.mtime / 1_000_000_000n}`, is.content.toString('latin1')] as const]
      : [],
  )
}
