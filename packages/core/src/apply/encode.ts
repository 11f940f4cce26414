/** Rows of the plan as a message to a worker. */
import { actions } from '../model/change.js'
import { cellsPerEntry } from '../model/entry-cells.js'
import { type ApplyBatch, SideBit, type StagedAt } from '../model/jobs.js'
import { type DirectoryNode, type PairTable, NodePaths } from '../model/pairs.js'
import type { Name, RelativePath } from '../model/path.js'

/** What is staged in one batch and published in another. */
export interface AheadOfTime {
  readonly stageOnly: boolean
  /** By row. */
  readonly staged: ReadonlyMap<number, { readonly path: RelativePath }>
}

const atOnce: AheadOfTime = { stageOnly: false, staged: new Map() }

/** Encodes rows in the order given; neighbours in one directory share its path. */
export function encodeBatch(
  pairs: PairTable,
  rows: readonly number[],
  whole: ReadonlySet<number>,
  { stageOnly, staged }: AheadOfTime = atOnce,
): ApplyBatch {
  const directories: RelativePath[] = []
  const counts: number[] = []
  const names: Name[] = []
  const actionCodes = new Uint8Array(rows.length)
  const wholes = new Uint8Array(rows.length)
  const sides = new Uint8Array(rows.length)
  const cells = new BigInt64Array(rows.length * 2 * cellsPerEntry)
  const paths = new NodePaths()
  const stagedAt: StagedAt[] = []
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
      last = directory
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
    names.push(pairs.nameOf(row))
    wholes[index] = whole.has(row) ? 1 : 0
    const ahead = staged.size === 0 || stageOnly ? undefined : staged.get(row)
    if (ahead !== undefined) stagedAt.push([index, ahead.path])
    actionCodes[index] = actions.indexOf(action)
    sides[index] = (pairs.hasSource(row) ? SideBit.source : 0) | (pairs.hasReplica(row) ? SideBit.replica : 0)
    at += pairs.copyCells(row, cells, at)
  }
  return {
    directories,
    counts,
    names: names.join('/'),
    actions: actionCodes,
    whole: wholes,
    sides,
    cells: cells.slice(0, at),
    stageOnly,
    staged: stagedAt,
  }
}
