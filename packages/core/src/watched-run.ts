/** What a run has to mind whose source is watched, and which looks at no more than what was touched. */
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
  for (const { kind, action, before, after } of plan.changes) {
    const links = Math.max(after?.links ?? 1, before?.links ?? 1)
    if (kind !== 'directory' && action !== 'delete' && links > 1) return watching.meetsLinks()
  }
}
