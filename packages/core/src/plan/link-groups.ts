/**
 * Which rows must be names of one file, link or special file: those of one inode of the source, in path order. A
 * group has no more names than the replica's file system allows, and lies on one file system.
 */
import type { Entry } from '../model/entry.js'
import { NodeMark } from '../model/node-mark.js'
import { type DirectoryNode, type PairTable, pathOfRow } from '../model/pairs.js'
import type { Tallied } from '../model/tally.js'
import { rowsInOrder } from './order.js'
import type { Scope } from './scope.js'

/** Rows between two steps. */
const rowsPerStep = 4096

/** The rows of one group, in path order; one row that has nothing to do with others is a group too. */
export type LinkGroup = readonly number[]

export interface LinkGroups {
  readonly groups: readonly LinkGroup[]
  /** Names that are kept apart from the first of their group. */
  readonly apart: Tallied | undefined
}

/** Groups the rows of which either side has several names. */
export function* groupByInode(
  pairs: PairTable,
  root: DirectoryNode,
  scope: Scope,
  most: number,
): Generator<void, LinkGroups> {
  const rows = yield* rowsWithSeveralNames(pairs, root, scope)
  const groups: number[][] = []
  const open = new Map<string, number[]>()
  const begun = new Map<string, number[]>()
  const mounts = new Mounts(pairs)
  let apart = 0
  let example: number | undefined
  for (const [index, row] of rows.entries()) {
    if (index % rowsPerStep === 0) yield
    const source = pairs.source(row)
    if (source === undefined || source.links < 2) {
      groups.push([row])
      continue
    }
    const inode = inodeKey(source)
    const place = `${inode}:${mounts.of(pairs.directoryOf(row) ?? root).row}`
    let group = open.get(place)
    if (group === undefined || group.length >= most) {
      group = []
      groups.push(group)
      open.set(place, group)
    }
    if (!begun.has(inode)) begun.set(inode, group)
    group.push(row)
    if (begun.get(inode) === group) continue
    apart += 1
    example ??= row
  }
  return {
    groups,
    apart:
      example === undefined
        ? undefined
        : { attribute: 'hard links', count: apart, example: pathOfRow(pairs, example) },
  }
}

/** What tells one inode from another. */
export function inodeKey({ device, inode }: Entry): string {
  return `${device}:${inode}`
}

/** Those in scope that the source has, in path order. What cannot be created is nobody's name. */
function* rowsWithSeveralNames(
  pairs: PairTable,
  root: DirectoryNode,
  scope: Scope,
): Generator<void, readonly number[]> {
  const found = new Set<number>()
  for (let row = 0; row < pairs.length; row++) {
    if (row % rowsPerStep === 0) yield
    const names = pairs.sourceNames(row)
    if (names === 0 || (names < 2 && pairs.replicaNames(row) < 2)) continue
    const stays = pairs.action(row) !== undefined || pairs.hasReplica(row)
    if (stays && scope.has(row)) found.add(row)
  }
  if (found.size === 0) return []
  const ordered: number[] = []
  let looked = 0
  for (const row of rowsInOrder(pairs, root)) {
    if (found.has(row)) ordered.push(row)
    if (++looked % rowsPerStep === 0) yield
  }
  return ordered
}

/** In which mounted file system of the replica a directory lies: no link leads from one into another. */
class Mounts {
  private readonly pairs: PairTable
  private readonly known = new Map<DirectoryNode, DirectoryNode>()

  constructor(pairs: PairTable) {
    this.pairs = pairs
  }

  /** The directory that it is mounted at, or the root. */
  of(directory: DirectoryNode): DirectoryNode {
    const passed: DirectoryNode[] = []
    let at = directory
    while (!this.known.has(at) && at.parent !== undefined && !this.isMountPoint(at, at.parent)) {
      passed.push(at)
      at = at.parent
    }
    const found = this.known.get(at) ?? at
    for (const node of passed) this.known.set(node, found)
    return found
  }

  /** Every directory of another file system is marked, and of one that is mounted twice only the uppermost. */
  private isMountPoint(node: DirectoryNode, parent: DirectoryNode): boolean {
    if ((node.marks & NodeMark.mounted) === 0) return false
    const { pairs } = this
    return (
      (parent.marks & NodeMark.mounted) === 0 ||
      pairs.replica(node.row)?.device !== pairs.replica(parent.row)?.device
    )
  }
}
