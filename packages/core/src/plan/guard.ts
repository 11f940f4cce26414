/**
 * The guards on the whole plan, before anything is changed. (Those on the roots are in `tree/roots.ts`.)
 */
import { type JudgedSource, newSource, type SourceGuardSettings } from './guard-source.js'
import type { RelativePath } from '../model/path.js'
import type { PlanTotals, Refusal } from '../model/plan.js'
import type { Loss } from './losses.js'

export interface GuardSettings extends SourceGuardSettings {
  readonly delete: boolean
  readonly maxDelete: MaxDelete | undefined
}

/** A limit on deletions: so many entries, or a share of what the replica holds in scope. */
export type MaxDelete =
  | { readonly unit: 'entries'; readonly limit: number }
  | { readonly unit: 'percent'; readonly limit: number }

/** What is judged. */
export interface Judged extends JudgedSource {
  /** What is lost most, the largest first. */
  readonly losses: readonly Loss[]
  /** Makes a path safe to show. */
  readonly shownPath: (path: RelativePath) => string
}

/** Without a limit of the caller's own, a replica may shrink by half, or by so many entries, whichever is more. */
const mayShrinkBy = 100

/** Why a plan must not be executed; empty when it may. */
export function judgePlan(judged: Judged, settings: GuardSettings): readonly Refusal[] {
  const { totals } = judged
  return [
    newSource(judged, settings),
    emptySource(totals, settings),
    settings.maxDelete === undefined
      ? shrinking(judged, settings)
      : tooManyDeletions(judged, settings.maxDelete),
  ].filter(refusal => refusal !== undefined)
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

function tooManyDeletions(judged: Judged, maxDelete: MaxDelete): Refusal | undefined {
  const { totals } = judged
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
      `${allowed}${most(judged)}: nothing was changed; look at a dry run, and raise the limit if that is what you want`,
  }
}

/**
 * Net of what is created, so that a folder that was renamed and a build whose files all have new names pass. Who allows
 * an empty source says already that all may go.
 */
function shrinking(judged: Judged, settings: GuardSettings): Refusal | undefined {
  const { deletions, additions, replicaEntries, sourceEntries } = judged.totals
  const lost = deletions - additions
  if (lost <= mayShrinkBy || lost * 2 <= replicaEntries) return undefined
  if (settings.allowEmptySource && sourceEntries === 0) return undefined
  return {
    code: 'too-many-deletions',
    exitCode: 25,
    message:
      `the replica would shrink from ${entries(replicaEntries)} to ${replicaEntries - lost}: ` +
      `${entries(deletions)} would be deleted and ${additions} created${most(judged)}: nothing was changed; ` +
      'if that is what you want, allow it with maxDelete (--max-delete), such as "100%"',
  }
}

/** Where most would be lost. */
function most({ losses, shownPath }: Judged): string {
  if (losses.length === 0) return ''
  const told = losses.map(({ path, entries: count, bytes }) => {
    return `${entries(count)} and ${bytes === 1 ? '1 byte' : `${bytes} bytes`} in "${path === '' ? '.' : shownPath(path)}"`
  })
  return ` (the most: ${told.join(', ')})`
}

/** So many whole entries; 0.57 % of 10000 is 57, which doubles alone make a little less of. */
function shareOf(count: number, percent: number): number {
  return Math.floor(Number(((count * percent) / 100).toPrecision(12)))
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`
}
