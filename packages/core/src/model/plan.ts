import { type Action, actions, type Change, reasonsOf, type Withholding } from './change.js'
import type { Entry } from './entry.js'
import { noLinks, type PlannedLinks } from './links.js'
import { noMoves, type PlannedMoves, renamedFrom } from './moves.js'
import { pathOfRow, type PairTable } from './pairs.js'
import type { Problem } from './problem.js'
import type { Residual } from './report.js'

/** Why a plan must not be executed. */
export interface Refusal {
  readonly code: 'too-many-deletions' | 'empty-source' | 'new-source'
  readonly exitCode: 25 | 26
  readonly message: string
}

export interface PlanTotals {
  /** All changes, those withheld included. */
  readonly changes: number
  readonly withheld: number
  readonly byAction: Readonly<Record<Action, number>>
  /** Entries that will no longer be there: each entry inside a removed directory counts. */
  readonly deletions: number
  /** Entries that were not there. */
  readonly additions: number
  /** Bytes of content to be written. */
  readonly bytes: number
  /** Bytes the replica's file system must have free: what files grow by, and room for the largest old version. */
  readonly spaceNeeded: number
  /** Entries found equal on both sides, directories included. */
  readonly unchanged: number
  /** Entries in scope, before the run; the roots are not counted. */
  readonly sourceEntries: number
  readonly replicaEntries: number
}

/**
 * The order of work, as rows of the pair table. `move`: directories that are renamed, and new ones that they go into,
 * ascending by path. `copy`: ascending by path. `remove`: what is no directory,
 * ascending, then directories (and what replaces full ones), descending, so children come before parents.
 * `finish`: metadata of directories that both sides have, descending.
 */
export interface PlanOrder {
  readonly move: Int32Array
  readonly copy: Int32Array
  readonly remove: Int32Array
  /** How many rows of `remove` are no directories. */
  readonly removeFiles: number
  readonly finish: Int32Array
}

interface PlanParts {
  readonly source: string
  readonly replica: string
  readonly pairs: PairTable
  readonly order: PlanOrder
  readonly withheld: ReadonlyMap<number, Withholding>
  readonly links?: PlannedLinks
  readonly moves?: PlannedMoves
  readonly totals: PlanTotals
  readonly refusals: readonly Refusal[]
  readonly problems: readonly Problem[]
  readonly residuals: readonly Residual[]
}

/**
 * The whole list of changes, decided before anything is written: what is shown by a dry run, judged by the
 * guards, executed and reported. Changes are made from columns while they are iterated.
 */
export class Plan {
  /** The roots, as absolute paths. */
  readonly source: string
  readonly replica: string
  readonly totals: PlanTotals
  /** Not empty when the guards refuse the plan. */
  readonly refusals: readonly Refusal[]
  /** What the scan met with. */
  readonly problems: readonly Problem[]
  /** What the replica cannot be given. */
  readonly residuals: readonly Residual[]
  private readonly parts: PlanParts

  constructor(parts: PlanParts) {
    this.source = parts.source
    this.replica = parts.replica
    this.totals = parts.totals
    this.refusals = parts.refusals
    this.problems = parts.problems
    this.residuals = parts.residuals
    this.parts = parts
  }

  /** The changes in the order they are done. May be iterated more than once. */
  get changes(): Iterable<Change> {
    return { [Symbol.iterator]: () => iterateChanges(this.parts) }
  }

  /** The rows behind the changes; for the executing side of this library. */
  get pairs(): PairTable {
    return this.parts.pairs
  }

  /** The order of the rows; for the executing side of this library. */
  get order(): PlanOrder {
    return this.parts.order
  }

  /** Which rows become names of what another row has; for the executing side of this library. */
  get links(): PlannedLinks {
    return this.parts.links ?? noLinks
  }

  /** Which rows get what the replica has under other names; for the executing side of this library. */
  get moves(): PlannedMoves {
    return this.parts.moves ?? noMoves
  }

  /** Bytes of content that a row writes. */
  bytesOf(row: number): number {
    return contentBytes(this.pairs, this, row)
  }

  /** Why a row is not done, if it is not. */
  withholding(row: number): Withholding | undefined {
    return this.parts.withheld.get(row)
  }

  /** The reasons there are for rows not to be done. */
  withholdings(): ReadonlySet<Withholding> {
    return new Set(this.parts.withheld.values())
  }

  /** The action of each row that is not done. */
  withheldActions(): readonly Action[] {
    return [...this.parts.withheld.keys()].flatMap(row => this.parts.pairs.action(row) ?? [])
  }

  /** The change of one row. */
  changeOf(row: number): Change {
    return changeOf(this.parts, row)
  }

  toJSON(): unknown {
    const { source, replica, totals, refusals, problems, residuals } = this
    return {
      source,
      replica,
      totals,
      refusals,
      problems,
      residuals,
      changes: [...this.changes].map(changeToJson),
    }
  }
}

function* iterateChanges(parts: PlanParts): Generator<Change> {
  for (const rows of [parts.order.move, parts.order.copy, parts.order.remove, parts.order.finish]) {
    for (const row of rows) yield changeOf(parts, row)
  }
}

function changeOf({ pairs, withheld, links = noLinks, moves = noMoves }: PlanParts, row: number): Change {
  const action = pairs.action(row)
  if (action === undefined) throw new RangeError(`row ${row} is no change`)
  const before = pairs.replica(row)
  const after = pairs.source(row)
  const shown = action === 'delete' ? before : after
  if (shown === undefined) throw new RangeError(`row ${row} has no entry`)
  const linkedTo = links.to.get(row)
  return {
    action,
    path: pathOfRow(pairs, row),
    kind: shown.kind,
    linkedTo: linkedTo === undefined ? undefined : pathOfRow(pairs, linkedTo),
    renamedFrom: renamedFrom(pairs, moves, row),
    before,
    after: action === 'delete' ? undefined : after,
    bytes: contentBytes(pairs, { links, moves }, row),
    reasons: reasonsOf(pairs.reasonBits(row)),
    withheld: withheld.get(row),
  }
}

/** Bytes of content that a row writes: none when it becomes a name of what another row has. */
export function contentBytes(
  pairs: PairTable,
  { links, moves }: { readonly links: PlannedLinks; readonly moves: PlannedMoves },
  row: number,
): number {
  const action = pairs.action(row)
  const writes = action === 'create' || action === 'update' || action === 'replace'
  return writes && !links.to.has(row) && !moves.files.has(row) ? pairs.sourceBytes(row) : 0
}

/** A change as plain JSON: 64-bit numbers become decimal strings. */
export function changeToJson(change: Change): Record<string, unknown> {
  return { ...change, before: entryToJson(change.before), after: entryToJson(change.after) }
}

function entryToJson(entry: Entry | undefined): Record<string, unknown> | undefined {
  if (entry === undefined) return undefined
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
  )
}

/** A count of nothing for each action. */
export function zeroByAction(): Record<Action, number> {
  return Object.fromEntries(actions.map(action => [action, 0])) as Record<Action, number>
}
