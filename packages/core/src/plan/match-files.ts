/**
 * Which files that are to be written the replica has already, under names that they are to lose: as these are deleted, or
 * something else comes there. Those of one size and modification time are returned as questions, for the content decides: one that stays may
 * be the twin of one that goes, and files that a program writes one after the other often have one time to the nanosecond, as the clock that
 * gives it moves every few milliseconds.
 */
import type { Action } from '../model/change.js'
import type { Entry } from '../model/entry.js'
import type { PairTable } from '../model/pairs.js'
import type { PlanOrder } from '../model/plan.js'
import { numberOf, RowIndex } from './row-index.js'

/** Rows between two steps. */
const rowsPerStep = 2048

/** Rows that may be the same files, by what is known without reading them. */
export interface AlikeFiles {
  /** To be written, in path order. */
  readonly arriving: readonly number[]
  /** What the replica has there goes. */
  readonly leaving: readonly number[]
}

export interface MatchRules {
  /** What the replica's file system, or the way to set them, keeps of times, in nanoseconds. */
  readonly timeStepNs: bigint
  /** Whether a file can get another name before the old one is gone. */
  readonly links: boolean
  /** Whether the one can become the other without being made anew. */
  readonly fits: (source: Entry, replica: Entry) => boolean
}

interface Group {
  readonly arriving: number[]
  readonly leaving: number[]
}

/** @param withheld rows of `order.remove` that stay */
export function* matchFiles(
  pairs: PairTable,
  order: PlanOrder,
  withheld: { has(row: number): boolean },
  rules: MatchRules,
): Generator<void, readonly AlikeFiles[]> {
  const index = new RowIndex(order.removeFiles + (rules.links ? order.copy.length : 0))
  let looked = 0
  for (const row of rowsLeaving(pairs, order, withheld, rules)) {
    if (++looked % rowsPerStep === 0) yield
    const entry = pairs.replica(row)
    if (entry !== undefined && isAlone(entry)) index.add(numberIn(entry, rules), row)
  }
  // INVARIANT: all that are alike are looked up once, for there may be very many of one size and time.
  const groups = new Map<string, Group>()
  for (const row of index.isEmpty ? [] : rowsArriving(order, withheld)) {
    if (++looked % rowsPerStep === 0) yield
    const entry = isWritten(pairs.action(row)) ? pairs.source(row) : undefined
    if (entry === undefined || !isAlone(entry)) continue
    const key = `${entry.size} ${timeIn(entry, rules)}`
    const group = groups.get(key)
    if (group !== undefined) group.arriving.push(row)
    else {
      const leaving = alikeIn(pairs, index, entry, rules)
      if (leaving.length > 0) groups.set(key, { arriving: [row], leaving })
    }
  }
  return [...groups.values()].filter(({ arriving, leaving }) => isMove(arriving, leaving))
}

function* rowsLeaving(
  pairs: PairTable,
  order: PlanOrder,
  withheld: { has(row: number): boolean },
  { links }: MatchRules,
): Generator<number> {
  for (const row of order.remove.subarray(0, order.removeFiles)) if (!withheld.has(row)) yield row
  if (!links) return
  for (const row of order.copy) {
    const action = pairs.action(row)
    if ((action === 'update' || action === 'replace') && pairs.nodeOf(row)?.inReplica !== true) yield row
  }
}

function* rowsArriving(order: PlanOrder, withheld: { has(row: number): boolean }): Generator<number> {
  yield* order.copy
  for (const row of order.remove.subarray(order.removeFiles)) if (!withheld.has(row)) yield row
}

function isWritten(action: Action | undefined): boolean {
  return action === 'create' || action === 'update' || action === 'replace'
}

/** An empty file is made as quickly as it is found; one of several names is not moved by one of them. */
function isAlone({ kind, size, links }: Entry): boolean {
  return kind === 'file' && size > 0 && links === 1
}

function timeIn({ mtimeNs }: Entry, { timeStepNs }: MatchRules): bigint {
  return timeStepNs === 1n ? mtimeNs : mtimeNs / timeStepNs
}

function numberIn(entry: Entry, rules: MatchRules): number {
  return numberOf(entry.size, timeIn(entry, rules))
}

/** In the order they were added. */
function alikeIn(pairs: PairTable, index: RowIndex, entry: Entry, rules: MatchRules): number[] {
  const found: number[] = []
  for (const row of index.find(numberIn(entry, rules))) {
    const replica = pairs.replica(row)
    if (replica?.size === entry.size && timeIn(replica, rules) === timeIn(entry, rules)) found.push(row)
  }
  return found.reverse()
}

/** What is only overwritten by another file of its size and time has not moved. */
function isMove(arriving: readonly number[], leaving: readonly number[]): boolean {
  return arriving.length > 1 || leaving.length > 1 || arriving[0] !== leaving[0]
}

function isPossible(pairs: PairTable, to: number, from: number, fits: MatchRules['fits']): boolean {
  if (to === from) return false
  const source = pairs.source(to)
  const replica = pairs.replica(from)
  return source !== undefined && replica !== undefined && fits(source, replica)
}

/** Of contents that were read, by the side they were read on, and by row. */
export interface Digests {
  readonly source: ReadonlyMap<number, string>
  readonly replica: ReadonlyMap<number, string>
}

/** Which of them are the same, by digest of each: of several that are, one of the same name comes first. */
export function matchByContent(
  pairs: PairTable,
  { arriving, leaving }: AlikeFiles,
  digests: Digests,
  { fits }: Pick<MatchRules, 'fits'>,
): ReadonlyMap<number, number> {
  const matches = new Map<number, number>()
  const left = new Map<string, Set<number>>()
  for (const from of leaving) {
    const digest = digests.replica.get(from)
    if (digest === undefined) continue
    for (const key of [digest, withName(digest, pairs.nameOf(from))])
      left.set(key, (left.get(key) ?? new Set()).add(from))
  }
  const take = (to: number, keyOf: (digest: string) => string): void => {
    const digest = digests.source.get(to)
    if (digest === undefined || matches.has(to)) return
    for (const from of left.get(keyOf(digest)) ?? []) {
      if (!isPossible(pairs, to, from, fits)) continue
      matches.set(to, from)
      for (const key of [digest, withName(digest, pairs.nameOf(from))]) left.get(key)?.delete(from)
      return
    }
  }
  for (const to of arriving) take(to, digest => withName(digest, pairs.nameOf(to)))
  for (const to of arriving) take(to, digest => digest)
  return matches
}

function withName(digest: string, name: string): string {
  return `${digest}/${name}`
}
