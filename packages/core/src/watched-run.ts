/** What a run has to mind whose source is watched, and which looks at no more than what was touched. */
import type { Entry } from './model/entry.js'
import { SyncError } from './model/errors.js'
import type { Plan } from './model/plan.js'
import type { Session } from './session.js'

/** INVARIANT: what is known of a folder says nothing about another that has taken its place. */
export function requireWatchedRoot({ watching, roots }: Pick<Session, 'watching' | 'roots'>): void {
  if (watching?.touched === undefined || watching.isWatched('', roots.source.entry)) return
  const message =
    'the source is no longer the folder that was watched: nothing was changed; all of it is read before anything is mirrored'
  throw new SyncError('root-refused', 26, message)
}

/** Other names of a changed file may lie in directories that this run passes by. */
export function tellOfLinks({ watching }: Pick<Session, 'watching'>, plan: Plan): void {
  if (watching?.touched === undefined) return
  for (const { action, before, after } of plan.changes)
    if (action !== 'delete' && (hasOtherNames(before) || hasOtherNames(after))) return watching.meetsLinks()
}

/** To a directory, links are what lies in it. */
function hasOtherNames(entry: Entry | undefined): boolean {
  return entry !== undefined && entry.kind !== 'directory' && entry.links > 1
}
