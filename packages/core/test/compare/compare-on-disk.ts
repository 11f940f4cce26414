/** Compares a directory of two trees on disk, and says what came of it so that it can be read. */
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CompareContext } from '../../src/compare/directory-comparison.js'
import { compareDirectory, compareNames } from '../../src/compare/compare-directory.js'
import { loadHash } from '../../src/hash/hasher.js'
import { actions, reasonsOf } from '../../src/model/change.js'
import { cellsPerEntry, EntryReader } from '../../src/model/entry-cells.js'
import type { CompareSettings } from '../../src/model/compare-settings.js'
import {
  type ComparedDirectory,
  SideBit,
  verdictAction,
  verdictAsks,
  verdictReasons,
} from '../../src/model/jobs.js'
import type { HeldWay } from '../../src/model/report.js'
import { ownerRights } from '../../src/tree/attributes.js'
import { preserveAll } from '../../src/model/preserve.js'
import { fullAbilities } from '../../src/tree/abilities.js'
import { type Capabilities, capabilitiesOf } from '../../src/tree/capabilities.js'
import { HeldDirectories } from '../../src/tree/held-directories.js'
import type { Tree } from '../../src/tree/tree.js'
import type { TreeLiteral } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { finish } from '../support/pairs.js'
import { Descriptors, openTree } from '../support/trees.js'

export interface Around extends Partial<CompareSettings> {
  readonly way?: HeldWay
  readonly path?: string
  readonly sides?: 'both' | 'source' | 'replica'
  readonly isExcluded?: CompareContext['isExcluded']
  readonly can?: Partial<Capabilities>
  readonly wrapSource?: (tree: Tree) => Tree
  readonly wrapReplica?: (tree: Tree) => Tree
  /** `device:inode` of the roots. */
  readonly identities?: { readonly source?: string; readonly replica?: string }
  readonly hashWith?: string | undefined
  /** Leaves names of a long directory to others; called before the first of those begins. */
  readonly beforeOthers?: () => void
}

export interface Told extends Pick<ComparedDirectory, 'unchanged' | 'marks' | 'problems' | 'residuals'> {
  /** By name: the action, the reasons, and which sides the row has; `?` when somebody must be asked. */
  readonly rows: Readonly<Record<string, string>>
  /** How many names each job was to look at; undefined where one did all. */
  readonly shares?: readonly number[]
}

/** The trees are written below `folder`, as `s` and `r`. */
export async function compareOnDisk(
  folder: string,
  source: TreeLiteral,
  replica: TreeLiteral,
  around: Around = {},
): Promise<Told> {
  const { way, path = '', sides = 'both', isExcluded, hashWith } = around
  writeTree(join(folder, 's'), source)
  writeTree(join(folder, 'r'), replica)
  using s = openTree(join(folder, 's'), way, 'source')
  using r = openTree(join(folder, 'r'), way)
  const descriptors = new Descriptors()
  const side = (plain: Tree, wrap: (tree: Tree) => Tree = tree => tree): CompareContext['source'] => {
    const tree = wrap(descriptors.watch(plain))
    return { tree, held: new HeldDirectories(tree) }
  }
  const context: CompareContext = {
    source: side(s.tree, around.wrapSource),
    replica: side(r.tree, around.wrapReplica),
    can: { ...capabilitiesOf(s.tree.way, ownerRights(), preserveAll, fullAbilities), ...around.can },
    settings: {
      content: around.content ?? 'metadata',
      hash: undefined,
      wantAll: around.wantAll ?? false,
      deleteExcluded: around.deleteExcluded ?? false,
      oneFileSystem: false,
      links: 'preserve',
      limits: undefined,
      copiesTell: false,
    },
    roots: {
      sourceDevice: s.opened.entry.device,
      replicaDevice: r.opened.entry.device,
      sourceIdentity: around.identities?.source ?? '',
      replicaIdentity: around.identities?.replica ?? '',
      ownFiles: [],
      livingStagings: [],
      replicaMounts: [],
    },
    isExcluded,
    ignore: undefined,
    sharesNames: around.beforeOthers !== undefined,
    hash: hashWith === undefined ? undefined : await loadHash(hashWith),
  }
  const request = { path, inSource: sides !== 'replica', inReplica: sides !== 'source' }
  const compared = finish(compareDirectory(context, request))
  around.beforeOthers?.()
  const others = compared.more.map(slice => {
    // Another thread holds other directories.
    context.source.held.close()
    context.replica?.held.close()
    return finish(compareNames(context, slice))
  })
  context.source.held.close()
  context.replica?.held.close()
  expect(descriptors).toMatchObject({ open: 0, twice: 0 })
  const all = [compared, ...others]
  return {
    rows: Object.fromEntries(all.flatMap(each => Object.entries(rowsOf(each)))),
    unchanged: all.reduce((sum, { unchanged }) => sum + unchanged, 0),
    marks: all.reduce((bits, { marks }) => bits | marks, 0),
    problems: all.flatMap(({ problems }) => problems),
    residuals: all.flatMap(({ residuals }) => residuals),
    ...(others.length === 0 ? {} : { shares: compared.more.map(({ sides }) => sides.length) }),
  }
}

function rowsOf({ names, verdicts, sides, cells }: ComparedDirectory): Record<string, string> {
  const rows: [name: string, row: string][] = []
  const reader = new EntryReader(cells)
  let at = 0
  for (const [index, name] of (sides.length === 0 ? [] : names.split('/')).entries()) {
    const verdict = verdicts[index] ?? 0
    const action = actions[verdictAction(verdict)] ?? 'none'
    let which = ''
    for (const [side, letter] of [
      [SideBit.source, 's'],
      [SideBit.replica, 'r'],
    ] as const) {
      if (((sides[index] ?? 0) & side) === 0) continue
      reader.read(at)
      at += cellsPerEntry
      which += letter
    }
    const reasons = reasonsOf(verdictReasons(verdict)).join()
    rows.push([name, `${action} [${reasons}] ${which}${verdictAsks(verdict) ? '?' : ''}`])
  }
  expect(at).toBe(cells.length)
  return Object.fromEntries(rows)
}
