/**
 * All that a tree can have, in source and replica: after one run an independent comparer finds them equal, to the
 * nanosecond and with every name of every file, and a second run plans nothing. Then again and again, with edits on both sides.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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
import { type Folders, mirror, type Setting, settings, shownChange, useFolders } from '../support/mirror.js'
import { randomEdits } from '../support/random-edits.js'
import { removeTree } from '../support/remove-tree.js'
import { type LiteralNode, rootOf } from '../support/tree-literal.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const seed = Number(process.env['FACSIMILE_TEST_SEED'] ?? randomInt(2 ** 31))
const allowed = { allowEmptySource: true }

type Reach = { readonly trees: ArbitraryTreeOptions; readonly compared: CompareOptions }

/** What a way of holding directories can keep, and what is therefore made and compared. */
function reachOf({ held }: Setting): Reach {
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
      longestAttribute: attributes ? 65_536 : 0,
    },
    compared: { precisionNs: native ? 1n : 1000n, hardLinks: landed.hardLinks, attributes },
  }
}

function treesFor(trees: ArbitraryTreeOptions, few: boolean): fc.Arbitrary<LiteralNode> {
  const any = treeLiteral({ ...trees, ...(few ? { maxChildren: fewNames.length } : {}) }).map(rootOf)
  const named = few ? any.map(withFewNames) : any
  const name = few ? fc.constantFrom(...fewNames, 'link') : arbitraryName
  return (landed.hardLinks ? withHardLinks(named, name) : named).map(shownAsLiteral)
}

async function expectMirrored(where: Folders, setting: Setting): Promise<void> {
  const { compared } = reachOf(setting)
  const { report, problems } = await mirror(where, setting, allowed)
  expect(problems).toEqual([])
  expect(report.exitCode).toBe(0)
  expectEqualTrees(where.source, where.replica, compared)
  const second = await mirror(where, setting, allowed)
  expect(second.changes.map(shownChange)).toEqual([])
}

function numbered(run: number): Folders {
  const path = join(folders.path, String(run))
  return { path, source: join(path, 'source'), replica: join(path, 'replica') }
}

describe.each(settings)(`all that a tree can have ($held, $concurrency; seed ${seed})`, setting => {
  const { trees, compared } = reachOf(setting)

  it.each([
    ['any names', false],
    ['few names', true],
  ] as const)('is equal after one run, and the second plans nothing: %s', async (_, few) => {
    const tree = treesFor(trees, few)
    let run = 0
    await fc.assert(
      fc.asyncProperty(tree, tree, async (source, replica) => {
        const where = numbered(run++)
        writeTree(where.source, source)
        writeTree(where.replica, replica)
        await expectMirrored(where, setting)
        removeTree(where.path)
      }),
      {
        seed,
        numRuns: setting.concurrency === 1 ? 25 : 6,
        interruptAfterTimeLimit: 20_000,
        markInterruptAsFailure: false,
      },
    )
  })

  it('is edited on both sides, again and again', async () => {
    const { hardLinks = false, attributes = false } = compared
    const fifos = trees.fifos === true
    const [literal] = fc.sample(treesFor(trees, false), { seed, numRuns: 1 })
    writeTree(folders.source, literal ?? {})
    await expectMirrored(folders, setting)
    for (let round = 0; round < (setting.concurrency === 1 ? 6 : 2); round += 1) {
      const options = { count: 60, fifos, hardLinks, attributes }
      const edits = [
        ...randomEdits(folders.source, { ...options, seed: seed + round }),
        ...randomEdits(folders.replica, { ...options, seed: seed - round - 1 }),
      ]
      try {
        await expectMirrored(folders, setting)
      } catch (error) {
        throw new Error(`seed ${seed}, round ${round}, after\n${edits.join('\n')}`, { cause: error })
      }
    }
  })
})
