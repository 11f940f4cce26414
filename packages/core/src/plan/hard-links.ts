/**
 * Hard links: names of one inode in the source become names of one inode in the replica, and names of different
 * inodes do not stay names of one.
 *
 * Each group (see `link-groups.ts`) keeps one inode that the replica has, if it can: the one that most of its names
 * share already. No two groups keep the same. All its other names are linked to one of those that stay; where
 * none stays, one name is written anew and the others are linked to that one.
 *
 * INVARIANT: attributes are set in place only on an inode all of whose names belong to the group. Any other may
 * have names outside of the replica, and what lies there is not ours to change: the group is made anew.
 */
import { type Action, reasonBit } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import type { PlannedLinks } from '../model/links.js'
import type { DirectoryNode, PairTable } from '../model/pairs.js'
import type { Tallied } from '../model/tally.js'
import { groupByInode, inodeKey, type LinkGroup } from './link-groups.js'
import { isFullDirectory } from './order.js'
import type { Scope } from './scope.js'

/** What the replica can hold of files with several names. */
export interface LinkRules {
  /** `unheld` where they are wanted and its file system has none. */
  readonly hardLinks: 'held' | 'unheld' | 'unwanted'
  /** How many names its file system allows a file. */
  readonly maxLinks: number
  readonly rights: { readonly anyOwner: boolean; readonly uid: number }
}

export interface HardLinks {
  readonly planned: PlannedLinks
  /** Names that are kept apart though they are one file in the source. */
  readonly apart: Tallied | undefined
  /** How many rows have no change that had one, less those that have one now. */
  readonly unchanged: number
}

/** Groups between two steps. */
const groupsPerStep = 2048

/** Decides on all rows of which either side has several names, and changes their verdicts. */
export function* planHardLinks(
  pairs: PairTable,
  root: DirectoryNode,
  scope: Scope,
  rules: LinkRules,
): Generator<void, HardLinks> {
  const isWanted = rules.hardLinks !== 'unwanted'
  // Without links each name is on its own.
  const most = rules.hardLinks === 'held' ? rules.maxLinks : 1
  const { groups, apart } = yield* groupByInode(pairs, root, scope, most)
  const verdicts = new Verdicts(pairs)
  const kept = isWanted ? yield* chooseKept(pairs, groups, rules) : new Map<LinkGroup, Claim>()
  for (const [index, group] of groups.entries()) {
    if (index % groupsPerStep === 0) yield
    const claim = kept.get(group)
    if (claim !== undefined) verdicts.keep(group, claim)
    else if (needsDecision(pairs, group, isWanted)) verdicts.makeAnew(group)
  }
  const { to, names, unchanged } = verdicts
  return { planned: { to, names }, apart: isWanted ? apart : undefined, unchanged }
}

/** Where links are not wanted they stay, but nothing is written through one. */
function needsDecision(pairs: PairTable, group: LinkGroup, isWanted: boolean): boolean {
  const [row = 0] = group
  if (group.length > 1) return true
  return pairs.replicaNames(row) > 1 && (isWanted || pairs.action(row) === 'metadata')
}

/** The rows of a group that are names of one inode of the replica, and hold what they should. */
interface Claim {
  readonly group: LinkGroup
  readonly inode: string
  readonly rows: number[]
  readonly entry: Entry
  /** How many names the inode has: rows may have been looked at before and after another came. */
  names: number
  /** The first row of which attributes are to be set. */
  dresses: number | undefined
}

/** Which inode each group keeps: the claim of the most names comes first, and of as many the first by path. */
function* chooseKept(
  pairs: PairTable,
  groups: readonly LinkGroup[],
  rules: LinkRules,
): Generator<void, ReadonlyMap<LinkGroup, Claim>> {
  const claims: Claim[] = []
  for (const [index, group] of groups.entries()) {
    if (index % groupsPerStep === 0) yield
    for (const claim of claimsOf(pairs, group)) if (mayKeep(claim, rules)) claims.push(claim)
  }
  claims.sort((a, b) => b.rows.length - a.rows.length)
  const kept = new Map<LinkGroup, Claim>()
  const taken = new Set<string>()
  for (const claim of claims) {
    if (kept.has(claim.group) || taken.has(claim.inode)) continue
    kept.set(claim.group, claim)
    taken.add(claim.inode)
  }
  return kept
}

function claimsOf(pairs: PairTable, group: LinkGroup): Iterable<Claim> {
  const claims = new Map<string, Claim>()
  for (const row of group) {
    const action = pairs.action(row)
    if (action !== undefined && action !== 'metadata') continue
    const entry = pairs.replica(row)
    if (entry === undefined) continue
    const inode = inodeKey(entry)
    let claim = claims.get(inode)
    if (claim === undefined) {
      claim = { group, inode, rows: [], entry, names: 0, dresses: undefined }
      claims.set(inode, claim)
    }
    claim.rows.push(row)
    claim.names = Math.max(claim.names, entry.links)
    if (action === 'metadata') claim.dresses ??= row
  }
  return claims.values()
}

/** Whether a group can keep an inode: set its attributes in place, and link its other names to it. */
function mayKeep({ group, rows, entry, names, dresses }: Claim, { rights, maxLinks }: LinkRules): boolean {
  const isOurs = rights.anyOwner || entry.uid === rights.uid
  const others = names - rows.length
  if (dresses !== undefined && (!isOurs || others > 0)) return false
  // Linux may refuse to link what belongs to somebody else.
  return rows.length === group.length || (isOurs && others + group.length <= maxLinks)
}

const linksBit = reasonBit('links')

class Verdicts {
  readonly to: Map<number, number> = new Map()
  readonly names: Map<number, number> = new Map()
  unchanged = 0
  private readonly pairs: PairTable

  constructor(pairs: PairTable) {
    this.pairs = pairs
  }

  /** All names of the group become names of an inode that is there. */
  keep(group: LinkGroup, { rows, dresses }: Claim): void {
    const leader = dresses ?? rows[0] ?? 0
    const staying = new Set(rows)
    for (const row of group) {
      if (!staying.has(row)) this.link(row, leader)
      // What is set through one name is set for all.
      else if (row !== leader && this.pairs.action(row) !== undefined) this.set(row, undefined, 0)
    }
  }

  /** One name of the group is written anew, and the others become names of that. */
  makeAnew(group: LinkGroup): void {
    // What replaces a full directory is made last, and those in descending order.
    const leader = group.find(row => !isFullDirectory(this.pairs, row)) ?? group.at(-1) ?? 0
    const action = this.pairs.action(leader)
    if (action === undefined || action === 'metadata') this.set(leader, 'update', linksBit)
    for (const row of group) if (row !== leader) this.link(row, leader)
  }

  private link(row: number, leader: number): void {
    // Guards and withholding know a directory that makes way as replaced.
    this.set(row, this.pairs.action(row) === 'replace' ? 'replace' : 'link', linksBit)
    this.to.set(row, leader)
    this.names.set(leader, (this.names.get(leader) ?? 0) + 1)
  }

  private set(row: number, action: Action | undefined, moreReasons: number): void {
    const was = this.pairs.action(row)
    this.pairs.setVerdict(row, action, action === undefined ? 0 : this.pairs.reasonBits(row) | moreReasons)
    if (was === undefined) this.unchanged -= 1
    if (action === undefined) this.unchanged += 1
  }
}
