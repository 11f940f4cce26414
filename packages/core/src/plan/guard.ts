/**
 * The guards on the whole plan, before anything is changed. (Those on the roots are in `tree/roots.ts`.)
 */
import type { PlanTotals, Refusal } from '../model/plan.js'

export interface GuardSettings {
  readonly delete: boolean
  readonly allowEmptySource: boolean
  readonly maxDelete: MaxDelete | undefined
}

/** A limit on deletions: so many entries, or a share of what the replica holds in scope. */
export type MaxDelete =
  | { readonly unit: 'entries'; readonly limit: number }
  | { readonly unit: 'percent'; readonly limit: number }

/** Why a plan must not be executed; empty when it may. */
export function judgePlan(totals: PlanTotals, settings: GuardSettings): readonly Refusal[] {
  return [emptySource(totals, settings), tooManyDeletions(totals, settings)].filter(
    refusal => refusal !== undefined,
  )
}

function emptySource(totals: PlanTotals, settings: GuardSettings): Refusal | undefined {
  if (settings.allowEmptySource || !settings.delete) return undefined
  if (totals.sourceEntries > 0 || totals.replicaEntries === 0) return undefined
  return {
    code: 'empty-source',
    exitCode: 26,
    message:
      `the source has nothing in scope, and the replica has ${entries(totals.replicaEntries)}: ` +
      'nothing was changed; if the source is meant to be empty, allow it with allowEmptySource (--allow-empty-source)',
  }
}

function tooManyDeletions(totals: PlanTotals, { maxDelete }: GuardSettings): Refusal | undefined {
  if (maxDelete === undefined) return undefined
  const limit =
    maxDelete.unit === 'entries' ? maxDelete.limit : shareOf(totals.replicaEntries, maxDelete.limit)
  if (totals.deletions <= limit) return undefined
  const allowed =
    maxDelete.unit === 'entries'
      ? entries(limit)
      : `${maxDelete.limit} % of ${entries(totals.replicaEntries)}`
  return {
    code: 'too-many-deletions',
    exitCode: 25,
    message:
      `${entries(totals.deletions)} would be deleted from the replica, and maxDelete (--max-delete) allows ` +
      `${allowed}: nothing was changed; look at a dry run, and raise the limit if that is what you want`,
  }
}

/** So many whole entries; 0.57 % of 10000 is 57, which doubles alone make a little less of. */
function shareOf(count: number, percent: number): number {
  return Math.floor(Number(((count * percent) / 100).toPrecision(12)))
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}
