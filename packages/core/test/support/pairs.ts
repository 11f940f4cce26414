/**
 * Pair tables as data. `{ a: created(), d: deleted({ below: { x: deleted() } }) }` is what a walk found: by
 * name, which sides are there, what is to be done, and what lies below. Every row is matched by the include
 * patterns, and every directory was listed, unless told otherwise.
 */
import { type Action, type Reason, reasonBit } from '../../src/model/change.js'
import type { Entry, Kind } from '../../src/model/entry.js'
import { NodeMark } from '../../src/model/node-mark.js'
import { type DirectoryNode, pathOfRow, PairTable } from '../../src/model/pairs.js'
import type { Name, RelativePath } from '../../src/model/path.js'
import { absent } from '../../src/model/side-column.js'
import type { PlanInput } from '../../src/plan/build-plan.js'
import { escapeName } from '../../src/tree/names.js'
import { residualOf } from '../../src/run/residuals.js'

export interface PairLiteral {
  readonly action?: Action | undefined
  readonly reasons?: readonly Reason[]
  readonly source?: Partial<Entry> | undefined
  readonly replica?: Partial<Entry> | undefined
  /** Whether the include patterns match the row itself. */
  readonly matched?: boolean
  /** In addition to `listed`, unless `listed` is false. */
  readonly marks?: number
  readonly listed?: boolean
  readonly below?: PairsLiteral
}

export type PairsLiteral = { readonly [name: string]: PairLiteral }

type Details = Omit<PairLiteral, 'action' | 'source' | 'replica'> & {
  readonly kind?: Kind
  readonly size?: number
}

/** A file of nothing, unless told otherwise. */
export function entry(fields: Partial<Entry> = {}): Entry {
  return {
    kind: 'file',
    size: 0,
    allocated: fields.size ?? 0,
    mode: fields.kind === 'directory' ? 0o755 : 0o644,
    uid: 1000,
    gid: 1000,
    mtimeNs: 1_600_000_000_123_456_000n,
    ctimeNs: 1_600_000_001_000_000_000n,
    device: 1n,
    inode: 1n,
    links: 1,
    deviceNumber: 0,
    ...fields,
  }
}

function sideOf({ kind, size, below, listed, marks }: Details): Partial<Entry> {
  const isDirectory = below !== undefined || listed !== undefined || marks !== undefined
  return { kind: kind ?? (isDirectory ? 'directory' : 'file'), size: size ?? 0 }
}

export function created(details: Details = {}): PairLiteral {
  return { ...details, action: 'create', reasons: ['new'], source: sideOf(details) }
}

export function deleted(details: Details = {}): PairLiteral {
  return { ...details, action: 'delete', reasons: ['extraneous'], replica: sideOf(details) }
}

export function updated(details: Details & { readonly was?: number } = {}): PairLiteral {
  const replica = { ...sideOf(details), size: details.was ?? 0 }
  return { ...details, action: 'update', reasons: ['size'], source: sideOf(details), replica }
}

export function repaired(details: Details = {}): PairLiteral {
  return {
    ...details,
    action: 'metadata',
    reasons: ['mode'],
    source: sideOf(details),
    replica: sideOf(details),
  }
}

/** Equal, and kept as a row: a directory, or because somebody wants to see it. */
export function same(details: Details = {}): PairLiteral {
  return { ...details, source: sideOf(details), replica: sideOf(details) }
}

/** Another kind takes the place: with `below` or marks, of a directory that is there. */
export function replaced(
  by: Kind,
  was: Kind,
  details: Details & { readonly was?: number } = {},
): PairLiteral {
  const source = { kind: by, size: details.size ?? 0 }
  return {
    ...details,
    action: 'replace',
    reasons: ['kind'],
    source,
    replica: { kind: was, size: details.was ?? 0 },
  }
}

/** Only the source has it, and nothing is to be done, such as for a FIFO. */
export function onlyInSource(details: Details = {}): PairLiteral {
  return { ...details, source: sideOf(details) }
}

export interface BuiltPairs {
  readonly pairs: PairTable
  readonly root: DirectoryNode
  /** The row of a path; the root is the empty one. */
  readonly row: (path: RelativePath) => number
  readonly node: (path: RelativePath) => DirectoryNode
  /** Paths of rows, as they are ordered. */
  readonly paths: (rows: Iterable<number>) => RelativePath[]
}

const both: PairLiteral = { source: { kind: 'directory' }, replica: { kind: 'directory' } }

export function buildPairs(literal: PairsLiteral, rootPair: PairLiteral = both): BuiltPairs {
  const pairs = new PairTable()
  let inode = 0n
  const rows = new Map<RelativePath, number>()
  const addSide = (fields: Partial<Entry> | undefined): number =>
    fields === undefined ? absent : pairs.addEntry(entry({ inode: ++inode, ...fields }))
  const addRow = (
    parent: DirectoryNode | undefined,
    name: string,
    pair: PairLiteral,
  ): DirectoryNode | undefined => {
    const row = pairs.add(parent, {
      name: name as Name,
      action: pair.action,
      reasonBits: (pair.reasons ?? []).map(reasonBit).reduce((bits, bit) => bits | bit, 0),
      sourceAt: addSide(pair.source),
      replicaAt: addSide(pair.replica),
    })
    rows.set(pathOfRow(pairs, row), row)
    if (pair.matched !== false && parent !== undefined) pairs.setMatched(row)
    if (pair.source?.kind !== 'directory' && pair.replica?.kind !== 'directory') return undefined
    const node = pairs.addNode(row)
    node.marks = (pair.marks ?? 0) | (pair.listed === false ? 0 : NodeMark.listed)
    return node
  }
  const addBelow = (parent: DirectoryNode, below: PairsLiteral): void => {
    for (const [name, pair] of Object.entries(below)) {
      const node = addRow(parent, name, pair)
      if (pair.below === undefined) continue
      if (node === undefined) throw new Error(`${name} is no directory on either side`)
      addBelow(node, pair.below)
    }
  }
  const root = addRow(undefined, '', rootPair)
  if (root === undefined) throw new Error('the root is a directory')
  addBelow(root, literal)
  const row = (path: RelativePath): number => {
    const found = rows.get(path)
    if (found === undefined) throw new Error(`no row has the path "${path}"`)
    return found
  }
  const node = (path: RelativePath): DirectoryNode => {
    const found = pairs.nodeOf(row(path))
    if (found === undefined) throw new Error(`"${path}" is no directory`)
    return found
  }
  return { pairs, root, row, node, paths: found => [...found].map(each => pathOfRow(pairs, each)) }
}

/** Runs work that is done in steps to its end. */
export function finish<T>(steps: Generator<void, T>): T {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

/** What a plan is told besides pairs, unless a test is about it: any number of names, any owner. */
export const planFacts: Pick<
  PlanInput,
  'links' | 'moved' | 'residualOf' | 'shownPath' | 'sourceSeen' | 'sparse'
> = {
  links: { hardLinks: 'held', maxLinks: Number.POSITIVE_INFINITY, rights: { anyOwner: true, uid: 0 } },
  moved: new Set(),
  residualOf,
  shownPath: escapeName,
  sourceSeen: 'as before',
  sparse: true,
}
