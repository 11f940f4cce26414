/** Rows of the plan as a message to a worker. */
import { actions } from '../model/change.js'
import { cellsPerEntry } from '../model/entry-cells.js'
import { type ApplyBatch, linkedBit, type LinkedTo, movedBit, SideBit, type StagedAt } from '../model/jobs.js'
import { noLinks, type PlannedLinks } from '../model/links.js'
import { NodePaths } from '../model/node-paths.js'
import { noMoves, type PlannedMoves } from '../model/moves.js'
import { type DirectoryNode, type PairTable, pathOfRow } from '../model/pairs.js'
import type { Name, RelativePath } from '../model/path.js'

/** What other batches did, or will do. */
export interface OtherBatches {
  /** What is new is only staged, for a later batch to publish. */
  readonly stageOnly: boolean
  /** What is staged in one batch and published in another, by row. */
  readonly staged: ReadonlyMap<number, { readonly path: RelativePath }>
  readonly links: PlannedLinks
  readonly moves: PlannedMoves
  /** What was made so far that others are linked to. */
  readonly made: ReadonlySet<number>
  /** Where what others are linked to was not made: the first of these others, which was copied. */
  readonly heirs: ReadonlyMap<number, number>
}

const noOthers: OtherBatches = {
  stageOnly: false,
  staged: new Map(),
  links: noLinks,
  moves: noMoves,
  made: new Set(),
  heirs: new Map(),
}

/** Nothing is read where the source has no directory. */
const nowhere = { device: 0n, inode: 0n }

/** Encodes rows in the order given; neighbours in one directory share its path. */
export function encodeBatch(
  pairs: PairTable,
  rows: readonly number[],
  whole: ReadonlySet<number>,
  others: OtherBatches = noOthers,
): ApplyBatch {
  const directories: RelativePath[] = []
  const counts: number[] = []
  const sources: bigint[] = []
  const names: Name[] = []
  const actionCodes = new Uint8Array(rows.length)
  const wholes = new Uint8Array(rows.length)
  const sides = new Uint8Array(rows.length)
  const cells = new BigInt64Array(
    rows.length * (others.links.to.size + others.moves.files.size === 0 ? 2 : 3) * cellsPerEntry,
  )
  const words = new Uint32Array(cells.buffer)
  const paths = new NodePaths()
  const stagedAt: StagedAt[] = []
  const links = new Links(pairs, rows, others)
  const { stageOnly, staged } = others
  let last: DirectoryNode | undefined
  let at = 0
  for (const [index, row] of rows.entries()) {
    const directory = pairs.directoryOf(row)
    const action = pairs.action(row)
    if (directory === undefined || action === undefined)
      throw new RangeError(`row ${row} is no change below the root`)
    if (directory !== last) {
      directories.push(paths.of(directory))
      counts.push(0)
      const { device, inode } = pairs.source(directory.row) ?? nowhere
      sources.push(device, inode)
      last = directory
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
    names.push(pairs.nameOf(row))
    wholes[index] = whole.has(row) ? 1 : 0
    const ahead = staged.size === 0 || stageOnly ? undefined : staged.get(row)
    if (ahead !== undefined) stagedAt.push([index, ahead.path])
    actionCodes[index] = actions.indexOf(action)
    sides[index] = (pairs.hasSource(row) ? SideBit.source : 0) | (pairs.hasReplica(row) ? SideBit.replica : 0)
    at += pairs.copyCells(row, words, at)
    links.addNames(index, row, ahead === undefined)
    if (others.moves.files.has(row)) sides[index] = (sides[index] ?? 0) | movedBit
    const linkedTo = ahead === undefined ? links.add(index, row) : undefined
    if (linkedTo === undefined) continue
    sides[index] = (sides[index] ?? 0) | linkedBit
    pairs.copyEntry(linkedTo, words, at)
    at += cellsPerEntry
  }
  return {
    directories,
    counts,
    sources: BigUint64Array.from(sources),
    names: names.join('/'),
    actions: actionCodes,
    whole: wholes,
    sides,
    cells: cells.slice(0, at),
    stageOnly,
    staged: stagedAt,
    links: links.linked,
    moreNames: links.moreNames,
  }
}

/** What the rows of a batch have to do with hard links. */
class Links {
  readonly linked: LinkedTo[] = []
  readonly moreNames: [index: number, names: number][] = []
  private readonly pairs: PairTable
  private readonly others: OtherBatches
  private readonly indexes: ReadonlyMap<number, number>
  private readonly paths = new Map<number, RelativePath>()
  /** The heirs of this batch, by what they were to be linked to. */
  private readonly heirs = new Map<number, { readonly index: number; readonly row: number }>()

  constructor(pairs: PairTable, rows: readonly number[], others: OtherBatches) {
    this.pairs = pairs
    this.others = others
    this.indexes = others.links.to.size === 0 ? new Map() : new Map(rows.map((row, index) => [row, index]))
  }

  /** Notes how many names this run may give to what is there, or is made. */
  addNames(index: number, row: number, isMadeHere: boolean): void {
    const { links, moves } = this.others
    const names = (isMadeHere ? (links.names.get(row) ?? 0) : 0) + (moves.staying.has(row) ? 1 : 0)
    if (names > 0) this.moreNames.push([index, names])
  }

  /** Adds a row; returns the cell offset of what it is linked to, or renamed from, where the replica has that already. */
  add(index: number, row: number): number | undefined {
    const { links, made, moves, stageOnly, staged } = this.others
    const moved = moves.files.get(row)
    const oldPath = moved === undefined ? moves.directories.get(row)?.now : this.pathOf(moved.from)
    if (oldPath !== undefined) {
      this.linked.push([index, oldPath, -1])
      return moved?.at
    }
    const leader = links.to.get(row)
    if (leader === undefined) return undefined
    const action = this.pairs.action(leader)
    if (action === undefined || action === 'metadata') {
      this.linked.push([index, this.pathOf(leader), -1])
      return this.pairs.replicaAt(leader)
    }
    const inBatch = this.indexes.get(leader)
    const ahead = stageOnly ? staged.get(leader)?.path : undefined
    if (inBatch !== undefined) this.linked.push([index, this.pathOf(leader), inBatch])
    else if (ahead !== undefined) this.linked.push([index, ahead, -1])
    else if (made.has(leader)) this.linked.push([index, this.pathOf(leader), -1])
    else this.inherit(index, row, leader)
    return undefined
  }

  /** What was to be made and was not is no reason to go without: the first row is copied, and others are linked to it. */
  private inherit(index: number, row: number, leader: number): void {
    const earlier = this.others.heirs.get(leader)
    const here = this.heirs.get(leader)
    if (earlier !== undefined) this.linked.push([index, this.pathOf(earlier), -1])
    else if (here !== undefined) this.linked.push([index, this.pathOf(here.row), here.index])
    else this.heirs.set(leader, { index, row })
  }

  /** Made once, for very many may be linked to one. */
  private pathOf(row: number): RelativePath {
    let path = this.paths.get(row)
    if (path === undefined) {
      path = pathOfRow(this.pairs, row)
      this.paths.set(row, path)
    }
    return path
  }
}
