/** A walk over two trees that exist as literals only: a file is null, a directory an object. */
import { actions, reasonBit } from '../../src/model/change.js'
import { EntryCells } from '../../src/model/entry-cells.js'
import { type ComparedDirectory, type CompareRequest, packVerdict, SideBit } from '../../src/model/jobs.js'
import { NodeMark } from '../../src/model/node-mark.js'
import { pathOfRow } from '../../src/model/pairs.js'
import { type RelativePath, splitPath } from '../../src/model/path.js'
import { includeGlobs } from '../../src/walk/include.js'
import { parsePattern } from '../../src/walk/patterns.js'
import { walk } from '../../src/walk/walk.js'
import type { Walked, WalkInput } from '../../src/walk/walk-input.js'
import { entry } from '../support/pairs.js'

export type FakeTree = { readonly [name: string]: FakeTree | null }

export interface FakeWalk extends Partial<Omit<WalkInput, 'include' | 'source' | 'replica'>> {
  readonly source?: FakeTree
  readonly replica?: FakeTree
  readonly include?: readonly string[]
}

export interface WalkedTrees {
  readonly walked: Walked
  /** The directories that were asked for, in order of their paths. */
  readonly listed: readonly RelativePath[]
  /** The paths the include patterns match. */
  readonly matched: readonly RelativePath[]
  /** What is to be done, by path, of every row that was kept. */
  readonly actions: Readonly<Record<RelativePath, string>>
}

export async function walkFakes({ source, replica, include, ...some }: FakeWalk): Promise<WalkedTrees> {
  const listed: RelativePath[] = []
  const compare = some.compare ?? fakeCompare(source ?? {}, replica ?? {})
  const walked = await walk({
    source: entry({ kind: 'directory' }),
    replica: entry({ kind: 'directory' }),
    rootVerdict: { action: undefined, reasonBits: 0, residuals: [] },
    include: includeGlobs((include ?? ['**']).map(pattern => parsePattern(pattern, 'include'))),
    concurrency: 4,
    filter: undefined,
    deleteExcluded: false,
    renames: false,
    trustsRenamed: true,
    timeStepNs: 1n,
    replicaMounts: [],
    isSameContent: undefined,
    signal: new AbortController().signal,
    onProblem: () => undefined,
    onCompared: () => undefined,
    compareNames: () => Promise.reject(new Error('nothing was left to be compared')),
    ...some,
    compare: async request => {
      listed.push(request.path)
      return await compare(request)
    },
  })
  const { pairs, root } = walked
  const rows = [root.row]
  for (const row of rows) rows.push(...(pairs.nodeOf(row)?.rows ?? []))
  return {
    walked,
    listed: listed.sort(),
    matched: rows
      .filter(row => pairs.isMatched(row))
      .map(row => pathOfRow(pairs, row))
      .sort(),
    actions: Object.fromEntries(
      rows.slice(1).map(row => [pathOfRow(pairs, row), pairs.action(row) ?? 'same']),
    ),
  }
}

/** What comparing a directory of two literals comes to; every name has a row. */
export function fakeCompare(
  source: FakeTree,
  replica: FakeTree,
  more: Partial<ComparedDirectory> = {},
): WalkInput['compare'] {
  return ({ path, inSource, inReplica }: CompareRequest) => {
    const inA = inSource ? at(source, path) : new Map<string, FakeTree | null>()
    const inB = inReplica ? at(replica, path) : new Map<string, FakeTree | null>()
    const names = [...new Set([...inA.keys(), ...inB.keys()])]
    const cells = new EntryCells()
    const verdicts: number[] = []
    const sides: number[] = []
    for (const name of names) {
      const [a, b] = [inA.get(name), inB.get(name)]
      if (a !== undefined) cells.add(entryOf(a))
      if (b !== undefined) cells.add(entryOf(b))
      sides.push((a === undefined ? 0 : SideBit.source) | (b === undefined ? 0 : SideBit.replica))
      verdicts.push(verdictOf(a, b))
    }
    return Promise.resolve({
      names: names.join('/'),
      verdicts: Uint32Array.from(verdicts),
      sides: Uint8Array.from(sides),
      cells: cells.toCells(),
      unchanged: 0,
      more: [],
      ignore: undefined,
      marks: NodeMark.listed,
      problems: [],
      residuals: [],
      ...more,
    })
  }
}

function at(tree: FakeTree, path: RelativePath): ReadonlyMap<string, FakeTree | null> {
  let here = tree
  for (const name of splitPath(path)) {
    const below = Object.hasOwn(here, name) ? here[name] : undefined
    if (below === undefined || below === null)
      throw new Error(`the walk asks for "${path}", which is no directory`)
    here = below
  }
  return new Map(Object.entries(here))
}

function entryOf(tree: FakeTree | null): ReturnType<typeof entry> {
  return entry({ kind: tree === null ? 'file' : 'directory' })
}

function verdictOf(source: FakeTree | null | undefined, replica: FakeTree | null | undefined): number {
  if (source === undefined) return packVerdict(actions.indexOf('delete'), reasonBit('extraneous'), false)
  if (replica === undefined) return packVerdict(actions.indexOf('create'), reasonBit('new'), false)
  if ((source === null) !== (replica === null)) {
    return packVerdict(actions.indexOf('replace'), reasonBit('kind'), false)
  }
  return packVerdict(-1, 0, false)
}
