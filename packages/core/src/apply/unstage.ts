import type { ApplyContext } from './context.js'
import type { Place } from './place.js'

/** Removes what was made under a temporary name. */
export function unstage({ replica }: Pick<ApplyContext, 'replica'>, staged: Place): void {
  try {
    replica.tree.unlink(staged.directory, staged.name)
  } catch {
    // What cannot be removed now goes with the staging directory, or in the next run.
  }
}
