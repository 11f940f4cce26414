/**
 * The guard on a source that is not what it was when it was last mirrored well: not mounted, or another one in its
 * place. What is refused is a loss; a source that takes nothing from the replica may be any.
 *
 * - On another file system: whatever deletes or overwrites.
 * - Another folder on the same one, as each build makes that begins with `rm -rf`: what shrinks the replica by more than
 *   half, and either by more than a few entries or so that none stays; and what keeps not one name of it, unless the
 *   folder was made since.
 */
import type { PlanTotals, Refusal } from '../model/plan.js'
import type { SourceSeen } from '../model/source-seen.js'

export interface JudgedSource {
  readonly totals: PlanTotals
  readonly sourceSeen: SourceSeen
  /** Its path, safe to show. */
  readonly shownSource: string
}

export interface SourceGuardSettings {
  readonly allowNewSource: boolean
  readonly allowEmptySource: boolean
}

export function newSource(judged: JudgedSource, settings: SourceGuardSettings): Refusal | undefined {
  const { totals, sourceSeen, shownSource } = judged
  if (settings.allowNewSource || !isDangerous(judged, settings)) return undefined
  const overwritten = totals.byAction.update + totals.byAction.replace
  const found =
    sourceSeen === 'another file system'
      ? 'it lies on another file system, as when a disk is not mounted or a wrong one is'
      : 'it is another folder on the same file system, as when it was made anew or swapped for another'
  const deleted = totals.deletions === 1 ? '1 entry' : `${totals.deletions} entries`
  return {
    code: 'new-source',
    exitCode: 26,
    message:
      `the source "${shownSource}" is not what it was at the last good run, ${found}: ` +
      `${deleted} would be deleted from the replica and ${overwritten} overwritten; ` +
      'nothing was changed; if this is the source from now on, allow it with allowNewSource (--allow-new-source)',
  }
}

/** A small folder that is built again may have that many fewer by chance. */
const fewEntries = 10

function isDangerous({ totals, sourceSeen }: JudgedSource, settings: SourceGuardSettings): boolean {
  const { deletions, additions, replicaEntries, sourceEntries, byAction } = totals
  const net = deletions - additions
  const keepsNone = deletions > 0 && deletions === replicaEntries
  const shrinks = net * 2 > replicaEntries && (net > fewEntries || keepsNone)
  switch (sourceSeen) {
    case 'as before':
      return false
    case 'made anew':
      return shrinks && !(settings.allowEmptySource && sourceEntries === 0)
    case 'another folder':
      return shrinks || keepsNone
    case 'another file system':
      return deletions + byAction.update + byAction.replace > 0
  }
}
